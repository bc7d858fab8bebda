//! Creates, reads, changes and deletes items of a list, and leaves none behind.
//!
//! Only items that a law created itself are changed or deleted. The judge deletes them again when the case is over,
//! and a note says so.

mod bodies;

use std::time::{Duration, Instant};

use http::header;
use openapi::{Act, Collection, Location, Member, Operation, Parameter, key_text};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::run::{Manner, Trouble};
use super::{Ask, Exchange, Listing, Session};
use crate::lock::lock;
use crate::outcome::{moot, never_occurs};
use crate::sample::Sample;
use crate::subject::target;
use crate::{Breach, Case, Credentials, Outcome, Stop};

pub(crate) use self::bodies::Sent;

/// What a case created.
#[derive(Debug, Default)]
pub(super) struct Left {
    count: usize,
    /// The keys of the items that were not deleted since.
    keys: Vec<String>,
}

/// The header with which clients repeat a request safely (draft-ietf-httpapi-idempotency-key-header).
const REPEATS: &str = "Idempotency-Key";

/// The header with which clients change only what they read (RFC 9110, 13.1.1).
const IF_MATCH: &str = "If-Match";

/// An item that a law created.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// Its key, as text.
    pub(crate) key: String,
    /// The properties that were sent for it.
    pub(crate) sent: Map<String, Value>,
}

impl Session<'_> {
    /// The collection of the list, if other operations share its items.
    pub(crate) fn collection(&self) -> Option<&Collection> {
        self.run().collection()
    }

    /// The operation that does this to an item of the list. Not in force if there is none.
    pub(crate) fn member(&self, act: Act) -> Result<&Member, Stop> {
        let member = self.collection().and_then(|one| one.member(act));
        let missing = || format!("no operation would {} an item of this list", act.word());
        member.ok_or_else(|| Stop::NotInForce(missing()))
    }

    pub(crate) fn operation_of(&self, member: &Member) -> &Operation {
        &self.contract().document().operations()[member.operation]
    }

    /// Whether creations can be repeated safely, by a key that the client chooses.
    pub(crate) fn repeats_safely(&self) -> bool {
        let create = self.member(Act::Create);
        create.is_ok_and(|create| declares(self.operation_of(create), REPEATS))
    }

    /// Whether the answer to a creation names the new item.
    pub(crate) fn names_what_it_creates(&self) -> bool {
        self.member(Act::Create).is_ok_and(|create| {
            let mut headers = self
                .operation_of(create)
                .declared()
                .flat_map(|answer| &answer.headers);
            create.item.is_some() || headers.any(|one| one.name.eq_ignore_ascii_case("location"))
        })
    }

    /// Judges what happens to items that `judge` creates, and deletes them afterwards.
    pub(crate) fn undoing(&self, case: &Case, judge: impl FnOnce() -> Outcome) -> Outcome {
        let outcome = judge();
        let left = std::mem::take(&mut *lock(&self.made));
        if left.count == 0 {
            return outcome;
        }
        // The counterexample is what came before.
        let kept = self.kept();
        let mut failed = Vec::new();
        for key in &left.keys {
            let deleted = self.act(case, Act::Delete, key, None);
            match deleted.map(|exchange| exchange.reply.status) {
                Ok(200..=299 | 404 | 410) => {}
                Ok(status) => failed.push(format!("`{key}` (status {status})")),
                Err(_) => failed.push(format!("`{key}`")),
            }
        }
        self.forget(kept);
        self.note(if failed.is_empty() {
            "every item that the judge created was deleted again".to_owned()
        } else {
            format!(
                "could not be deleted again, and is left on the server: {}",
                failed.join(", ")
            )
        });
        outcome
    }

    /// Creates an item. Not in force if no body is known that the server accepts.
    pub(crate) fn create(&self, case: &Case) -> Result<Made, Stop> {
        let create = self.member(Act::Create)?;
        let run = self.run();
        let mark = format!("judged-{}", run.next_mark());
        let mut bodies = self.bodies(case, create, &mark)?;
        // The kind of body that the server accepted before comes first.
        let first = run.accepted().min(bodies.len().saturating_sub(1));
        bodies.rotate_left(first);
        let count = bodies.len();
        let mut refused = String::new();
        for (place, body) in bodies.into_iter().enumerate() {
            let exchange = self.create_with(case, &body, None)?;
            match exchange.reply.status {
                200..=299 => {
                    run.accept((first + place) % count);
                    return match self.created_key(&exchange) {
                        Some(key) => Ok(Made {
                            key,
                            sent: body.fields,
                        }),
                        None => moot("the answer to a creation names no key of an item"),
                    };
                }
                status => refused = format!("status {status}"),
            }
        }
        never_occurs(format!(
            "no body is known that the server accepts for a new item: the last answer was {refused}"
        ))
    }

    /// A body that the server accepted for an item.
    ///
    /// An item is created with it, because nothing else shows that it is accepted.
    pub(crate) fn accepted_body(&self, case: &Case) -> Result<Sent, Stop> {
        self.create(case)?;
        let create = self.member(Act::Create)?;
        let run = self.run();
        let mark = format!("judged-{}", run.next_mark());
        let bodies = self.bodies(case, create, &mark)?;
        let place = run.accepted().min(bodies.len().saturating_sub(1));
        let body = bodies.into_iter().nth(place);
        body.ok_or_else(|| Stop::NotInForce("no valid body is known for a new item".to_owned()))
    }

    /// A new idempotency key.
    pub(crate) fn new_repeat_key(&self) -> String {
        self.run().next_repeat_key()
    }

    /// Whether a parameter of the list may leave items out although it is not sent.
    pub(crate) fn leaves_out_by_default(&self) -> bool {
        let contract = self.contract();
        let pages = |own: &Parameter| contract.parameters().any(|one| one.name == own.name);
        let mut parameters = contract.operation().parameters.iter();
        parameters.any(|one| {
            one.location == Location::Query
                && !pages(one)
                && one.schema.keyword("default").is_some()
        })
    }

    /// Sends a request that creates an item, with this idempotency key. Moot if the answer names an item that was
    /// listed before.
    pub(crate) fn create_with(
        &self,
        case: &Case,
        body: &Sent,
        key: Option<&str>,
    ) -> Result<Exchange, Stop> {
        let create = self.member(Act::Create)?;
        let mut ask = self.ask_member(case, create, "");
        let key = key.map(ToOwned::to_owned).or_else(|| {
            let needed = self.repeats_safely();
            needed.then(|| self.new_repeat_key())
        });
        if let Some(key) = key {
            ask = ask.header(REPEATS, &key);
        }
        let known = match self.shared(&case.resource) {
            Some(known) => known,
            None => self.listing(&case.resource)?,
        };
        let exchange = self.change_by(&body.put_into(ask))?;
        if let (200..=299, Some(key)) = (exchange.reply.status, self.created_key(&exchange)) {
            // Whatever was there before is not the judge's to change or delete.
            if known.place_of(&key).is_some() {
                return moot("the answer to a creation names an item that was there before");
            }
            let mut made = lock(&self.made);
            made.count += 1;
            if !made.keys.contains(&key) {
                made.keys.push(key);
            }
        }
        Ok(exchange)
    }

    /// The key in the answer to a creation: of its item, or at the end of its `Location` (RFC 9110, 15.3.2).
    pub(crate) fn created_key(&self, exchange: &Exchange) -> Option<String> {
        let collection = self.collection()?;
        let create = collection.member(Act::Create)?;
        let shown = item_in(create, exchange);
        let key = shown.and_then(|item| key_text(item.get(&collection.key)?));
        key.or_else(|| {
            let location = exchange
                .reply
                .headers
                .get(header::LOCATION)?
                .to_str()
                .ok()?;
            let path = location.split(['?', '#']).next()?;
            let last = path.trim_end_matches('/').rsplit('/').next()?;
            let key = percent_decode_str(last).decode_utf8().ok()?;
            (!key.is_empty()).then(|| key.into_owned())
        })
    }

    /// Reads an item alone.
    pub(crate) fn read_alone(&self, case: &Case, key: &str) -> Result<Exchange, Stop> {
        self.act(case, Act::Read, key, None)
    }

    /// The item that is read alone; a breach if it is not there.
    ///
    /// Behind a replica it may show a moment later.
    pub(crate) fn shown_alone(&self, case: &Case, key: &str) -> Result<Map<String, Value>, Stop> {
        let read = self.member(Act::Read)?;
        let mut status = 0;
        let shown = self.eventually(|| {
            let exchange = self.read_alone(case, key)?;
            status = exchange.reply.status;
            Ok(item_in(read, &exchange).filter(|_| status == 200))
        })?;
        match (shown, status) {
            (Some(shown), _) => Ok(shown),
            (None, 200) => moot("the answer of the operation that reads an item shows none"),
            (None, status) => crate::outcome::broken("the item", format!("status {status}")),
        }
    }

    /// Sends a request to the operation that does this, for the item with this key.
    pub(crate) fn act(
        &self,
        case: &Case,
        act: Act,
        key: &str,
        body: Option<&Sent>,
    ) -> Result<Exchange, Stop> {
        let member = self.member(act)?;
        let mut ask = self.ask_member(case, member, key);
        if let Some(body) = body {
            ask = body.put_into(ask);
        }
        if !act.changes() {
            return self.send(&ask);
        }
        if declares(self.operation_of(member), IF_MATCH) {
            let tag = self
                .entity_tag(case, key)?
                .unwrap_or_else(|| "*".to_owned());
            ask = ask.header(IF_MATCH, &tag);
        }
        let exchange = self.change_by(&ask)?;
        if act == Act::Delete && (200..300).contains(&exchange.reply.status) {
            lock(&self.made).keys.retain(|made| made != key);
        }
        Ok(exchange)
    }

    /// The entity tag of an item.
    fn entity_tag(&self, case: &Case, key: &str) -> Result<Option<String>, Stop> {
        if self.member(Act::Read).is_err() {
            return Ok(None);
        }
        let own = case.clone().by(Credentials::Owner);
        let exchange = self.read_alone(&own, key)?;
        Ok(exchange.reply.header("etag").map(ToOwned::to_owned))
    }

    /// Sends a request once: a second one might change something twice.
    fn change_by(&self, ask: &Ask) -> Result<Exchange, Stop> {
        match self.ask_in(ask, Manner::Usual) {
            Ok(exchange) => {
                self.remember(&exchange);
                Ok(exchange)
            }
            Err(Trouble::Stop(stop)) => Err(stop),
            Err(Trouble::Unanswered(unanswered)) => moot(unanswered.words),
        }
    }

    /// Whether the list and the operation that reads one item show it by one and the same schema.
    pub(crate) fn shows_one_schema(&self) -> bool {
        let Ok(read) = self.member(Act::Read) else {
            return false;
        };
        let answer = self.operation_of(read).response(200);
        let schema = answer.and_then(|answer| answer.json()?.schema.clone());
        let place = read.item.clone().unwrap_or_default();
        let alone = schema.and_then(|schema| schema.at(&place));
        let listed = self.contract().item();
        alone.is_some_and(|alone| alone.resolved().pointer() == listed.resolved().pointer())
    }

    /// The plain request to an operation, for the item with this key.
    pub(super) fn ask_member(&self, case: &Case, member: &Member, key: &str) -> Ask {
        let operation = self.operation_of(member);
        let values = self.path_of(&case.resource);
        let listed: Vec<_> = self.contract().operation().path.parameters().collect();
        let own: Vec<_> = operation.path.parameters().collect();
        let of_item = own.last().filter(|_| member.act.is_of_item());
        let path = operation.path.expand(|name| {
            if of_item == Some(&name) {
                return key.to_owned();
            }
            let same = listed.iter().position(|known| *known == name);
            let place = same.or_else(|| own.iter().position(|known| *known == name));
            place
                .and_then(|place| values.get(place))
                .cloned()
                .unwrap_or_default()
        });
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in operation.parameters.iter().filter(|one| one.required) {
            let is_known =
                [REPEATS, IF_MATCH].map(|name| parameter.name.eq_ignore_ascii_case(name));
            let to = match parameter.location {
                Location::Query => &mut query,
                Location::Header if !is_known.contains(&true) => &mut headers,
                _ => continue,
            };
            let text = self.sent_for(&case.resource, parameter);
            let text = text.unwrap_or_else(|| {
                let sample = Sample {
                    mark: "judged",
                    like: None,
                    inside: &[],
                    is_short: true,
                };
                key_text(&sample.of(&parameter.schema)).unwrap_or_default()
            });
            to.push((parameter.name.clone(), text));
        }
        let ask = Ask::of(&case.resource)
            .by(case.credentials.clone())
            .method(&operation.method)
            .to(target(&path, &query));
        headers
            .iter()
            .fold(ask, |ask, (name, text)| ask.header(name, text))
    }

    /// The place of an item in the list, and the list; behind an index it may show a moment later.
    pub(crate) fn listed(&self, case: &Case, key: &str) -> Result<(Listing, Option<usize>), Stop> {
        let mut last = None;
        let found = self.eventually(|| {
            let listing = self.read_listing(&case.resource)?;
            let place = listing.place_of(key);
            if let Some(place) = place {
                return Ok(Some((listing, place)));
            }
            last = Some(listing);
            Ok(None)
        })?;
        match (found, last) {
            (Some((listing, place)), _) => Ok((listing, Some(place))),
            (None, Some(listing)) if listing.complete => Ok((listing, None)),
            _ => never_occurs("the list is too long to be read whole"),
        }
    }

    /// What `look` finds, as soon as it does, and within the patience of the run.
    pub(crate) fn eventually<T>(
        &self,
        mut look: impl FnMut() -> Result<Option<T>, Stop>,
    ) -> Result<Option<T>, Stop> {
        const LONGEST: Duration = Duration::from_millis(500);
        let patience = self.run().budget().patience;
        let began = Instant::now();
        let mut gap = Duration::from_millis(10);
        loop {
            let kept = self.kept();
            if let Some(found) = look()? {
                return Ok(Some(found));
            }
            let waited = began.elapsed();
            if waited >= patience {
                return Ok(None);
            }
            // Only the last look belongs in the transcript.
            self.forget(kept);
            self.run().pause(gap.min(patience.saturating_sub(waited)))?;
            gap = LONGEST.min(gap * 2);
        }
    }
}

/// The item in an answer of an operation.
pub(crate) fn item_in(member: &Member, exchange: &Exchange) -> Option<Map<String, Value>> {
    let body = exchange.json()?;
    member.item.as_ref()?.get(&body)?.as_object().cloned()
}

impl Listing {
    /// The place of the item with this key.
    pub(crate) fn place_of(&self, key: &str) -> Option<usize> {
        let mut known = self.cursors.iter();
        known.position(|known| known.eq_ignore_ascii_case(key))
    }

    /// How often the item with this key is listed.
    pub(crate) fn times_of(&self, key: &str) -> usize {
        let known = self.cursors.iter();
        known
            .filter(|known| known.eq_ignore_ascii_case(key))
            .count()
    }
}

/// How an item differs from what was sent, in the plain values of these properties. A server may show others in
/// another form, or not at all.
pub(crate) fn not_kept(
    names: &[String],
    sent: &Map<String, Value>,
    shown: &Map<String, Value>,
) -> Option<Breach> {
    let is_plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    let kind = |value: &Value| (value.is_string(), value.is_number());
    let sent = sent.iter().filter(|(name, _)| names.contains(*name));
    let mut differ = sent.filter_map(|(name, sent)| {
        let shown = shown.get(name)?;
        let comparable = is_plain(sent) && is_plain(shown) && kind(sent) == kind(shown);
        let is_same = shown == sent || is_same_text(sent, shown);
        (comparable && !is_same).then(|| {
            Breach::of(
                format!("`{name}` as it was sent: {sent}"),
                shown.to_string(),
            )
        })
    });
    differ.next()
}

/// Whether two texts differ only in case or in the space around: servers tidy names and addresses.
fn is_same_text(sent: &Value, shown: &Value) -> bool {
    let (Some(sent), Some(shown)) = (sent.as_str(), shown.as_str()) else {
        let number = |value: &Value| value.as_f64();
        return number(sent).is_some() && number(sent) == number(shown);
    };
    let is_time =
        |text: &str| text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    // One moment is written in several ways.
    is_time(sent) && is_time(shown) && sent.as_bytes()[..10] == shown.as_bytes()[..10]
        || sent.trim().eq_ignore_ascii_case(shown.trim())
}

/// Whether an operation declares a header.
fn declares(operation: &Operation, name: &str) -> bool {
    operation
        .parameters
        .iter()
        .any(|one| one.location == Location::Header && one.name.eq_ignore_ascii_case(name))
}
