//! Which items of a list a request wants, and in which order: filters, search and sort.
//!
//! They hold on computed and on changed items alike. A list of up to [`MOST`] places has an index, which is built when
//! it is first asked. Of a longer list, arithmetic chooses: bounds of the property that orders it, values of properties
//! that have few, and keys of items of another list. Any other request is refused.

mod index;
mod range;
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
/// How many lists a range is kept of.
const RANGES: usize = 64;

/// A list: whether it comes whole, its place in its world, and the key of its resource.
pub(crate) type ListKey = (bool, usize, Box<[String]>);

/// The indexes of lists that were filtered, searched or sorted.
#[derive(Debug, Default)]
pub(crate) struct Indexes(
    Mutex<HashMap<ListKey, Arc<Mutex<Index>>>>,
    Mutex<HashMap<ListKey, Ranged>>,
);

/// The last range of a list: what was wanted, the numbers of edits, of items that became something else and of places
/// then, and what was chosen.
type Ranged = (Wanted, (u64, u64, u64), Arc<Selection>);

impl Indexes {
    /// The list as a request wants it, however long it is; `None` if that takes an index.
    pub(crate) fn select_range(
        &self,
        key: ListKey,
        timeline: &Timeline,
        wanted: &Wanted,
        edits: u64,
    ) -> Option<Timeline> {
        let version = (edits, timeline.turned(), timeline.places());
        let mut known = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last, is, selection)) = known.get(&key)
            && (last, is) == (wanted, &version)
        {
            return Some(chosen(timeline, wanted, Arc::clone(selection)));
        }
        let selection = Arc::new(range::selection(timeline, wanted)?);
        if known.len() >= RANGES {
            known.clear();
        }
        known.insert(key, (wanted.clone(), version, Arc::clone(&selection)));
        drop(known);
        Some(chosen(timeline, wanted, selection))
    }

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
        let mut ranges = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        ranges.clear();
    }
}

/// The list with what arithmetic chose, in the wanted direction of its own order.
fn chosen(timeline: &Timeline, wanted: &Wanted, selection: Arc<Selection>) -> Timeline {
    let timeline = timeline.clone().selecting(selection);
    match wanted.sorted_direction() {
        Some(direction) => timeline.in_direction(direction),
        None => timeline,
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
        "{names}: lists of up to {MOST} items are filtered by any of them and sorted, longer ones filtered by bounds of \
         what orders them, by properties of few values and by keys of one other list, and this one has {places}"
    )
}
