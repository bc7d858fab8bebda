//! What a document holds as values: its text, its root with overlays applied, and its compiled schemas.
//!
//! Operations and schemas point into it. It knows neither, so that a document can keep both without a
//! circle of counted references.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use crate::chart::Chart;
use crate::origin::Origins;
use crate::source::Misfit;
use crate::version::Version;
use crate::{Problem, Source, dialect, pointer, references, ulid};

/// The URI under which the validators know the whole document.
const BASE: &str = "eventline:///document";

/// The values of a document, and what was compiled from them.
pub(crate) struct Tree {
    pub(crate) source: Source,
    pub(crate) version: Version,
    pub(crate) root: Value,
    origins: Origins,
    registry: OnceLock<Result<Registry<'static>, String>>,
    validators: Mutex<HashMap<String, Compiled>>,
    /// By keyword, then by the schema's pointer.
    charts: Mutex<HashMap<String, HashMap<String, Arc<Chart>>>>,
    /// By the schema's pointer.
    types: Mutex<HashMap<String, Arc<[&'static str]>>>,
}

type Compiled = Arc<Result<Validator, String>>;

impl Tree {
    pub(crate) fn new(source: Source, version: Version, root: Value, origins: Origins) -> Self {
        Self {
            source,
            version,
            root,
            origins,
            registry: OnceLock::new(),
            validators: Mutex::default(),
            charts: Mutex::default(),
            types: Mutex::default(),
        }
    }

    /// The value at a JSON pointer; `$ref`s are not followed.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        pointer::find(&self.root, pointer)
    }

    /// The pointer that a chain of `$ref`s from `pointer` ends at.
    pub(crate) fn follow(&self, pointer: &str) -> String {
        references::follow(&self.root, pointer)
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

    pub(crate) fn validator(&self, pointer: &str) -> Compiled {
        let mut validators = locked(&self.validators);
        if let Some(known) = validators.get(pointer) {
            return Arc::clone(known);
        }
        let compiled = Arc::new(self.compile(pointer));
        validators.insert(pointer.to_owned(), Arc::clone(&compiled));
        compiled
    }

    /// The chart of the schema at `pointer` for `keyword`; the first call draws it.
    pub(crate) fn chart(
        &self,
        pointer: &str,
        keyword: &str,
        draw: impl FnOnce() -> Arc<Chart>,
    ) -> Arc<Chart> {
        let known = locked(&self.charts)
            .get(keyword)
            .and_then(|of| of.get(pointer).cloned());
        known.unwrap_or_else(|| {
            let chart = draw();
            let mut charts = locked(&self.charts);
            let of = charts.entry(keyword.to_owned()).or_default();
            of.insert(pointer.to_owned(), Arc::clone(&chart));
            chart
        })
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

    fn compile(&self, pointer: &str) -> Result<Validator, String> {
        let draft = self.version.draft();
        let registry = self.registry.get_or_init(|| {
            let resource = draft.create_resource(dialect::for_validators(&self.root, self.version));
            let builder = Registry::new().add(BASE, resource);
            builder
                .and_then(jsonschema::RegistryBuilder::prepare)
                .map_err(|error| error.to_string())
        });
        let registry = registry.as_ref().map_err(Clone::clone)?;
        let fragment = pointer::to_fragment(pointer);
        jsonschema::options()
            .with_draft(draft)
            .with_registry(registry)
            .offline()
            .should_validate_formats(true)
            .with_format("ulid", ulid::ulid_is_well_formed)
            .build(&json!({ "$ref": format!("{BASE}{fragment}") }))
            .map_err(|error| error.to_string())
    }
}

/// The caches are only added to, so a panic while one is locked leaves nothing half-written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
