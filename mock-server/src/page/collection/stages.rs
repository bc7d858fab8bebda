//! The stages of an item whose events happen while it lives: its state follows them until a client sets it.

use fixtures::Later;
use jiff::Timestamp;
use openapi::States;
use serde_json::{Map, Value};

use super::record::{Change, Shapes};
use super::{Asked, OfCollection, fresh};

impl OfCollection<'_> {
    /// The fields of a new item at its first stage, and what it becomes later. `sent` is what the client said of it: a
    /// state of its own stays.
    pub(super) fn stages(
        &self,
        shapes: &Shapes,
        fields: Map<String, Value>,
        sent: &Map<String, Value>,
        key: &str,
    ) -> (Map<String, Value>, Vec<Later>) {
        let Some(states) = self.states() else {
            return (fields, Vec::new());
        };
        if sent.contains_key(&states.property) && shapes.may_change(&states.property) {
            return (fields, Vec::new());
        }
        let Asked {
            mock,
            caller,
            captures,
            now,
            ..
        } = self.asked;
        let span = mock.span_of_work(self.store, caller, (captures, key), now);
        let Some((begins, ends)) = span else {
            return (fields, Vec::new());
        };
        let first = (states.property.clone(), Some(states.first().clone()));
        let fields = shapes.settle(fields, &[first]);
        let working = states.waiting.as_ref().and(states.working.as_ref());
        let moments = [(begins, working), (ends, Some(&states.done))];
        let (mut later, mut last) = (Vec::new(), fields.clone());
        for (at, value) in moments {
            let (Some(value), Ok(moment)) = (value, Timestamp::from_millisecond(at)) else {
                continue;
            };
            let changes = fresh::set(&[(states.property.clone(), value.clone())], shapes, moment);
            let changes = fresh::touched(changes, &last, shapes, moment);
            last = shapes.settle(last, &changes);
            later.extend(at_moment(shapes, at, last.clone()));
        }
        (fields, later)
    }

    /// What an item becomes later, with these changes.
    pub(super) fn later(&self, shapes: &Shapes, later: &[Later], changes: &[Change]) -> Vec<Later> {
        let now = self.asked.now.as_millisecond();
        let later = later.iter().filter(|one| one.at > now);
        let later = later.filter_map(|one| {
            at_moment(shapes, one.at, shapes.settle(one.record.clone(), changes))
        });
        later.collect()
    }

    /// The state that a client gave to an item, if it is another one than before.
    pub(super) fn new_state(
        &self,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Option<Value> {
        let property = &self.states()?.property;
        let state = after.get(property)?;
        (before.get(property) != Some(state)).then(|| state.clone())
    }

    /// The states of the items, if events happen while they live.
    pub(super) fn states(&self) -> Option<&States> {
        let own = self.store.events.as_ref();
        let own = own.and_then(|events| events.states.as_ref());
        own.or_else(|| {
            let mut events = self.asked.mock.collections().events_of(self.store);
            events.find_map(|one| one.events.as_ref()?.states.as_ref())
        })
    }
}

fn at_moment(shapes: &Shapes, at: i64, record: Map<String, Value>) -> Option<Later> {
    let listed = shapes.listed(&record)?.to_string().into_bytes();
    Some(Later { at, record, listed })
}
