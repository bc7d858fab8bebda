//! Operations on a thing that no list shows, and whose events a list has: it is created, read, changed and deleted.

use fixtures::{Timeline, Unseen};
use http::StatusCode;
use openapi::Act;
use serde_json::{Map, Value};

use super::record::Record;
use super::{Asked, OfCollection, fresh, patch, tag};
use crate::answer::Answer;
use crate::changes::Full;
use crate::mock::lives;
use crate::refusal::Refusal;

impl OfCollection<'_> {
    /// The answer of such an operation; `None` if the document's example is all that is known.
    pub(super) fn of_thing(&self) -> Result<Option<Answer>, Refusal> {
        match self.member.act {
            Act::List => self.events(),
            Act::Create => self.create_thing(),
            Act::Read => self.read_thing(),
            Act::Delete => self.delete_thing(),
            Act::Replace | Act::Patch | Act::Set => self.change_thing(),
        }
    }

    /// A whole list of events. Only one that began has events of its own.
    fn events(&self) -> Result<Option<Answer>, Refusal> {
        if self.look(self.asked.captures)?.is_begun() {
            return self.list();
        }
        Ok(None)
    }

    fn create_thing(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let Some(fields) = self.fields(sent.as_ref()) else {
            return Ok(None);
        };
        let asked = self.asked;
        asked.mock.check_room().map_err(Full::refusal)?;
        let shapes = self.shapes();
        let name = self.store.collection.key.as_str();
        let locale = asked.mock.plan.scenario.locale();
        let make = |id: &str| {
            let key = shapes.property(name)?;
            let number = serde_json::from_str(id).ok();
            let mut keys = [Some(id.into()), number].into_iter().flatten();
            let key = keys.find(|one| key.is_valid(one))?;
            let known = [(name.to_owned(), key.clone())].into_iter().collect();
            let base = shapes.whole(known, self.noise(id), locale);
            let moment = fresh::Moment {
                now: asked.now,
                key: (name, &key),
                parent: None,
            };
            let mut fresh = fresh::item(base, &fields, &shapes, &moment);
            for (name, value) in &fields {
                fresh.entry(name).or_insert_with(|| value.clone());
            }
            if let Some(states) = self
                .states()
                .filter(|one| !fields.contains_key(&one.property))
            {
                fresh.insert(states.property.clone(), states.first().clone());
            }
            let record = Record {
                fields: fresh,
                is_kept: true,
            };
            let value = self.shown(&record, id)?;
            Some((record.fields.clone(), (record, value, id.to_owned())))
        };
        let created =
            asked
                .mock
                .create_thing(self.store, asked.caller, asked.captures, asked.now, make);
        let Some((record, value, id)) = created else {
            return Ok(None);
        };
        let mut answer = self.answer(sent.as_ref(), Some(&value), &record)?;
        self.locate(&mut answer, &id);
        Ok(Some(answer))
    }

    fn read_thing(&self) -> Result<Option<Answer>, Refusal> {
        let (key, _) = self.key()?;
        let Some(record) = self.known_thing()? else {
            return Ok(None);
        };
        let Some(value) = self.shown(&record, key) else {
            return Ok(None);
        };
        self.answer(None, Some(&value), &record).map(Some)
    }

    fn change_thing(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let (key, _) = self.key()?;
        let Asked {
            mock,
            route,
            request,
            captures,
            now,
            ..
        } = self.asked;
        let Some(old) = self.known_thing()? else {
            return Ok(None);
        };
        tag::check(request, route, &old)?;
        mock.check_room().map_err(Full::refusal)?;
        let shapes = self.shapes();
        let changes = match self.member.act {
            Act::Set => fresh::set(&self.member.sets, &shapes, now),
            Act::Replace => {
                let Some(fields) = self.fields(sent.as_ref()) else {
                    return Ok(None);
                };
                patch::replacement(&old.fields, &fields, &shapes)
            }
            _ => {
                let patched = patch::patched(request, &old.fields, self.inner(sent.as_ref()));
                let patched = patched.map_err(|why| self.conflict(why))?;
                patch::differences(&old.fields, &patched, &shapes)
            }
        };
        let changes = fresh::touched(changes, &old.fields, &shapes, now);
        let record = Record {
            fields: shapes.settle(old.fields.clone(), &changes),
            is_kept: true,
        };
        let value = match &self.member.item {
            Some(_) => self.shown(&record, key).map(Some),
            None => Some(None),
        };
        let Some(value) = value else {
            return Ok(None);
        };
        let state = self.new_state(&old.fields, &record.fields);
        let mut kept = record.fields.clone();
        if let (None, Some(states)) = (&state, self.states()) {
            // It goes on to follow the events.
            kept.insert(states.property.clone(), states.first().clone());
        }
        mock.change_thing(self.store, captures, (kept, state), now);
        self.answer(sent.as_ref(), value.as_ref(), &record)
            .map(Some)
    }

    fn delete_thing(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let (key, _) = self.key()?;
        let Some(record) = self.known_thing()? else {
            return Ok(None);
        };
        tag::check(self.asked.request, self.asked.route, &record)?;
        let value = self.member.item.as_ref();
        let value = value.and_then(|_| self.shown(&record, key));
        self.asked
            .mock
            .delete_thing(self.store, self.asked.captures);
        self.answer(sent.as_ref(), value.as_ref(), &record)
            .map(Some)
    }

    /// The thing that the path names, as it is now. `None` if it was not created, and the document declares no refusal
    /// for that.
    fn known_thing(&self) -> Result<Option<Record>, Refusal> {
        let Asked {
            mock,
            route,
            caller,
            captures,
            now,
            ..
        } = self.asked;
        // The path of an act has no more parameters than that of the thing.
        match mock.thing(self.store, caller, captures, now) {
            Ok(timeline) => Ok(timeline.and_then(|timeline| {
                let mut fields = timeline.record()?.clone();
                if let Some((states, state)) = self.states().zip(self.stage(&timeline, &fields)) {
                    fields.insert(states.property.clone(), state);
                }
                Some(Record {
                    fields,
                    is_kept: true,
                })
            })),
            Err(Unseen::Missing) if !route.declares(StatusCode::NOT_FOUND) => Ok(None),
            Err(unseen) => Err(Refusal::Unseen(unseen)),
        }
    }

    /// The state that follows from the events. `None` if a client set another one.
    fn stage(&self, timeline: &Timeline, fields: &Map<String, Value>) -> Option<Value> {
        let states = self.states()?;
        if fields.get(&states.property) != Some(states.first()) {
            return None;
        }
        let ended = lives::state_at_end(states, &self.store.collection.list, timeline);
        ended.or_else(|| {
            let working = states.working.as_ref().filter(|_| timeline.len() > 1);
            Some(working.unwrap_or(states.first()).clone())
        })
    }
}
