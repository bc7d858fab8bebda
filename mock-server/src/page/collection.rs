//! Operations of a collection: what a client creates, changes or deletes stays so.
//!
//! An answer shows the item as far as its schema declares it. If no valid answer can be made of an item, nothing is
//! changed, and the operation answers as one that belongs to no collection.

mod fresh;
mod patch;
mod record;
mod references;
mod several;
mod stages;
mod tag;
mod thing;

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Caller, Edit, KeptItem, Noise, Timeline, Unfit, Unseen};
use http::{HeaderValue, Request, StatusCode, header};
use jiff::Timestamp;
use openapi::{Act, Location, Member, key_text, path_segment};
use serde_json::{Map, Value};

use self::record::{Record, Shapes};
use super::{filtered, timeline};
use crate::answer::Answer;
use crate::changes::Full;
use crate::collections::{Home, Store};
use crate::example::{Call, Example, success};
use crate::mock::Mock;
use crate::parameters::{Captures, Chosen};
use crate::refusal::{Plain, Refusal};
use crate::repeats::{self, Known};
use crate::request_body;
use crate::route::Route;
use crate::world_path::WorldPath;

/// The header with which clients repeat a request safely.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The names and values of the path's parameters.
type PathValues<'p> = &'p [(&'p str, String)];

/// What is made of a new item: the change, its record, the value of the answer, and its key.
type Made = (Edit, (Record, Option<Value>, String));

/// A request for an operation.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) mock: &'a Mock,
    pub(super) route: &'a Route,
    pub(super) example: &'a Example,
    pub(super) caller: Caller,
    pub(super) captures: &'a Captures<'a>,
    pub(super) request: &'a Request<Bytes>,
    pub(super) now: Timestamp,
}

/// The answer of an operation that belongs to a collection; `None` if it belongs to none, or if no valid answer can
/// be made of its items.
pub(super) fn answer(asked: Asked<'_>) -> Option<Result<Answer, Refusal>> {
    let (store, member) = asked.mock.collections().member(asked.route)?;
    if asked.mock.is_defective(store) {
        return None;
    }
    let mut asked = OfCollection {
        asked,
        store,
        member,
        path: None,
    };
    if member.is_elsewhere {
        match asked.elsewhere() {
            Ok(Some(path)) => asked.path = Some(path),
            Ok(None) => return None,
            Err(refusal) => return Some(Err(refusal)),
        }
    }
    let answer = match member.act {
        _ if store.events.is_some() => asked.of_thing(),
        Act::List => asked.list(),
        Act::Read => asked.read(),
        Act::Create => asked.create(),
        Act::Replace | Act::Patch | Act::Set => asked.change(),
        Act::Delete => asked.delete(),
    };
    answer.transpose()
}

/// A request for an operation of a collection.
struct OfCollection<'a> {
    asked: Asked<'a>,
    store: &'a Store,
    member: &'a Member,
    /// The values that lead to the list, if the path does not have all of them.
    path: Option<Vec<(&'a str, String)>>,
}

impl<'a> OfCollection<'a> {
    /// The values that lead to the list with the item that the path names. `None` if any key has an answer, because no
    /// refusal is declared.
    fn elsewhere(&self) -> Result<Option<Vec<(&'a str, String)>>, Refusal> {
        let Asked {
            mock,
            route,
            caller,
            captures,
            now,
            ..
        } = self.asked;
        let split = captures.split_last();
        let ((_, key), above) = split.ok_or(Refusal::Unseen(Unseen::Missing))?;
        let list = mock.list_of(self.store, caller, above, key, now);
        if list.is_none() && route.declares(StatusCode::NOT_FOUND) {
            let known = mock.known_key(route, caller, above, now);
            // Where the parameter takes no key of an item, no request could name one that is computed.
            let takes = known.is_some_and(|known| self.takes(&known));
            if takes || mock.is_changed(self.store) {
                return Err(Refusal::Unseen(Unseen::Missing));
            }
        }
        Ok(list)
    }

    /// The whole list.
    fn list(&self) -> Result<Option<Answer>, Refusal> {
        let list = &self.store.collection.list;
        let edits = self.asked.mock.edits();
        let timeline = self.look(self.asked.captures)?;
        let Asked {
            mock,
            route,
            request,
            captures,
            ..
        } = self.asked;
        let place = match self.store.home {
            Home::Paged(place) | Home::Whole(place) => place,
        };
        let timeline = filtered(
            mock,
            route,
            (list, true, place),
            (request, captures, Chosen::default()),
            (timeline, edits),
        )?;
        let media = list.operation().response(200).and_then(|one| one.json());
        let media = media.map_or("application/json", |media| media.served_as());
        let media = HeaderValue::from_str(media);
        let media = media.unwrap_or(HeaderValue::from_static("application/json"));
        let answer = Answer::of_page(media, timeline.page(timeline.start(), None));
        Ok(timeline::is_valid(list, &answer).then_some(answer))
    }

    /// One item.
    fn read(&self) -> Result<Option<Answer>, Refusal> {
        let (key, path) = self.key()?;
        let timeline = self.look(path)?;
        let Some(place) = self.find(&timeline, key)? else {
            return Ok(None);
        };
        let record = Record::at(&timeline, place);
        let Some(value) = self.shown(&record, key) else {
            return Ok(None);
        };
        let answer = self.answer(None, Some(&value), &record)?;
        if tag::is_known(self.asked.request, &answer) {
            return Ok(Some(tag::unchanged(&answer)));
        }
        Ok(Some(answer))
    }

    /// A new item. A request with an idempotency key creates one, however often it is sent.
    fn create(&self) -> Result<Option<Answer>, Refusal> {
        let Some(key) = self.idempotency_key() else {
            return self.create_now();
        };
        let sent = self.asked.request.body();
        let mut kept = self.asked.mock.repeats.kept();
        match kept.known(&key, sent) {
            Known::Repeated(answer) => return Ok(Some(answer)),
            Known::Differs => {
                let detail = "the idempotency key was sent before, with another body";
                return Err(self.conflict(detail.to_owned()));
            }
            Known::New => {}
        }
        let answer = self.create_now()?;
        Ok(answer.map(|answer| kept.keep(key, sent.clone(), answer)))
    }

    /// What tells repetitions of a request, if the operation declares a header for that.
    fn idempotency_key(&self) -> Option<repeats::Key> {
        let Asked {
            route,
            caller,
            request,
            ..
        } = self.asked;
        let parameter = route
            .operation()
            .parameter(Location::Header, IDEMPOTENCY_KEY)?;
        let sent = request.headers().get(&parameter.name)?.to_str().ok()?;
        Some((Arc::clone(&route.label), caller, sent.to_owned()))
    }

    fn create_now(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        if let Some(all) = self.several(sent.as_ref()) {
            for fields in &all {
                self.check_references(fields, (None, self.asked.captures))?;
            }
            return self.create_all(sent.as_ref(), &all);
        }
        let Some(fields) = self.fields(sent.as_ref()) else {
            return Ok(None);
        };
        self.check_references(&fields, (None, self.asked.captures))?;
        let shapes = self.shapes();
        let made = self.edit(self.asked.captures, |timeline| {
            let made = self.next(timeline, &shapes, &fields)?;
            Ok(made.map(|(edit, made)| ([edit], made)))
        })?;
        let Some((record, value, key)) = made else {
            return Ok(None);
        };
        self.begin_events(&key);
        let mut answer = self.answer(sent.as_ref(), value.as_ref(), &record)?;
        self.locate(&mut answer, &key);
        Ok(Some(answer))
    }

    /// Begins the lists of events of the item with this key, which was created.
    fn begin_events(&self, key: &str) {
        let Asked {
            mock,
            caller,
            captures,
            now,
            ..
        } = self.asked;
        mock.begin_events(self.store, caller, (captures, key), now);
    }

    /// The new item of these fields; `None` if no valid answer shows it.
    fn next(
        &self,
        timeline: &Timeline,
        shapes: &Shapes,
        fields: &Map<String, Value>,
    ) -> Result<Option<Made>, Refusal> {
        let computed = timeline.next_item().map_err(|unfit| self.unfit(&unfit))?;
        let computed = record::object(&computed);
        let key = self.store.collection.key.as_str();
        let own = fields.get(key).filter(|_| shapes.takes(key));
        let mut own = own.filter(|own| key_text(own).is_some()).cloned();
        if let Some(text) = own.as_ref().and_then(key_text)
            && timeline.find(&text).is_some()
        {
            if self.declares("409") {
                return Err(self.unfit(&Unfit::Taken(text)));
            }
            // Where no conflict is declared, the key is the server's.
            own = None;
        }
        self.made(timeline, shapes, computed, fields, own)
    }

    /// A new item; `None` if no valid answer shows it.
    fn made(
        &self,
        timeline: &Timeline,
        shapes: &Shapes,
        computed: Map<String, Value>,
        fields: &Map<String, Value>,
        own: Option<Value>,
    ) -> Result<Option<Made>, Refusal> {
        let name = self.store.collection.key.as_str();
        let key = own.clone().or_else(|| computed.get(name).cloned());
        let (Some(key), Some(text)) = (key.clone(), key.as_ref().and_then(key_text)) else {
            return Ok(None);
        };
        let base = shapes.whole(
            computed,
            self.noise(&text),
            self.asked.mock.plan.scenario.locale(),
        );
        let moment = fresh::Moment {
            now: self.asked.now,
            key: (name, &key),
            parent: self
                .asked
                .captures
                .last()
                .map(|(name, text)| (*name, text.as_str())),
        };
        let fresh = fresh::item(base, fields, shapes, &moment);
        let (fresh, later) = self.stages(shapes, fresh, fields, &text);
        let Some((record, listed, value)) = self.settled(shapes, fresh, &text) else {
            return Ok(None);
        };
        let kept = KeptItem {
            record: record.fields.clone(),
            listed,
            key: own,
            later,
        };
        let changes = timeline
            .create(kept, &text)
            .map_err(|unfit| self.unfit(&unfit))?;
        Ok(Some((changes, (record, value, text))))
    }

    /// An item that is replaced, or parts of which are.
    fn change(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let (key, path) = self.key()?;
        let named = patch::named(self.asked.request, self.inner(sent.as_ref()));
        self.check_references(&named, (Some(key), path))?;
        let shapes = self.shapes();
        let changed = self.edit(path, |timeline| {
            let Some(place) = self.find(timeline, key)? else {
                return Ok(None);
            };
            let old = Record::at(timeline, place);
            tag::check(self.asked.request, self.asked.route, &old)?;
            let whole = if old.is_kept {
                old.fields
            } else {
                shapes.whole(
                    old.fields,
                    self.noise(key),
                    self.asked.mock.plan.scenario.locale(),
                )
            };
            let inner = self.inner(sent.as_ref());
            let changes = if self.member.act == Act::Replace {
                let Some(fields) = self.fields(sent.as_ref()) else {
                    return Ok(None);
                };
                patch::replacement(&whole, &fields, &shapes)
            } else if self.member.act == Act::Set {
                fresh::set(&self.member.sets, &shapes, self.asked.now)
            } else {
                let patched = patch::patched(self.asked.request, &whole, inner);
                let patched = patched.map_err(|why| self.conflict(why))?;
                patch::differences(&whole, &patched, &shapes)
            };
            let before = whole.clone();
            let later = timeline.kept(place).map_or(&[][..], |kept| &kept.later);
            let later = self.later(&shapes, later, &changes);
            let changes = fresh::touched(changes, &whole, &shapes, self.asked.now);
            let fields = shapes.settle(whole, &changes);
            let state = self.new_state(&before, &fields);
            let Some((record, listed, value)) = self.settled(&shapes, fields, key) else {
                return Ok(None);
            };
            let kept = KeptItem {
                record: record.fields.clone(),
                listed,
                key: timeline.kept(place).and_then(|kept| kept.key.clone()),
                later: if state.is_some() { Vec::new() } else { later },
            };
            Ok(Some((
                [timeline.rewrite(place, kept)],
                (record, value, state),
            )))
        })?;
        match changed {
            None => Ok(None),
            Some((record, value, state)) => {
                if let Some(state) = state {
                    let Asked { mock, now, .. } = self.asked;
                    mock.stop_events(self.store, (path, key), &state, now);
                }
                self.answer(sent.as_ref(), value.as_ref(), &record)
                    .map(Some)
            }
        }
    }

    /// The end of an item.
    fn delete(&self) -> Result<Option<Answer>, Refusal> {
        let sent = self.sent()?;
        let (key, path) = self.key()?;
        let deleted = self.edit(path, |timeline| {
            if timeline.is_gone(key) && !self.asked.route.declares(StatusCode::NOT_FOUND) {
                // Deleting it again changes nothing, and only the success is declared.
                return Ok(None);
            }
            let Some(place) = self.find(timeline, key)? else {
                return Ok(None);
            };
            let record = Record::at(timeline, place);
            tag::check(self.asked.request, self.asked.route, &record)?;
            Ok(Some(([timeline.remove(place)], record)))
        })?;
        let Some(record) = deleted else {
            return Ok(None);
        };
        self.asked.mock.end_events(self.store, (path, key));
        let value = self
            .member
            .item
            .as_ref()
            .and_then(|_| self.shown(&record, key));
        self.answer(sent.as_ref(), value.as_ref(), &record)
            .map(Some)
    }

    /// The body of the request.
    fn sent(&self) -> Result<Option<Value>, Refusal> {
        request_body::read(self.asked.route.request_body(), self.asked.request)
    }

    /// The part of a body that changes an item.
    fn inner<'v>(&self, sent: Option<&'v Value>) -> Option<&'v Value> {
        let inner = sent.zip(self.member.body.as_ref());
        inner.map_or(sent, |(sent, place)| place.get(sent))
    }

    /// The properties that the body of a request has; `None` if it is no object.
    fn fields(&self, sent: Option<&Value>) -> Option<Map<String, Value>> {
        let (Some(sent), Some(place)) = (sent, &self.member.body) else {
            return Some(Map::new());
        };
        place.get(sent)?.as_object().cloned()
    }

    /// The key in the path, and the values that lead to the list.
    fn key(&self) -> Result<(&str, PathValues<'_>), Refusal> {
        let split = self.asked.captures.split_last();
        let ((_, key), path) = split.ok_or(Refusal::Unseen(Unseen::Missing))?;
        Ok((key, self.path.as_deref().unwrap_or(path)))
    }

    fn look(&self, path: PathValues<'_>) -> Result<Timeline, Refusal> {
        let Asked {
            mock, caller, now, ..
        } = self.asked;
        mock.look(self.store, caller, path, now)
            .map_err(Refusal::Unseen)
    }

    /// Changes the list. Fails if nothing can be added to the changes, unless items are only taken away.
    fn edit<T, I: IntoIterator<Item = Edit>>(
        &self,
        path: PathValues<'_>,
        change: impl FnOnce(&Timeline) -> Result<Option<(I, T)>, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let Asked {
            mock, caller, now, ..
        } = self.asked;
        if self.member.act != Act::Delete {
            mock.check_room().map_err(Full::refusal)?;
        }
        mock.edit(self.store, caller, path, now, change)
    }

    /// The place of the item with this key. `None` if any key has an answer, because no refusal is declared.
    fn find(&self, timeline: &Timeline, key: &str) -> Result<Option<u64>, Refusal> {
        if let Some(place) = timeline.find(key) {
            return Ok(Some(place));
        }
        let route = self.asked.route;
        if timeline.is_gone(key) {
            return Err(if self.declares("410") {
                Refusal::Plain(Plain {
                    status: StatusCode::GONE,
                    detail: "the item was deleted".to_owned(),
                    cure: None,
                })
            } else {
                Refusal::Unseen(Unseen::Missing)
            });
        }
        let known = timeline.event(0).and_then(|event| {
            let event: Value = serde_json::from_slice(&event).ok()?;
            key_text(event.get(&self.store.collection.key)?)
        });
        // Where there are no items, or the parameter takes no key of one, no request could name one.
        let takes = known.map_or_else(|| timeline.is_changed(), |known| self.takes(&known));
        if route.declares(StatusCode::NOT_FOUND) && self.store.collection.is_changeable() && takes {
            return Err(Refusal::Unseen(Unseen::Missing));
        }
        Ok(None)
    }

    /// Whether the path's last parameter takes a key.
    fn takes(&self, key: &str) -> bool {
        let operation = self.asked.route.operation();
        let last = operation.path.parameters().last();
        let parameter = last.and_then(|name| operation.parameter(Location::Path, name));
        parameter.is_none_or(|parameter| parameter.read(key).is_ok())
    }

    /// The schemas that an item must suit.
    fn shapes(&self) -> Shapes {
        let collection = &self.store.collection;
        let document = collection.list.document();
        let operations = document.operations();
        let shown = collection.members.iter().filter_map(|member| {
            let (_, response) = success(&operations[member.operation])?;
            let schema = response.json()?.schema.as_ref()?;
            schema.at(member.item.as_ref()?)
        });
        let asked = self.asked.route.request_body().and_then(|body| {
            let media = body.media.iter().find(|media| media.is_json());
            let schema = media.or(body.media.first())?.schema.as_ref()?;
            schema.at(self.member.body.as_ref()?)
        });
        let listed = match &self.store.events {
            Some(events) => events.item.clone(),
            None => collection.list.item(),
        };
        Shapes::new(listed, shown, asked, collection.key.clone())
    }

    /// A record of these fields, the item as the list shows it, and the value of the answer; `None` if one of them
    /// would not be valid.
    fn settled(
        &self,
        shapes: &Shapes,
        fields: Map<String, Value>,
        key: &str,
    ) -> Option<(Record, Vec<u8>, Option<Value>)> {
        let record = Record {
            fields,
            is_kept: true,
        };
        let listed = shapes.listed(&record.fields)?.to_string().into_bytes();
        let value = match &self.member.item {
            Some(_) => Some(self.shown(&record, key)?),
            None => None,
        };
        Some((record, listed, value))
    }

    /// The value of the answer that shows an item; `None` if no valid one shows it.
    fn shown(&self, record: &Record, key: &str) -> Option<Value> {
        let (_, response) = success(self.asked.route.operation())?;
        let place = self.member.item.as_ref()?;
        let Some(schema) = &response.json()?.schema else {
            return Some(Value::Object(record.fields.clone()));
        };
        let locale = self.asked.mock.plan.scenario.locale();
        record::shown(schema, place, record, self.noise(key), locale)
    }

    /// The address of what only some answers show of an item.
    fn noise(&self, key: &str) -> Noise {
        let noise = Noise::new(self.asked.mock.plan.seed).at("collections");
        noise.at(&self.store.collection.list.name()).at(key)
    }

    /// The answer about one item.
    fn answer(
        &self,
        sent: Option<&Value>,
        value: Option<&Value>,
        record: &Record,
    ) -> Result<Answer, Refusal> {
        let mut answer = self.answer_with(sent, value)?;
        tag::put(&mut answer, record);
        Ok(answer)
    }

    /// The answer with this value; with the document's example if it is `None`.
    fn answer_with(&self, sent: Option<&Value>, value: Option<&Value>) -> Result<Answer, Refusal> {
        let Asked {
            mock,
            route,
            captures,
            request,
            ..
        } = self.asked;
        self.asked.example.answer(Call {
            document: &route.document,
            operation: route.operation(),
            captures,
            request,
            sent,
            value,
            base: mock.world.base(),
            locale: mock.plan.scenario.locale(),
        })
    }

    /// Says where a new item is, where the document declares that.
    fn locate(&self, answer: &mut Answer, key: &str) {
        if answer.status != StatusCode::CREATED || !answer.headers.contains_key(header::LOCATION) {
            return;
        }
        let Asked { mock, request, .. } = self.asked;
        let path = self.place(key).unwrap_or_else(|| {
            let list = request.uri().path().trim_end_matches('/');
            format!("{list}/{}", path_segment(key))
        });
        let world = WorldPath::of(request);
        let place = format!("{}{world}{path}", mock.world.base());
        if let Ok(place) = HeaderValue::from_str(&place) {
            answer.headers.insert(header::LOCATION, place);
        }
    }

    /// The path of an item that is read at another path than its list's.
    fn place(&self, key: &str) -> Option<String> {
        let read = self.store.collection.member(Act::Read);
        let read = read.filter(|read| read.is_elsewhere)?;
        let Asked {
            mock,
            route,
            captures,
            ..
        } = self.asked;
        let operation = &route.document.operations()[read.operation];
        let last = operation.path.parameters().last();
        let mut above = captures.iter().map(|(_, value)| value.clone());
        let path = operation.path.expand(|name| {
            let key = (Some(name) == last).then(|| key.to_owned());
            key.or_else(|| above.next()).unwrap_or_default()
        });
        Some(mock.base_path(&route.document, operation) + &path)
    }

    /// Whether the document declares exactly this status.
    fn declares(&self, status: &str) -> bool {
        let mut declared = self.asked.route.operation().statuses();
        declared.any(|one| one == status)
    }

    fn unfit(&self, unfit: &Unfit) -> Refusal {
        self.conflict(unfit.to_string())
    }

    /// The refusal of a change that does not suit the items as they are.
    fn conflict(&self, detail: String) -> Refusal {
        let route = self.asked.route;
        let status = if self.declares("409") || !route.declares(StatusCode::BAD_REQUEST) {
            StatusCode::CONFLICT
        } else {
            StatusCode::from_u16(route.invalid_status()).unwrap_or(StatusCode::CONFLICT)
        };
        Refusal::Plain(Plain {
            status,
            detail,
            cure: None,
        })
    }
}
