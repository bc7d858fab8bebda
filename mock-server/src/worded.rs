//! Words for bodies of refusals that are made up from a schema.
//!
//! A client reads a refusal to learn what is wrong. So a text named `message` or the like says it, a text
//! named `code` is the status as a word, and a number named `status` is the status. A value is replaced only
//! if the body stays valid.

use http::StatusCode;
use openapi::Schema;
use serde_json::{Value, json};

/// How deep objects are looked into.
const DEPTH: usize = 4;

const SENTENCES: [&str; 16] = [
    "description",
    "detail",
    "details",
    "developermessage",
    "error",
    "errordescription",
    "errormessage",
    "explanation",
    "hint",
    "info",
    "message",
    "moreinfo",
    "msg",
    "reason",
    "text",
    "usermessage",
];
const TITLES: [&str; 4] = ["title", "summary", "statustext", "errortitle"];
const WORDS: [&str; 8] = [
    "code",
    "error",
    "errorcode",
    "errortype",
    "kind",
    "name",
    "status",
    "type",
];
const NUMBERS: [&str; 6] = [
    "code",
    "errorcode",
    "httpcode",
    "httpstatus",
    "status",
    "statuscode",
];

/// Puts what is wrong into a body that was made up for `status`.
pub(crate) fn reword(body: &mut Value, schema: &Schema, status: StatusCode, detail: &str) {
    let mut changes = Vec::new();
    collect(body, "", status, detail, 0, &mut changes);
    let mut all = body.clone();
    for (place, value) in &changes {
        put(&mut all, place, value);
    }
    if schema.is_valid(&all) {
        *body = all;
        return;
    }
    for (place, value) in &changes {
        let mut one = body.clone();
        put(&mut one, place, value);
        if schema.is_valid(&one) {
            *body = one;
        }
    }
}

/// The status in words: `Not Found`.
pub(crate) fn title(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Refused")
}

fn put(body: &mut Value, place: &str, value: &Value) {
    if let Some(here) = body.pointer_mut(place) {
        *here = value.clone();
    }
}

fn collect(
    value: &Value,
    at: &str,
    status: StatusCode,
    detail: &str,
    depth: usize,
    changes: &mut Vec<(String, Value)>,
) {
    match value {
        Value::Array(items) if depth < DEPTH => {
            if let [first, _, ..] = items.as_slice() {
                // One mistake is enough.
                changes.push((at.to_owned(), json!([first])));
            }
            let Some(first) = items.first() else {
                return;
            };
            let at = openapi::join(at, "0");
            match first {
                Value::String(_) => changes.push((at, Value::from(detail))),
                first => collect(first, &at, status, detail, depth + 1, changes),
            }
        }
        Value::Object(fields) if depth < DEPTH => {
            let keys: Vec<_> = fields.keys().map(|name| folded(name)).collect();
            let has_sentence = keys
                .iter()
                .any(|key| key != "error" && SENTENCES.contains(&key.as_str()));
            for ((name, value), key) in fields.iter().zip(&keys) {
                let at = openapi::join(at, name);
                let replaced = match value {
                    Value::String(_) => text(key, has_sentence, status, detail),
                    Value::Number(number)
                        if !number.is_f64() && NUMBERS.contains(&key.as_str()) =>
                    {
                        Some(Value::from(status.as_u16()))
                    }
                    inner => {
                        collect(inner, &at, status, detail, depth + 1, changes);
                        None
                    }
                };
                changes.extend(replaced.map(|value| (at, value)));
            }
        }
        _ => {}
    }
}

/// The text for a property; `has_sentence` says whether another property tells what is wrong.
fn text(key: &str, has_sentence: bool, status: StatusCode, detail: &str) -> Option<Value> {
    if TITLES.contains(&key) {
        return Some(Value::from(title(status)));
    }
    if WORDS.contains(&key) && (has_sentence || key != "error") {
        return Some(Value::from(word(status)));
    }
    SENTENCES.contains(&key).then(|| Value::from(detail))
}

/// The status as one word: `not_found`.
fn word(status: StatusCode) -> String {
    let title = title(status).to_ascii_lowercase();
    title.replace(|one: char| !one.is_ascii_alphanumeric(), "_")
}

/// A name without the marks in which styles of names differ.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
