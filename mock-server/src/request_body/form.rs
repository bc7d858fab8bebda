//! Bodies of `application/x-www-form-urlencoded`. The schema says which texts are numbers, lists and objects.

use std::borrow::Cow;

use openapi::Schema;
use serde_json::{Map, Value};

use crate::parameters::decoded;

/// The fields of a form as an object.
pub(super) fn read(schema: Option<&Schema>, body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name).into_owned(), decoded(value).into_owned())
    });
    fields(schema, pairs)
}

/// Names and texts as an object. A name that comes several times, or whose schema is a list, is a list;
/// `a[b]` is `b` inside `a`, and `a[]` an item of `a`.
pub(super) fn fields(
    schema: Option<&Schema>,
    pairs: impl Iterator<Item = (String, String)>,
) -> Value {
    let mut object = Map::new();
    for (name, text) in pairs {
        let (name, inner) = match name.split_once('[') {
            Some((outer, inner)) if !outer.is_empty() && inner.ends_with(']') => (
                outer.to_owned(),
                Some(inner.trim_end_matches(']').to_owned()),
            ),
            _ => (name, None),
        };
        let property = schema.and_then(|schema| schema.property(&name));
        match inner {
            Some(inner) if !inner.is_empty() && inner.parse::<usize>().is_err() => {
                let of_inner = property.as_ref().and_then(|outer| outer.property(&inner));
                let value = typed(of_inner.as_ref(), &text);
                let outer = object.entry(name).or_insert_with(|| Map::new().into());
                if let Value::Object(outer) = outer {
                    outer.insert(inner, value);
                }
            }
            inner => add(&mut object, property.as_ref(), name, &text, inner.is_some()),
        }
    }
    Value::Object(object)
}

fn add(
    object: &mut Map<String, Value>,
    property: Option<&Schema>,
    name: String,
    text: &str,
    is_item: bool,
) {
    let types = property.map(Schema::types).unwrap_or_default();
    let items = property.and_then(items_of);
    // An empty text is no list where it may be a text.
    let may_be_list = types.contains(&"array") && !(text.is_empty() && types.contains(&"string"));
    let is_list = is_item || may_be_list;
    let is_json = is_list && !is_item && text.starts_with('[');
    let value = match (is_list, serde_json::from_str::<Value>(text)) {
        (true, Ok(whole @ Value::Array(_))) if is_json => whole,
        (true, _) => typed(items.as_ref(), text),
        (false, _) => typed(property, text),
    };
    match object.get_mut(&name) {
        Some(Value::Array(known)) => known.push(value),
        Some(known) => *known = Value::Array(vec![known.take(), value]),
        None if is_list && !is_json => {
            object.insert(name, Value::Array(vec![value]));
        }
        None => {
            object.insert(name, value);
        }
    }
}

/// The schema of a list's items, also if the list is one of several choices.
fn items_of(schema: &Schema) -> Option<Schema> {
    let choices = ["anyOf", "oneOf"].into_iter();
    let mut choices = choices.flat_map(|keyword| schema.branches(keyword));
    let own = schema.items();
    own.or_else(|| choices.find_map(|choice| choice.items()))
}

/// A text as a value of a type that the schema knows; a text if none fits.
pub(super) fn typed(schema: Option<&Schema>, text: &str) -> Value {
    let types = schema.map(Schema::types).unwrap_or_default();
    let knows = |kind: &str| types.contains(&kind);
    if knows("integer") || knows("number") {
        let number = serde_json::from_str::<Value>(text)
            .ok()
            .filter(Value::is_number);
        if let Some(number) = number {
            return number;
        }
    }
    if let Some(truth) = openapi::truth(&types, text) {
        return Value::Bool(truth);
    }
    match text {
        "" | "null" if knows("null") && !(text.is_empty() && knows("string")) => Value::Null,
        _ if knows("object") || knows("array") => {
            let whole = serde_json::from_str(text).ok();
            whole.unwrap_or_else(|| Value::from(Cow::Borrowed(text)))
        }
        _ => Value::from(text),
    }
}
