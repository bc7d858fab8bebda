//! Collections: their lists as a caller sees them, and changes to their items.

use fixtures::{Caller, Edit, Timeline, Unseen, Wanted, World};
use jiff::Timestamp;
use openapi::key_text;
use serde_json::Value;

use super::Mock;
use crate::changes::Changes;
use crate::collections::{Collections, Home, Store};
use crate::kind::TimelineRoute;
use crate::route::Route;

/// How many items are looked at, at each end of a list, to find an item of the lists that belong to them.
const LOOKED: u64 = 500;
/// How many items of several lists are looked at for the same.
const MOST_KEYS: usize = 1000;

/// The names and values of a path's parameters.
type PathValues<'p> = Vec<(&'p str, String)>;

/// Where a collection lies: its world, the manual changes to that, and the place of its list there.
pub(super) type HomeOf<'m> = (&'m World, &'m Changes, usize);

/// What is known of the item that a list belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Parent {
    /// A client created it. Its lists begin empty.
    Created,
    /// It is computed, or no collection has it.
    Computed,
}

impl Mock {
    /// The collections; found at the first call.
    pub(crate) fn collections(&self) -> &Collections {
        self.collections
            .get_or_init(|| Collections::of(&self.plan, &self.world))
    }

    /// The timeline of a list that pages, as `caller` sees it now. It is missing if the item that it belongs to was
    /// deleted.
    pub(crate) fn see_list(
        &self,
        route: &Route,
        paged: &TimelineRoute,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        // While nothing was changed, no item ended or began a list.
        let known = (self.edits() > 0).then(|| self.collections());
        match known.and_then(|known| known.member(route)) {
            Some((store, _)) => self.look(store, caller, path, now),
            None => self.see(paged, caller, Wanted::Path(path), now),
        }
    }

    /// The list of a collection at these path values, as `caller` sees it now.
    pub(crate) fn look(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        let parent = self.parent(store, caller, path, now)?;
        let timeline = self.see_own(store, caller, path, now)?;
        Ok(begun(timeline, parent))
    }

    /// The list of a collection, whatever became of the item that it belongs to.
    fn see_own(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Timeline, Unseen> {
        let (world, changes, place) = self.home(store).ok_or(Unseen::Missing)?;
        changes.see(world, place, caller, Wanted::Path(path), now)
    }

    /// Changes the list of a collection at these path values. `change` returns the changes to items and what to
    /// return; if it returns `None`, nothing changes.
    pub(crate) fn edit<T, I: IntoIterator<Item = Edit>, E: From<Unseen>>(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
        change: impl FnOnce(&Timeline) -> Result<Option<(I, T)>, E>,
    ) -> Result<Option<T>, E> {
        let parent = self.parent(store, caller, path, now)?;
        let (world, changes, place) = self.home(store).ok_or(Unseen::Missing)?;
        let change = |timeline| change(&begun(timeline, parent));
        changes.edit(world, place, caller, Wanted::Path(path), now, change)
    }

    /// The path values of the list that has the item with this key, among the lists that belong to the items above;
    /// `above` leads to those. An item that was deleted is found, too.
    ///
    /// The lists of the first and the last items above are looked through, and all lists that were changed.
    pub(crate) fn list_of<'s>(
        &'s self,
        store: &'s Store,
        caller: Caller,
        above: &[(&'s str, String)],
        key: &str,
        now: Timestamp,
    ) -> Option<PathValues<'s>> {
        self.lists_below(store, caller, above, now)?
            .into_iter()
            .find(|path| {
                let timeline = self.look(store, caller, path, now);
                timeline.is_ok_and(|timeline| timeline.find(key).is_some() || timeline.is_gone(key))
            })
    }

    /// The path values of the lists that belong to the items of the list at `above`. If no collection has those items,
    /// of the lists that were changed.
    fn lists_below<'s>(
        &'s self,
        store: &'s Store,
        caller: Caller,
        above: &[(&'s str, String)],
        now: Timestamp,
    ) -> Option<Vec<PathValues<'s>>> {
        let name = store.collection.list.operation().path.parameters().last()?;
        let mut keys = self
            .keys_above(store, caller, above, now)
            .unwrap_or_default();
        for key in self.changed_below(store, above) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let paths = keys.into_iter().map(|key| {
            let mut path = above.to_vec();
            path.push((name, key));
            path
        });
        Some(paths.collect())
    }

    /// The keys of the first and the last items of the list at `above`, to which lists of the collection belong.
    fn keys_above(
        &self,
        store: &Store,
        caller: Caller,
        above: &[(&str, String)],
        now: Timestamp,
    ) -> Option<Vec<String>> {
        let parent = self.collections().parent(store)?;
        if self.is_defective(parent) {
            return None;
        }
        if store.collection.parent_is_elsewhere {
            let lists = self.lists_below(parent, caller, above, now)?;
            let keys = lists
                .iter()
                .filter_map(|path| self.keys_in(parent, caller, path, now));
            return Some(keys.flatten().take(MOST_KEYS).collect());
        }
        if parent.width() != above.len() {
            return None;
        }
        self.keys_in(parent, caller, above, now)
    }

    /// The keys of the first and the last items of a list.
    fn keys_in(
        &self,
        parent: &Store,
        caller: Caller,
        above: &[(&str, String)],
        now: Timestamp,
    ) -> Option<Vec<String>> {
        let timeline = self.look(parent, caller, above, now).ok()?;
        let length = timeline.len();
        let last = length.saturating_sub(LOOKED).max(LOOKED.min(length))..length;
        let ranks = (0..LOOKED.min(length)).chain(last);
        let keys = ranks.filter_map(|rank| {
            let item: Value = serde_json::from_slice(&timeline.event(rank)?).ok()?;
            key_text(item.get(&parent.collection.key)?)
        });
        Some(keys.collect())
    }

    /// The key of an item that is there, if the path of an operation names one. `path` leads to the list.
    pub(crate) fn known_key<'s>(
        &'s self,
        route: &Route,
        caller: Caller,
        path: &[(&'s str, String)],
        now: Timestamp,
    ) -> Option<String> {
        let (store, member) = self.collections().member(route)?;
        if !member.act.is_of_item() || store.events.is_some() || self.is_defective(store) {
            return None;
        }
        let first = |path: &[(&str, String)]| {
            let key = self.first_key(store, caller, path, now)?;
            key_text(&key)
        };
        if member.is_elsewhere {
            let above: PathValues<'_> = path.to_vec();
            let lists = self.lists_below(store, caller, &above, now)?;
            return lists.iter().find_map(|path| first(path));
        }
        first(path)
    }

    /// The key of the first item that the list at these path values has.
    pub(crate) fn first_key(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Option<Value> {
        if self.is_defective(store) {
            return None;
        }
        let timeline = self.look(store, caller, path, now).ok()?;
        let mut item: Value = serde_json::from_slice(&timeline.event(0)?).ok()?;
        let key = item.get_mut(&store.collection.key)?.take();
        key_text(&key).is_some().then_some(key)
    }

    /// Whether a client changed a list of the collection.
    pub(crate) fn is_changed(&self, store: &Store) -> bool {
        let home = self.home(store);
        home.is_some_and(|(_, changes, place)| !changes.keys_of(place).is_empty())
    }

    /// Whether no items suit the document, so that the operations of a collection answer with examples.
    pub(crate) fn is_defective(&self, store: &Store) -> bool {
        self.home(store)
            .is_none_or(|(world, _, place)| world.defect(place).is_some())
    }

    pub(super) fn home(&self, store: &Store) -> Option<HomeOf<'_>> {
        match store.home {
            Home::Paged(place) => Some((&self.world, &self.changes, place)),
            Home::Whole(place) => {
                let world = self.collections().whole()?;
                Some((world, &self.whole_changes, place))
            }
        }
    }

    /// What is known of the item that the list at these path values belongs to. Fails if it was deleted, or if the item
    /// above it was.
    fn parent(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Parent, Unseen> {
        let Some(parent) = self.collections().parent(store) else {
            return Ok(Parent::Computed);
        };
        if self.is_defective(parent) {
            return Ok(Parent::Computed);
        }
        if store.collection.parent_is_elsewhere {
            return match path.split_last() {
                Some(((_, key), above)) => self.parent_elsewhere(parent, caller, (above, key), now),
                None => Ok(Parent::Computed),
            };
        }
        let Some((above, [(_, key), ..])) = path.split_at_checked(parent.width()) else {
            return Ok(Parent::Computed);
        };
        let of_parent = self.parent(parent, caller, above, now)?;
        // The world deals out each list by itself: the list above may be another caller's.
        let Ok(timeline) = self.see_own(parent, caller, above, now) else {
            return Ok(Parent::Computed);
        };
        let timeline = begun(timeline, of_parent);
        match timeline.find(key) {
            Some(place) if timeline.was_added(place) => Ok(Parent::Created),
            None if timeline.is_gone(key) => Err(Unseen::Missing),
            // Each path has a list, so that an id of elsewhere may be sent.
            Some(_) | None => Ok(Parent::Computed),
        }
    }
}

impl Mock {
    /// What is known of an item that is named without the item above it. Fails if it was deleted, or if the one above
    /// it was.
    ///
    /// Only lists that were changed, and those of items that were deleted, can say more than that it is computed.
    fn parent_elsewhere(
        &self,
        store: &Store,
        caller: Caller,
        (above, key): (&[(&str, String)], &str),
        now: Timestamp,
    ) -> Result<Parent, Unseen> {
        let Some(name) = store.collection.list.operation().path.parameters().last() else {
            return Ok(Parent::Computed);
        };
        let at = |last: String| {
            let mut path = above.to_vec();
            path.push((name, last));
            path
        };
        for last in self.changed_below(store, above) {
            let path = at(last);
            let Ok(timeline) = self.see_own(store, caller, &path, now) else {
                continue;
            };
            if timeline.is_gone(key) {
                return Err(Unseen::Missing);
            }
            if let Some(place) = timeline.find(key) {
                self.parent(store, caller, &path, now)?;
                return Ok(if timeline.was_added(place) {
                    Parent::Created
                } else {
                    Parent::Computed
                });
            }
        }
        let ended = self.deleted_above(store, caller, above, now).into_iter();
        let mut ended = ended.filter_map(|last| self.see_own(store, caller, &at(last), now).ok());
        if ended.any(|timeline| timeline.find(key).is_some()) {
            return Err(Unseen::Missing);
        }
        Ok(Parent::Computed)
    }

    /// The last path values of the lists at `above` that were changed.
    fn changed_below(&self, store: &Store, above: &[(&str, String)]) -> Vec<String> {
        let Some((_, changes, place)) = self.home(store) else {
            return Vec::new();
        };
        let keys = changes.keys_of(place).into_iter().filter_map(|changed| {
            let (key, before) = changed.split_last()?;
            let is_here = before.iter().eq(above.iter().map(|(_, value)| value));
            is_here.then(|| key.clone())
        });
        keys.collect()
    }

    /// The keys of the items at `above` to which lists of the collection belonged, and which were deleted.
    fn deleted_above(
        &self,
        store: &Store,
        caller: Caller,
        above: &[(&str, String)],
        now: Timestamp,
    ) -> Vec<String> {
        let parent = self.collections().parent(store);
        let parent = parent.filter(|parent| {
            parent.width() == above.len() && self.is_changed(parent) && !self.is_defective(parent)
        });
        let timeline = parent.and_then(|parent| {
            let timeline = self.see_own(parent, caller, above, now).ok()?;
            Some((parent, timeline))
        });
        let Some((parent, timeline)) = timeline else {
            return Vec::new();
        };
        let removed = timeline.removed_places().into_iter();
        let keys = removed.filter_map(|place| {
            let item: Value = serde_json::from_slice(&timeline.event_at(place)).ok()?;
            key_text(item.get(&parent.collection.key)?)
        });
        keys.collect()
    }
}

/// The timeline of a list, without computed items if the item that it belongs to was created and it did not
/// begin with that.
fn begun(timeline: Timeline, parent: Parent) -> Timeline {
    match parent {
        Parent::Created if timeline.is_begun() => timeline,
        Parent::Created => timeline.without_computed(),
        Parent::Computed => timeline,
    }
}
