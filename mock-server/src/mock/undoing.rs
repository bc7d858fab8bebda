//! What was changed by hand in a collection, item by item, and the way back.

use std::sync::Arc;

use fixtures::{Caller, Difference, ManualChanges, Timeline, Unseen, Wanted};
use jiff::Timestamp;
use openapi::key_text;
use serde_json::Value;

use super::Mock;
use crate::collections::Store;

/// An item that differs from the computed list.
#[derive(Debug)]
pub(crate) struct ChangedItem {
    /// The key of its list: the values of the list's path, or the name of the owner.
    pub(crate) list: Box<[String]>,
    pub(crate) difference: Difference,
    /// Its key, as a path has it.
    pub(crate) key: String,
    /// The item as its list shows it; as it was, if it was removed.
    pub(crate) item: Value,
}

impl Mock {
    /// How many items of a collection were added, changed and removed.
    pub(crate) fn count_changed(&self, store: &Store) -> [u64; 3] {
        let mut counts = [0; 3];
        for (_, changes) in self.changed_lists(store) {
            for (_, difference) in changes.differences() {
                counts[difference as usize] += 1;
            }
        }
        counts
    }

    /// The items that differ, of the lists whose key is `wanted`: at most `most`, behind the first `after`; and how
    /// many there are in all.
    pub(crate) fn changed_items(
        &self,
        store: &Store,
        wanted: impl Fn(&[String]) -> bool,
        (after, most): (usize, usize),
        now: Timestamp,
    ) -> (Vec<ChangedItem>, usize) {
        let (mut items, mut count) = (Vec::new(), 0);
        for (list, changes) in self.changed_lists(store) {
            if !wanted(&list) {
                continue;
            }
            let Ok(timeline) = self.changed_list(store, &list, now) else {
                continue;
            };
            // After the clock was set back, a computed item may not have happened yet.
            let happened = |(place, _): &(u64, Difference)| *place < timeline.places();
            for (place, difference) in changes.differences().into_iter().filter(happened) {
                count += 1;
                if count > after && items.len() < most {
                    items.extend(changed_item(store, &list, &timeline, (place, difference)));
                }
            }
        }
        (items, count)
    }

    /// The items with these keys that differ, of the lists whose key is `wanted`.
    pub(crate) fn changed_among(
        &self,
        store: &Store,
        wanted: impl Fn(&[String]) -> bool,
        keys: &[String],
        now: Timestamp,
    ) -> Vec<ChangedItem> {
        let mut items = Vec::new();
        for (list, _) in self.changed_lists(store) {
            if !wanted(&list) {
                continue;
            }
            let Ok(timeline) = self.changed_list(store, &list, now) else {
                continue;
            };
            let found = keys.iter().filter_map(|key| timeline.difference(key));
            items.extend(found.filter_map(|found| changed_item(store, &list, &timeline, found)));
        }
        items
    }

    /// Takes back what was last done to an item of the list with this key. Returns how the item differed; `None` if it
    /// does not differ.
    pub(crate) fn undo(
        &self,
        store: &Store,
        list: &[String],
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Difference>, Unseen> {
        self.at_list(store, list, now, |(world, changes, place), wanted| {
            let undo = |timeline: Timeline| {
                let difference = timeline.difference(key);
                let edit = timeline.undo(key).map(|edit| [edit]);
                Ok(edit.zip(difference.map(|(_, difference)| difference)))
            };
            changes.edit(world, place, Caller::Anyone, wanted, now, undo)
        })
    }

    /// The lists of a collection that were changed, by their keys, in order.
    fn changed_lists(&self, store: &Store) -> Vec<(Box<[String]>, Arc<ManualChanges>)> {
        let home = self.home(store);
        home.map_or_else(Vec::new, |(_, changes, place)| changes.of(place))
    }

    fn changed_list(
        &self,
        store: &Store,
        list: &[String],
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        self.at_list(store, list, now, |(world, changes, place), wanted| {
            changes.see(world, place, Caller::Anyone, wanted, now)
        })
    }

    /// Calls `act` with the home of a collection, and with what names the list with this key there.
    fn at_list<T>(
        &self,
        store: &Store,
        list: &[String],
        now: Timestamp,
        act: impl FnOnce(super::collecting::HomeOf<'_>, Wanted<'_>) -> Result<T, Unseen>,
    ) -> Result<T, Unseen> {
        let home = self.home(store).ok_or(Unseen::Missing)?;
        let (world, _, place) = home;
        let by_key = Wanted::Key(list);
        if world.timeline(place, Caller::Anyone, by_key, now).is_ok() {
            return act(home, by_key);
        }
        // A list that no scenario names is made for its path.
        let names = store.collection.list.operation().path.parameters();
        let path: Vec<_> = names.zip(list.iter().cloned()).collect();
        act(home, Wanted::Path(&path))
    }
}

/// `None` if the item has no key, so that no request can name it.
fn changed_item(
    store: &Store,
    list: &[String],
    timeline: &Timeline,
    (place, difference): (u64, Difference),
) -> Option<ChangedItem> {
    let item: Value = serde_json::from_slice(&timeline.event_at(place)).ok()?;
    Some(ChangedItem {
        list: list.into(),
        difference,
        key: key_text(item.get(&store.collection.key)?)?,
        item,
    })
}
