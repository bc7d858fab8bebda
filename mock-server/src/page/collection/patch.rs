//! Changes to an item: a replacement, a JSON Merge Patch (RFC 7396), or a JSON Patch (RFC 6902).

use bytes::Bytes;
use http::{Request, header};
use serde_json::{Map, Value};

use super::record::{Change, Shapes};

/// The changes that replace what a request may set by what it has.
pub(super) fn replacement(
    fields: &Map<String, Value>,
    sent: &Map<String, Value>,
    shapes: &Shapes,
) -> Vec<Change> {
    let gone = fields
        .keys()
        .filter(|name| !sent.contains_key(*name) && shapes.takes(name) && shapes.may_change(name));
    let gone = gone.map(|name| {
        let default = shapes
            .property(name)
            .and_then(|schema| schema.keyword("default"));
        (name.clone(), default.cloned())
    });
    let given = sent.iter().filter(|(name, _)| shapes.may_change(name));
    let given = given.map(|(name, value)| (name.clone(), Some(value.clone())));
    given.chain(gone).collect()
}

/// The fields as the body of a request changes them. Fails with a sentence if a JSON Patch cannot be applied.
pub(super) fn patched(
    request: &Request<Bytes>,
    fields: &Map<String, Value>,
    sent: Option<&Value>,
) -> Result<Map<String, Value>, String> {
    let Some(sent) = sent else {
        return Ok(fields.clone());
    };
    let mut whole = Value::Object(fields.clone());
    if is_json_patch(request) {
        let patch: json_patch::Patch = serde_json::from_value(sent.clone())
            .map_err(|error| format!("the body is no JSON Patch: {error}"))?;
        json_patch::patch(&mut whole, &patch)
            .map_err(|error| format!("the patch does not suit the item: {error}"))?;
    } else if sent.is_object() {
        json_patch::merge(&mut whole, sent);
    }
    match whole {
        Value::Object(fields) => Ok(fields),
        _ => Err("the patch leaves no object".to_owned()),
    }
}

fn is_json_patch(request: &Request<Bytes>) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|one| one.to_str().ok());
    media_type.is_some_and(|one| one.contains("json-patch"))
}

/// The properties that the body of a request sets. Of a JSON Patch, those that it sets as a whole.
pub(super) fn named(request: &Request<Bytes>, sent: Option<&Value>) -> Map<String, Value> {
    if !is_json_patch(request) {
        return sent.and_then(Value::as_object).cloned().unwrap_or_default();
    }
    let steps = sent.and_then(Value::as_array).into_iter().flatten();
    let named = steps.filter_map(|step| {
        let does = step.get("op")?.as_str()?;
        let names = openapi::tokens(step.get("path")?.as_str()?);
        match names.as_slice() {
            [name] if matches!(does, "add" | "replace") => {
                Some((name.clone(), step.get("value")?.clone()))
            }
            _ => None,
        }
    });
    named.collect()
}

/// The changes that lead from one state of the fields to another, as far as a request may make them.
pub(super) fn differences(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    shapes: &Shapes,
) -> Vec<Change> {
    let set = new
        .iter()
        .filter(|(name, value)| old.get(*name) != Some(*value));
    let set = set.map(|(name, value)| (name.clone(), Some(value.clone())));
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    // A merge patch takes out by null, which a property that must be there may be.
    let gone = gone.map(|name| {
        let takes_null = shapes
            .property(name)
            .is_some_and(|one| one.is_valid(&Value::Null));
        (name.clone(), takes_null.then_some(Value::Null))
    });
    let changes = set.chain(gone).filter(|(name, _)| shapes.may_change(name));
    changes.collect()
}
