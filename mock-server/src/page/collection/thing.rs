//! Operations on a thing that no list shows, and whose events a list has: it is created, read and deleted.

use fixtures::Unseen;
use http::StatusCode;
use openapi::Act;

use super::record::Record;
use super::{OfCollection, fresh};
use crate::answer::Answer;
use crate::changes::Full;
use crate::refusal::Refusal;

impl OfCollection<'_> {
    /// The answer of such an operation; `None` if the document's example is all that is known.
    pub(super) fn of_thing(&self) -> Result<Option<Answer>, Refusal> {
        match self.member.act {
            Act::List => self.events(),
            Act::Create => self.create_thing(),
            Act::Read => self.read_thing(),
            Act::Delete => self.delete_thing(),
            Act::Replace | Act::Patch | Act::Set => Ok(None),
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

    fn delete_thing(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let (key, _) = self.key()?;
        let Some(record) = self.known_thing()? else {
            return Ok(None);
        };
        let value = self.member.item.as_ref();
        let value = value.and_then(|_| self.shown(&record, key));
        self.asked
            .mock
            .delete_thing(self.store, self.asked.captures);
        self.answer(sent.as_ref(), value.as_ref(), &record)
            .map(Some)
    }

    /// The thing that the path names. `None` if it was not created, and the document declares no refusal for that.
    fn known_thing(&self) -> Result<Option<Record>, Refusal> {
        let asked = self.asked;
        let known = asked
            .mock
            .thing(self.store, asked.caller, asked.captures, asked.now);
        match known {
            Ok(record) => Ok(record.map(|fields| Record {
                fields,
                is_kept: true,
            })),
            Err(Unseen::Missing) if !asked.route.declares(StatusCode::NOT_FOUND) => Ok(None),
            Err(unseen) => Err(Refusal::Unseen(unseen)),
        }
    }
}
