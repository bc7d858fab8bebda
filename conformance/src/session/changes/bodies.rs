//! Bodies of requests that create or change an item.

use openapi::{Act, Member, RequestBody, Schema, Selector, is_json, key_text};
use serde_json::{Map, Value};

use super::super::Session;
use crate::outcome::never_occurs;
use crate::sample::{self, Sample, is_free_text, is_read_only};
use crate::session::Ask;
use crate::subject::{FORM, target};
use crate::{Case, Stop};

/// The media type of a JSON Merge Patch (RFC 7396).
const MERGE_PATCH: &str = "application/merge-patch+json";

/// A body that is sent, and the properties of the item in it.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// The properties.
    pub(crate) fields: Map<String, Value>,
    whole: Value,
    media_type: String,
}

/// The body that an operation takes.
struct Taken {
    media_type: String,
    schema: Schema,
    /// The documents' own examples.
    examples: Vec<Value>,
}

impl Sent {
    /// The request with this body.
    pub(super) fn put_into(&self, ask: Ask) -> Ask {
        let text = if self.media_type == FORM {
            let fields = self.whole.as_object().into_iter().flatten();
            let pairs = fields.filter_map(|(name, value)| Some((name.clone(), plain(value)?)));
            let form = target("", &pairs.collect::<Vec<_>>());
            form.trim_start_matches('?').to_owned()
        } else {
            self.whole.to_string()
        };
        ask.body(&self.media_type, text)
    }
}

impl Session<'_> {
    /// Bodies for a new item, the shortest first. Not in force if none is known that the document accepts.
    pub(super) fn bodies(
        &self,
        case: &Case,
        create: &Member,
        mark: &str,
    ) -> Result<Vec<Sent>, Stop> {
        let Some(taken) = self.taken(create) else {
            return never_occurs(
                "the operation that creates an item takes neither JSON nor a form",
            );
        };
        let listed = self.listing(&case.resource)?;
        let like = listed.items.first().and_then(Value::as_object);
        let place = create
            .body
            .as_ref()
            .map_or(String::new(), Selector::pointer);
        let inside = openapi::tokens(&place);
        let sample = |is_short, like| Sample {
            mark,
            like,
            inside: &inside,
            is_short,
        };
        let made = [sample(true, like), sample(false, like), sample(true, None)];
        let made = made.into_iter().map(|sample| sample.of(&taken.schema));
        let mut bodies: Vec<Sent> = Vec::new();
        for whole in made.chain(taken.examples) {
            let is_known = bodies.iter().any(|known| known.whole == whole);
            let is_empty = fields(create, &whole).is_empty();
            if !is_known && !is_empty && taken.schema.request_violations(&whole).is_empty() {
                bodies.push(Sent {
                    fields: fields(create, &whole),
                    whole,
                    media_type: taken.media_type.clone(),
                });
            }
        }
        if bodies.is_empty() {
            return never_occurs("no valid body is known for a new item");
        }
        Ok(bodies)
    }

    /// Bodies that change one property of an item each, with the property's name, the plainest first.
    ///
    /// `now` is the item as it is read alone.
    pub(crate) fn patches(&self, now: &Map<String, Value>) -> Result<Vec<(String, Sent)>, Stop> {
        let patch = self.member(Act::Patch)?;
        let Some(taken) = self.taken(patch) else {
            return never_occurs(
                "the operation that patches an item takes neither JSON nor a form",
            );
        };
        let place = patch.body.clone().unwrap_or_default();
        let Some(inner) = taken.schema.at(&place) else {
            return never_occurs("the body of a patch declares no property");
        };
        let mark = format!("patched-{}", self.run().next_mark());
        let mut found = Vec::new();
        for (name, schema) in self.settable(&inner) {
            let Some(other) = now
                .get(&name)
                .and_then(|value| sample::other(&schema, value, &mark))
            else {
                continue;
            };
            let rank = rank(&schema, &other);
            let fields = Map::from_iter([(name.clone(), other)]);
            let fields = with_required(fields, &inner, now);
            let Some(sent) = sent(&taken, &place, fields) else {
                continue;
            };
            found.push((rank, (name, sent)));
        }
        if found.is_empty() {
            return never_occurs("no property of an item is known that a patch can change");
        }
        found.sort_by_key(|(rank, _)| *rank);
        Ok(found.into_iter().map(|(_, one)| one).collect())
    }

    /// A body that replaces an item: its properties as they are, but for one.
    pub(crate) fn replacement(&self, now: &Map<String, Value>) -> Result<(String, Sent), Stop> {
        let replace = self.member(Act::Replace)?;
        let Some(taken) = self.taken(replace) else {
            return never_occurs(
                "the operation that replaces an item takes neither JSON nor a form",
            );
        };
        let place = replace.body.clone().unwrap_or_default();
        let Some(inner) = taken.schema.at(&place) else {
            return never_occurs("the body of a replacement declares no property");
        };
        let mark = format!("replaced-{}", self.run().next_mark());
        let settable = self.settable(&inner);
        let mut fields = Map::new();
        for (name, schema) in &settable {
            if let Some(value) = now.get(name).filter(|value| schema.is_valid(value)) {
                fields.insert(name.clone(), value.clone());
            }
        }
        let mut others: Vec<_> = settable
            .iter()
            .filter_map(|(name, schema)| {
                let other = sample::other(schema, now.get(name)?, &mark)?;
                Some((rank(schema, &other), name, other))
            })
            .collect();
        others.sort_by_key(|(rank, ..)| *rank);
        for (_, name, other) in others {
            let mut fields = fields.clone();
            fields.insert(name.clone(), other);
            let fields = with_required(fields, &inner, now);
            if let Some(sent) = sent(&taken, &place, fields) {
                return Ok((name.clone(), sent));
            }
        }
        never_occurs("no valid body is known that replaces an item")
    }

    /// Bodies for a new item that also set a property that is the server's, with its name.
    ///
    /// `now` is an item as it is read alone, `sent` a body that the server accepted.
    pub(crate) fn intrusions(&self, now: &Map<String, Value>, sent: &Sent) -> Vec<(String, Sent)> {
        let Ok(create) = self.member(Act::Create) else {
            return Vec::new();
        };
        let declared = self.declared();
        let asked = self
            .taken(create)
            .and_then(|taken| taken.schema.at(&create.body.clone().unwrap_or_default()));
        let says = |name: &str, schema: &Schema| {
            let own = asked.as_ref().and_then(|asked| asked.property(name));
            is_read_only(schema) || own.as_ref().is_some_and(is_read_only)
        };
        let served = declared
            .into_iter()
            .filter(|(name, schema)| says(name, schema));
        let mark = format!("intruded-{}", self.run().next_mark());
        let intrusions = served.filter_map(|(name, schema)| {
            let other = sample::other(&schema, now.get(&name)?, &mark)?;
            let mut sent = sent.clone();
            let place = create
                .body
                .as_ref()
                .map_or(String::new(), Selector::pointer);
            let fields = sent.whole.pointer_mut(&place)?.as_object_mut()?;
            fields.insert(name.clone(), other.clone());
            sent.fields.insert(name.clone(), other);
            Some((name, sent))
        });
        intrusions.collect()
    }

    /// The properties that clients set, with their schemas, without the key and what is the server's.
    pub(crate) fn settable(&self, body: &Schema) -> Vec<(String, Schema)> {
        let key = self.collection().map(|one| one.key.clone());
        let declared = self.declared();
        let is_servers = |name: &str| {
            let mut same = declared.iter().filter(|(known, _)| known == name);
            same.any(|(_, schema)| is_read_only(schema))
        };
        let named = body.named().into_iter();
        let settable = named.filter(|(name, schema)| {
            let shown = declared.iter().find(|(known, _)| known == name);
            Some(name) != key.as_ref()
                && shown.is_none_or(|(_, shown)| says_the_same(schema, shown))
                && !is_read_only(schema)
                && !schema.is_write_only()
                && !is_servers(name)
                && !is_state(name, schema)
        });
        settable.collect()
    }

    /// The names of the properties that clients set with an operation.
    pub(crate) fn settable_by(&self, act: Act) -> Vec<String> {
        let Ok(member) = self.member(act) else {
            return Vec::new();
        };
        let place = member.body.clone().unwrap_or_default();
        let inner = self.taken(member).and_then(|taken| taken.schema.at(&place));
        let named = inner.map(|inner| self.settable(&inner)).unwrap_or_default();
        named.into_iter().map(|(name, _)| name).collect()
    }

    /// The properties of an item that is read alone, and of one in the list.
    fn declared(&self) -> Vec<(String, Schema)> {
        let read = self.member(openapi::Act::Read).ok();
        let alone = read.and_then(|read| {
            let answer = self.operation_of(read).response(200)?.json()?;
            answer.schema.as_ref()?.at(read.item.as_ref()?)
        });
        let mut declared = alone.map(|one| one.named()).unwrap_or_default();
        declared.extend(self.contract().item().named());
        declared
    }

    fn taken(&self, member: &Member) -> Option<Taken> {
        let document = self.contract().document();
        let RequestBody { media, .. } = document.request_body(self.operation_of(member))?;
        let named = |name: &str| media.iter().find(|one| one.media_type == name);
        let plain = named("application/json").or_else(|| named(MERGE_PATCH));
        let json = || {
            let mut others = media.iter();
            others.find(|one| is_json(&one.media_type) && !one.media_type.contains("json-patch"))
        };
        let media = plain.or_else(json).or_else(|| named(FORM))?;
        let examples = document.examples(media).into_iter();
        let examples = examples.map(|(_, value)| value.clone());
        Some(Taken {
            media_type: media.media_type.clone(),
            schema: media.schema.clone()?,
            examples: media.example.clone().into_iter().chain(examples).collect(),
        })
    }
}

/// Whether a property says how far an item is. A client may set it, and the server may move it at any moment.
fn is_state(name: &str, schema: &Schema) -> bool {
    let words = schema.keyword("enum").and_then(Value::as_array);
    let name = name.to_ascii_lowercase();
    words.is_some_and(|words| words.len() > 1)
        && ["status", "state", "phase", "stage"]
            .iter()
            .any(|word| name.ends_with(word))
}

/// Whether a property of a request can be the one that answers show: a `type` of which answers always show one word is
/// not the `type` of something else that a request names.
fn says_the_same(asked: &Schema, shown: &Schema) -> bool {
    let mut words = ["const", "enum"].into_iter();
    words.all(|keyword| {
        shown
            .keyword(keyword)
            .is_none_or(|words| asked.keyword(keyword) == Some(words))
    })
}

/// A value as a form has it; `None` for a list or an object, which forms write in several ways.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(is) => Some(is.to_string()),
        other => key_text(other),
    }
}

/// The properties of the item in a body.
fn fields(member: &Member, whole: &Value) -> Map<String, Value> {
    let place = member.body.clone().unwrap_or_default();
    let inner = place.get(whole).and_then(Value::as_object);
    inner.cloned().unwrap_or_default()
}

/// A valid body with these properties of the item.
fn sent(taken: &Taken, place: &Selector, fields: Map<String, Value>) -> Option<Sent> {
    let mut whole = Value::Object(fields.clone());
    for name in openapi::tokens(&place.pointer()).into_iter().rev() {
        whole = Value::Object(Map::from_iter([(name, whole)]));
    }
    taken
        .schema
        .request_violations(&whole)
        .is_empty()
        .then(|| Sent {
            fields,
            whole,
            media_type: taken.media_type.clone(),
        })
}

/// The fields, and those that the schema requires besides, as they are now.
fn with_required(
    mut fields: Map<String, Value>,
    schema: &Schema,
    now: &Map<String, Value>,
) -> Map<String, Value> {
    for (name, property) in schema.named() {
        if schema.requires(&name) && !is_read_only(&property) && !fields.contains_key(&name) {
            let sample = Sample {
                mark: "judged",
                like: Some(now),
                inside: &[],
                is_short: true,
            };
            let value = now.get(&name).filter(|value| property.is_valid(value));
            fields.insert(name, value.cloned().unwrap_or_else(|| sample.of(&property)));
        }
    }
    fields
}

/// How plain a change is. A text is only a text; one of a few words may be a state that not every other leads to.
fn rank(schema: &Schema, value: &Value) -> u8 {
    match value {
        Value::String(_) if is_free_text(schema) => 0,
        Value::Number(_) => 1,
        Value::Bool(_) => 2,
        _ => 3,
    }
}
