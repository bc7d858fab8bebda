//! What lives: lists of events that begin when a client creates the thing that they belong to.
//!
//! The moment of creation and the owner are manual changes. The events follow from them, from the seed and from the
//! path, so that nothing grows with them.

use fixtures::{Caller, Noise, Unseen, Wanted, World, resource_id};
use jiff::Timestamp;
use openapi::Contract;
use serde_json::{Map, Value};

use super::Mock;
use crate::changes::Kept;
use crate::collections::Store;

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

    /// What answers show of a thing that no list shows; `None` if it was not created.
    pub(crate) fn thing(
        &self,
        store: &Store,
        caller: Caller,
        path: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Option<Map<String, Value>>, Unseen> {
        let Some((world, changes, place)) = self.home(store) else {
            return Ok(None);
        };
        let timeline = match changes.see(world, place, caller, Wanted::Path(path), now) {
            Ok(timeline) => timeline,
            Err(Unseen::Foreign) => return Err(Unseen::Foreign),
            // Once something was created, what is not there is missing.
            Err(Unseen::Missing) if changes.created().contains_key(&place) => {
                return Err(Unseen::Missing);
            }
            Err(Unseen::Missing) => return Ok(None),
        };
        Ok(timeline.record().cloned())
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

/// The path values of a list of events that belongs to the thing with this key.
fn path_of<'s>(events: &'s Store, above: &[(&str, String)], key: &str) -> Vec<(&'s str, String)> {
    let names = events.collection.list.operation().path.parameters();
    let values = above.iter().map(|(_, value)| value.clone());
    names.zip(values.chain([key.to_owned()])).collect()
}
