//! What a document holds as values: its text, its root with overlays applied, and its compiled schemas.
//!
//! Operations and schemas point into it. It knows neither, so that a document can keep both without a
//! circle of counted references.

pub(crate) mod asked;
mod compiled;
mod unreferenced;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde_json::Value;

pub(crate) use self::compiled::{Built, Compiled, handed_on};
use crate::chart::{Chart, MadeOf};
use crate::origin::Origins;
use crate::references::Root;
use crate::source::Misfit;
use crate::version::Version;
use crate::{Problem, Source, pointer};

/// The values of a document, and what was compiled from them.
pub(crate) struct Tree {
    pub(crate) source: Source,
    pub(crate) version: Version,
    pub(crate) root: Root,
    origins: Origins,
    /// By the schema's pointer.
    compiled: Mutex<HashMap<String, Arc<Compiled>>>,
    chart: RwLock<Chart>,
    /// By the schema's pointer.
    types: Mutex<HashMap<String, Arc<[&'static str]>>>,
}

impl Tree {
    pub(crate) fn new(source: Source, version: Version, root: Value, origins: Origins) -> Self {
        Self {
            source,
            version,
            root: Root::new(root),
            origins,
            compiled: Mutex::default(),
            chart: RwLock::default(),
            types: Mutex::default(),
        }
    }

    /// The value at a JSON pointer; `$ref`s are not followed.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        pointer::find(&self.root, pointer)
    }

    /// The pointer that a chain of `$ref`s from `pointer` ends at.
    pub(crate) fn follow(&self, pointer: &str) -> String {
        self.root.follow(pointer)
    }

    /// The file that wrote `pointer`, and the pointer in that file.
    pub(crate) fn origin(&self, pointer: &str) -> (&Source, String) {
        self.origins
            .locate(pointer)
            .unwrap_or_else(|| (&self.source, pointer.to_owned()))
    }

    /// A problem at `pointer`, placed in the document or in the overlay that wrote it.
    pub(crate) fn problem(&self, pointer: &str, message: String) -> Problem {
        let (source, inner) = self.origin(pointer);
        source.problem(&inner, message)
    }

    /// The first `limit` misfits as warnings, and a last warning that counts the others.
    pub(crate) fn warnings(&self, misfits: Vec<Misfit>, limit: usize) -> Vec<Problem> {
        let more = misfits.len().saturating_sub(limit);
        let shown = misfits.into_iter().take(limit).collect();
        let mut problems = self.origins.problems(&self.source, shown);
        if more > 0 {
            let message = format!("{}: {more} more parts cannot be read", self.source.name());
            problems.push(Problem::new(message).cure("correct those above first"));
        }
        problems.into_iter().map(Problem::into_warning).collect()
    }

    /// The schema at `pointer`, compiled when it is first used.
    pub(crate) fn compiled(&self, pointer: &str) -> Arc<Compiled> {
        let mut compiled = locked(&self.compiled);
        if let Some(known) = compiled.get(pointer) {
            return Arc::clone(known);
        }
        let new = Arc::new(Compiled::new(pointer));
        compiled.insert(pointer.to_owned(), Arc::clone(&new));
        new
    }

    /// Calls `look` with the chart of the schemas, and the place in it of the one at `pointer`; see [`Chart::add`].
    pub(crate) fn charted<T>(
        &self,
        pointer: &str,
        keyword: &str,
        read: impl Fn(&str) -> MadeOf,
        says: impl Fn(&str) -> Option<Value>,
        look: impl FnOnce(&Chart, usize) -> T,
    ) -> T {
        let chart = self.chart.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = chart.known(pointer, keyword) {
            return look(&chart, place);
        }
        drop(chart);
        let mut chart = self.chart.write().unwrap_or_else(PoisonError::into_inner);
        let place = chart.add(pointer, keyword, read, says);
        look(&chart, place)
    }

    /// The types that the schema at `pointer` accepts; the first call collects them.
    pub(crate) fn types(
        &self,
        pointer: &str,
        collect: impl FnOnce() -> Arc<[&'static str]>,
    ) -> Arc<[&'static str]> {
        let known = locked(&self.types).get(pointer).cloned();
        known.unwrap_or_else(|| {
            let types = collect();
            locked(&self.types).insert(pointer.to_owned(), Arc::clone(&types));
            types
        })
    }
}

/// The caches are only added to, so a panic while one is locked leaves nothing half-written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
