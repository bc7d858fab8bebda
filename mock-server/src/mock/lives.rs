//! What lives: lists of events that begin when a client creates the thing that they belong to.
//!
//! The moment of creation and the owner are manual changes. The events follow from them, from the seed and from the
//! path, so that nothing grows with them.

use std::sync::Arc;

use fixtures::{Caller, Noise, Timeline, Unseen, Wanted, World, resource_id};
use jiff::Timestamp;
use openapi::{Contract, States};
use serde_json::{Map, Value};

use super::Mock;
use crate::changes::Kept;
use crate::collections::{Home, Store};

/// What is made of the id of a new thing: its record, and what to return.
type Made<T> = Option<(Map<String, Value>, T)>;

impl Mock {
    /// Begins the lists of events of an item that a client created at a path.
    pub(crate) fn begin_events(
        &self,
        store: &Store,
        caller: Caller,
        (above, key): (&[(&str, String)], &str),
        now: Timestamp,
    ) {
        for events in self.collections().events_of(store) {
            let Some((world, changes, place)) = self.home(events) else {
                continue;
            };
            let path = path_of(events, above, key);
            // A list whose document takes no such key has no events.
            let _begun = changes.begin(place, |kept: &Kept| {
                let at = (now, kept.created_of(place));
                world.live(place, &path, caller, at, None)
            });
        }
    }

    /// When the work on a thing begins and when it ends, in milliseconds since 1970, if it is created now.
    pub(crate) fn span_of_work(
        &self,
        store: &Store,
        caller: Caller,
        (above, key): (&[(&str, String)], &str),
        now: Timestamp,
    ) -> Option<(i64, i64)> {
        self.collections().events_of(store).find_map(|events| {
            let (world, _, place) = self.home(events)?;
            let path = path_of(events, above, key);
            let begun = world.live(place, &path, caller, (now, 0), None).ok()?;
            let begun = Arc::new(begun);
            let timeline = world.begun(place, &begun, Caller::Anyone, now)?.ok()?;
            timeline.span_of_work()
        })
    }

    /// Ends the events of an item to which a client gave this state.
    pub(crate) fn stop_events(
        &self,
        store: &Store,
        (above, key): (&[(&str, String)], &str),
        state: &Value,
        now: Timestamp,
    ) {
        let state = state.as_str().unwrap_or_default();
        for events in self.collections().events_of(store) {
            self.stop(events, &path_of(events, above, key), state, now);
        }
    }

    fn stop(&self, events: &Store, path: &[(&str, String)], state: &str, now: Timestamp) {
        let Some((world, changes, place)) = self.home(events) else {
            return;
        };
        let key: Vec<_> = path.iter().map(|(_, value)| value.clone()).collect();
        let list = &events.collection.list;
        // What has ended already stays as it is.
        let _stopped = changes.change_begun(world, place, &key, now, |timeline| {
            timeline.end_in_state(list, state).ok()
        });
    }

    /// Gives the item to which a list of events belongs the state that follows from its end. `place` is that of the list
    /// among those that page.
    pub(super) fn settle_item(&self, place: usize, timeline: &Timeline, now: Timestamp) {
        let known = self.collections();
        let is_it = |store: &&Store| {
            store.events.is_some() && matches!(store.home, Home::Paged(own) if own == place)
        };
        let settle = known.stores().find(is_it).and_then(|events| {
            let states = events.events.as_ref()?.states.as_ref()?;
            let state = state_at_end(states, &events.collection.list, timeline)?;
            let store = known.parent(events)?;
            let (key, above) = timeline.resource_key().split_last()?;
            let names = store.collection.list.operation().path.parameters();
            let path: Vec<_> = names.zip(above.iter().cloned()).collect();
            let (world, changes, place) = self.home(store)?;
            let caller = Caller::Owner(timeline.owner());
            let wanted = Wanted::Path(&path);
            let settle = |list: Timeline| -> Result<_, Unseen> {
                let place = list.find(key).ok_or(Unseen::Missing)?;
                let item = list.kept(place).and_then(|kept| {
                    kept.settled_at(now.as_millisecond(), &states.property, &state)
                });
                Ok(item.map(|item| ([list.rewrite(place, item)], ())))
            };
            changes.edit(world, place, caller, wanted, now, settle).ok()
        });
        // An item that has its last state already stays as it is.
        let _settled = settle.flatten();
    }

    /// Ends the lists of events of an item that was deleted.
    pub(crate) fn end_events(&self, store: &Store, (above, key): (&[(&str, String)], &str)) {
        for events in self.collections().events_of(store) {
            if let Some((world, changes, place)) = self.home(events) {
                let path = path_of(events, above, key);
                let key: Vec<_> = path.into_iter().map(|(_, value)| value).collect();
                changes.delete_begun(world, place, &key);
            }
        }
    }

    /// Creates a thing that no list shows, and begins its list of events. `make` makes its record from its id; if it
    /// returns `None`, nothing is created. So it is if the document takes no such id.
    pub(crate) fn create_thing<T>(
        &self,
        store: &Store,
        caller: Caller,
        above: &[(&str, String)],
        now: Timestamp,
        make: impl FnOnce(&str) -> Made<T>,
    ) -> Option<T> {
        let (world, changes, place) = self.home(store)?;
        let mut answer = None;
        let begun = changes.begin(place, |kept| {
            let list = &store.collection.list;
            let (id, number) = self
                .free_id(kept, (world, place), list, Some(store))
                .ok_or(())?;
            let (record, done) = make(&id).ok_or(())?;
            answer = Some(done);
            let path = path_of(store, above, &id);
            let begun = world.live(place, &path, caller, (now, number), Some(record));
            begun.map_err(drop)
        });
        answer.filter(|_| begun.is_ok())
    }

    /// The events of a thing that no list shows; `None` if it was not created.
    pub(crate) fn thing(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Option<Timeline>, Unseen> {
        let Some((world, changes, place)) = self.home(store) else {
            return Ok(None);
        };
        let timeline = match changes.see(world, place, caller, Wanted::Path(path), now) {
            Ok(timeline) => timeline,
            Err(Unseen::Foreign) => return Err(Unseen::Foreign),
            // A client created something here, so the list knows which things there are.
            Err(Unseen::Missing) if changes.created().contains_key(&place) => {
                return Err(Unseen::Missing);
            }
            Err(Unseen::Missing) => return Ok(None),
        };
        Ok(Some(timeline).filter(|timeline| timeline.record().is_some()))
    }

    /// Gives a thing that no list shows another record, and ends its events if a client gave it this state.
    pub(crate) fn change_thing(
        &self,
        store: &Store,
        path: &[(&str, String)],
        (record, state): (Map<String, Value>, Option<Value>),
        now: Timestamp,
    ) {
        if let Some((world, changes, place)) = self.home(store) {
            let key: Vec<_> = path.iter().map(|(_, value)| value.clone()).collect();
            let _changed = changes.change_begun(world, place, &key, now, |timeline| {
                Some(timeline.with_record(record))
            });
        }
        if let Some(state) = state {
            self.stop(store, path, state.as_str().unwrap_or_default(), now);
        }
    }

    /// Deletes a thing that no list shows.
    pub(crate) fn delete_thing(&self, store: &Store, path: &[(&str, String)]) {
        if let Some((world, changes, place)) = self.home(store) {
            let key: Vec<_> = path.iter().map(|(_, value)| value.clone()).collect();
            changes.delete_begun(world, place, &key);
        }
    }

    /// The first computed id behind those of earlier creations that is free, and its number; `None` if none is. `store`
    /// knows what the id of a thing looks like.
    pub(crate) fn free_id(
        &self,
        kept: &Kept,
        (world, place): (&World, usize),
        list: &Contract,
        store: Option<&Store>,
    ) -> Option<(String, u64)> {
        /// How many ids are tried. Where a schema takes few, those that are free lie far apart.
        const TRIED: u64 = 10_000;
        let example = world.example_id(place);
        let noise = Noise::new(self.plan.seed).at(&list.name()).at("created");
        let first = kept.created_of(place);
        let shown = store.and_then(|store| {
            let events = store.events.as_ref()?;
            events.item.property(&events.key)
        });
        // The ids of other resources are no examples where the thing says what its id looks like.
        let example = example.filter(|_| shown.is_none());
        let mut ids = (first..first.saturating_add(TRIED)).map_while(|number| {
            let id = resource_id(list, shown.as_ref(), example, noise.number(number))?;
            Some((id, number))
        });
        ids.find(|(id, _)| !kept.is_taken(world, place, id))
    }
}

/// The state of a thing whose events have come to an end. `None` if they have not.
pub(crate) fn state_at_end(states: &States, list: &Contract, timeline: &Timeline) -> Option<Value> {
    let event: Value = serde_json::from_slice(&timeline.last_of_ended()?).ok()?;
    let life = list.pagination().lifecycle.as_ref();
    let kind = life.and_then(|life| life.at.get(&event)?.as_str());
    let is_bad = kind.is_some_and(|kind| {
        let kind = kind.to_lowercase();
        kind.contains("fail") || kind.contains("error")
    });
    let failed = states.failed.as_ref().filter(|_| is_bad);
    Some(failed.unwrap_or(&states.done).clone())
}

/// The path values of a list of events that belongs to the thing with this key.
fn path_of<'s>(events: &'s Store, above: &[(&str, String)], key: &str) -> Vec<(&'s str, String)> {
    let names = events.collection.list.operation().path.parameters();
    let values = above.iter().map(|(_, value)| value.clone());
    names.zip(values.chain([key.to_owned()])).collect()
}
