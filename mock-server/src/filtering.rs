//! Which items of a list a request wants, and in which order: filters, search and sort.
//!
//! They hold on computed and on changed items alike. A list of up to [`MOST`] places has an index, which is built when
//! it is first asked; a longer list refuses such a request.

mod index;
mod wanted;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use fixtures::{Selection, Timeline};
use openapi::ListFilter;

use self::index::Index;
pub(crate) use self::wanted::Wanted;

/// How many places a list may have.
pub(crate) const MOST: u64 = 100_000;
/// How many values all indexes may hold together.
const VALUES: usize = 4_000_000;

/// A list: whether it comes whole, its place in its world, and the key of its resource.
pub(crate) type ListKey = (bool, usize, Box<[String]>);

/// The indexes of lists that were filtered, searched or sorted.
#[derive(Debug, Default)]
pub(crate) struct Indexes(Mutex<HashMap<ListKey, Arc<Mutex<Index>>>>);

impl Indexes {
    /// The list as a request wants it; it has at most [`MOST`] places. `edits` is another number after each change.
    pub(crate) fn select(
        &self,
        key: ListKey,
        timeline: Timeline,
        wanted: &Wanted,
        edits: u64,
    ) -> Timeline {
        let index = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let values = |index: &Arc<Mutex<Index>>| {
                // One that is being built is not counted.
                index.try_lock().map_or(0, |index| index.values())
            };
            if !known.contains_key(&key) && known.values().map(values).sum::<usize>() > VALUES {
                known.clear();
            }
            Arc::clone(known.entry(key).or_default())
        };
        let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
        let selection: Arc<Selection> = index.select(&timeline, wanted, edits);
        drop(index);
        timeline.selecting(selection)
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }
}

/// The words for a list that is too long.
pub(crate) fn too_long(filters: &[ListFilter], timeline: &Timeline) -> String {
    let names = filters
        .iter()
        .map(|one| format!("`{}`", one.parameter.name));
    let names = names.collect::<Vec<_>>().join(", ");
    let places = timeline.places();
    format!(
        "{names}: lists of up to {MOST} items are filtered and sorted, and this one has {places}"
    )
}
