//! Values of the request that a body repeats: those of its path, and those of its own body.
//!
//! A client that reads `/orders/7` expects the order 7, and a form shows what was entered.

use openapi::Schema;
use serde_json::{Map, Value};

/// How many values are tried one by one.
const MOST: usize = 64;

/// Puts values into `body` where properties have their names, as long as `body` stays valid.
///
/// `path` are the names and values of path parameters. If the last segment of the path is one, `id` stands
/// for it, too. `sent` is the request's body.
pub(super) fn put(
    body: &mut Value,
    schema: &Schema,
    path: &[(&str, String)],
    ends_in_parameter: bool,
    sent: Option<&Value>,
) {
    let Some(place) = place(body) else {
        return;
    };
    let Some(fields) = body.pointer(&place).and_then(Value::as_object) else {
        return;
    };
    let mut changes = of_path(fields, path, ends_in_parameter);
    let sent = sent.and_then(Value::as_object).into_iter().flatten();
    let of_body = sent.filter(|(name, value)| {
        let taken = changes.iter().any(|(known, _)| known == *name);
        !taken && fields.get(*name).is_some_and(|own| own != *value)
    });
    let of_body: Vec<_> = of_body
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    changes.extend(of_body);
    if changes.is_empty() {
        return;
    }
    let all = with(body, &place, &changes);
    if schema.is_valid(&all) {
        *body = all;
        return;
    }
    for change in changes.iter().take(MOST) {
        let one = with(body, &place, std::slice::from_ref(change));
        if schema.is_valid(&one) {
            *body = one;
        }
    }
}

/// The object that stands for the resource: the body, or the only object inside it.
fn place(body: &Value) -> Option<String> {
    let fields = body.as_object()?;
    let mut inner = fields.iter().filter(|(_, value)| value.is_object());
    match (inner.next(), inner.next()) {
        (Some((name, _)), None) if fields.len() == 1 => Some(openapi::join("", name)),
        _ => Some(String::new()),
    }
}

/// The properties that have the names of path parameters, with the values of the request.
fn of_path(
    fields: &Map<String, Value>,
    path: &[(&str, String)],
    ends_in_parameter: bool,
) -> Vec<(String, Value)> {
    let mut changes: Vec<(String, Value)> = Vec::new();
    for (index, (parameter, text)) in path.iter().enumerate() {
        let is_last = ends_in_parameter && index + 1 == path.len();
        let same = |name: &&String| folded(name) == folded(parameter);
        let named = fields.keys().find(same);
        let id = fields
            .keys()
            .find(|name| is_last && name.eq_ignore_ascii_case("id"));
        for name in named.into_iter().chain(id) {
            let known = changes.iter().any(|(known, _)| known == name);
            if let (Some(value), false) = (typed(text, &fields[name]), known) {
                changes.push((name.clone(), value));
            }
        }
    }
    changes
}

/// A name without the marks in which styles of names differ: `petId` and `pet_id` are one.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A text as a value of the type that `like` has.
fn typed(text: &str, like: &Value) -> Option<Value> {
    match like {
        Value::Number(_) => {
            let value: Value = serde_json::from_str(text).ok()?;
            value.is_number().then_some(value)
        }
        Value::Bool(_) => text.parse().ok().map(Value::Bool),
        Value::String(_) | Value::Null => Some(Value::from(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn with(body: &Value, place: &str, changes: &[(String, Value)]) -> Value {
    let mut copy = body.clone();
    if let Some(fields) = copy.pointer_mut(place).and_then(Value::as_object_mut) {
        for (name, value) in changes {
            fields.insert(name.clone(), value.clone());
        }
    }
    copy
}
