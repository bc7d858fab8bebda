//! A new item: what the client said of it, and what a server adds.
//!
//! What a request may set and does not is left out, or is as the schema's default. The rest is the server's: times
//! are those of the mock's clock, counts are zero, and nothing that happens later has happened yet.

use jiff::Timestamp;
use openapi::{Schema, key_text};
use serde_json::{Map, Value};

use super::record::{Change, Shapes};

/// Names of the moment at which an item was made, in lower case and without punctuation.
const CREATED: [&str; 11] = [
    "created",
    "createdat",
    "createdon",
    "createddate",
    "createdtime",
    "createtime",
    "creationdate",
    "creationtime",
    "datecreated",
    "insertedat",
    "timecreated",
];
/// Names of the moment of its last change.
const UPDATED: [&str; 13] = [
    "updated",
    "updatedat",
    "updatedon",
    "updateddate",
    "updatetime",
    "dateupdated",
    "timeupdated",
    "modified",
    "modifiedat",
    "datemodified",
    "lastmodified",
    "lastupdated",
    "lastupdatedat",
];

/// What is known when an item is made.
pub(super) struct Moment<'a> {
    pub(super) now: Timestamp,
    /// The property with its key, and the key.
    pub(super) key: (&'a str, &'a Value),
    /// The last path parameter of the list, and its value.
    pub(super) parent: Option<(&'a str, &'a str)>,
}

/// The fields of a new item. `base` has a value for each property that answers may show.
pub(super) fn item(
    base: Map<String, Value>,
    sent: &Map<String, Value>,
    shapes: &Shapes,
    moment: &Moment<'_>,
) -> Map<String, Value> {
    let (key, own) = moment.key;
    let mut changes = vec![(key.to_owned(), Some(own.clone()))];
    for (name, value) in &base {
        let Some(schema) = shapes.property(name).filter(|_| name != key) else {
            continue;
        };
        let is_sent = sent.contains_key(name) && shapes.may_change(name);
        let first = || first(name, value, schema, shapes, moment);
        changes.extend(
            (!is_sent)
                .then(first)
                .flatten()
                .map(|value| (name.clone(), value)),
        );
    }
    let own = sent.iter().filter(|(name, _)| shapes.may_change(name));
    changes.extend(own.map(|(name, value)| (name.clone(), Some(value.clone()))));
    shapes.settle(base, &changes)
}

/// The changes, and the moment of the last change if the item has it and they do not set it.
pub(super) fn touched(
    mut changes: Vec<Change>,
    fields: &Map<String, Value>,
    shapes: &Shapes,
    now: Timestamp,
) -> Vec<Change> {
    if changes.is_empty() {
        return changes;
    }
    for name in fields
        .keys()
        .filter(|name| UPDATED.contains(&folded(name).as_str()))
    {
        let is_set = changes.iter().any(|(known, _)| known == name);
        let time = shapes.property(name).and_then(|schema| time(schema, now));
        if let (false, Some(time)) = (is_set, time) {
            changes.push((name.clone(), Some(time)));
        }
    }
    changes
}

/// The changes that set these properties, and the moments that are named after their values: `cancelled_at`.
pub(super) fn set(sets: &[(String, Value)], shapes: &Shapes, now: Timestamp) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, value) in sets {
        changes.push((name.clone(), Some(value.clone())));
        let word = value.as_str().unwrap_or(name);
        let moment = format!("{}at", folded(word));
        for (name, schema) in shapes.properties() {
            if folded(name) == moment {
                changes.extend(time(schema, now).map(|time| (name.clone(), Some(time))));
            }
        }
    }
    changes
}

/// What a property of a new item is if the client does not say it: a value, or nothing. The outer `None` stands for
/// the value that was made up.
#[expect(
    clippy::option_option,
    reason = "a value, none, or the one that is there"
)]
fn first(
    name: &str,
    made: &Value,
    schema: &Schema,
    shapes: &Shapes,
    moment: &Moment<'_>,
) -> Option<Option<Value>> {
    let plain = folded(name);
    if CREATED.contains(&plain.as_str()) || UPDATED.contains(&plain.as_str()) {
        return time(schema, moment.now).map(Some);
    }
    if let Some(parent) = parent(&plain, schema, moment) {
        return Some(Some(parent));
    }
    let valid = |value: Value| schema.is_valid(&value).then_some(Some(value));
    if let Some(default) = schema.keyword("default") {
        return valid(default.clone());
    }
    if schema.types().contains(&"null") && schema.is_valid(&Value::Null) {
        return Some(Some(Value::Null));
    }
    if shapes.takes(name) && !shapes.requires(name) {
        return Some(None);
    }
    match made {
        Value::Bool(_) => valid(false.into()),
        Value::Array(_) => valid(Value::Array(Vec::new())),
        Value::Number(_) if plain.ends_with("count") || plain.starts_with("total") => {
            valid(0.into())
        }
        Value::String(_) => {
            let words = schema.keyword("enum").and_then(Value::as_array)?;
            words.first().cloned().and_then(valid)
        }
        _ => None,
    }
}

/// The key of the item that the list belongs to, at a property that is named after the path's parameter.
fn parent(plain: &str, schema: &Schema, moment: &Moment<'_>) -> Option<Value> {
    let (parameter, text) = moment.parent?;
    let parameter = folded(parameter);
    let is_named = plain == parameter || plain.strip_suffix("id") == Some(&parameter);
    if !is_named || plain == folded(moment.key.0) {
        return None;
    }
    let number = serde_json::from_str(text).ok().filter(Value::is_number);
    let mut values = number.into_iter().chain([Value::from(text)]);
    values.find(|value| schema.is_valid(value) && key_text(value).as_deref() == Some(text))
}

/// A moment as a property has it; `None` if the property takes neither a time nor seconds since 1970.
fn time(schema: &Schema, now: Timestamp) -> Option<Value> {
    let format = schema.keyword("format").and_then(Value::as_str);
    let types = schema.types();
    let value = if types.contains(&"integer") || types.contains(&"number") {
        Value::from(now.as_second())
    } else if format == Some("date") {
        Value::from(now.to_string().split('T').next()?)
    } else {
        Value::from(now.to_string())
    };
    schema.is_valid(&value).then_some(value)
}

/// A name without the marks in which styles of names differ.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
