//! Compares two readings of an item.

use openapi::{Contract, Schema};
use serde_json::Value;

/// The difference of two readings of an item, in words. `None` if there is none.
///
/// Presigned URLs change by design, and any other URL may carry a signature in its query. A property that
/// is left out equals its documented default, and UUIDs are the same in either case.
pub(crate) fn change(contract: &Contract, old: &Value, new: &Value) -> Option<String> {
    changed(Some(&contract.item()), old, new, "")
}

fn changed(schema: Option<&Schema>, old: &Value, new: &Value, at: &str) -> Option<String> {
    if old == new {
        return None;
    }
    let says = |keyword: &str| schema.and_then(|schema| schema.keyword(keyword));
    if says("x-presigned").is_some() {
        return None;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            before.keys().chain(added).find_map(|name| {
                let schema = schema.and_then(|schema| schema.property(name));
                let default = schema.as_ref().and_then(|schema| schema.keyword("default"));
                let missing = default.unwrap_or(&Value::Null);
                let (old, new) = (before.get(name), after.get(name));
                if default.is_none() && old.is_some() != new.is_some() {
                    let verb = if old.is_some() { "is gone" } else { "is new" };
                    return Some(format!("{at}/{name} {verb}"));
                }
                let (old, new) = (old.unwrap_or(missing), new.unwrap_or(missing));
                changed(schema.as_ref(), old, new, &format!("{at}/{name}"))
            })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let schema = schema.and_then(Schema::items);
            before
                .iter()
                .zip(after)
                .enumerate()
                .find_map(|(index, (old, new))| {
                    changed(schema.as_ref(), old, new, &format!("{at}/{index}"))
                })
        }
        (Value::String(before), Value::String(after)) => {
            let uuid = says("format").is_some_and(|format| format == "uuid");
            let same = before == after
                || uuid && before.eq_ignore_ascii_case(after)
                || is_url(before) && unsigned(before) == unsigned(after);
            (!same).then(|| format!("{at} is {new}, not {old}"))
        }
        (Value::Number(before), Value::Number(after)) if before.as_f64() == after.as_f64() => None,
        _ => (old != new).then(|| format!("{at} is {new}, not {old}")),
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn unsigned(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}
