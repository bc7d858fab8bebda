//! Compares two readings of an item.

use openapi::{Contract, Schema, Selector, Step};
use serde_json::Value;

/// The difference of two readings of an item, in words. `None` if there is none.
///
/// Presigned URLs change by design, and any other URL may carry a signature in its query. A property that
/// is left out equals its documented default, and UUIDs are the same in either case. A place that is
/// declared to be volatile may change.
pub(crate) fn change(contract: &Contract, old: &Value, new: &Value) -> Option<String> {
    let volatile: Vec<_> = contract.pagination().volatile.iter().map(written).collect();
    changed(&volatile, Some(&contract.item()), old, new, "")
}

/// A selector as [`changed`] writes places.
fn written(selector: &Selector) -> String {
    let names = selector.steps().iter().map(|step| match step {
        Step::Name(name) => format!("/{name}"),
        Step::Last => "/-1".to_owned(),
    });
    names.collect()
}

fn changed(
    volatile: &[String],
    schema: Option<&Schema>,
    old: &Value,
    new: &Value,
    at: &str,
) -> Option<String> {
    if old == new {
        return None;
    }
    let says = |keyword: &str| schema.and_then(|schema| schema.keyword(keyword));
    if may_change(volatile, schema, at) || says("x-presigned").is_some() {
        return None;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            before.keys().chain(added).find_map(|name| {
                let (schema, at) = (
                    schema.and_then(|schema| schema.property(name)),
                    format!("{at}/{name}"),
                );
                let default = schema.as_ref().and_then(|schema| schema.keyword("default"));
                let missing = default.unwrap_or(&Value::Null);
                let (old, new) = (before.get(name), after.get(name));
                let steady = default.is_none() && !may_change(volatile, schema.as_ref(), &at);
                if steady && old.is_some() != new.is_some() {
                    let verb = if old.is_some() { "is gone" } else { "is new" };
                    return Some(format!("{at} {verb}"));
                }
                let (old, new) = (old.unwrap_or(missing), new.unwrap_or(missing));
                changed(volatile, schema.as_ref(), old, new, &at)
            })
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let schema = schema.and_then(Schema::items);
            before
                .iter()
                .zip(after)
                .enumerate()
                .find_map(|(index, (old, new))| {
                    changed(
                        volatile,
                        schema.as_ref(),
                        old,
                        new,
                        &format!("{at}/{index}"),
                    )
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

/// Whether a place is declared to be volatile, by the contract's list or by its schema.
fn may_change(volatile: &[String], schema: Option<&Schema>, at: &str) -> bool {
    let says = schema.and_then(|schema| schema.keyword("x-volatile"));
    let is_marked = says.is_some_and(|says| *says != Value::Bool(false));
    is_marked || volatile.iter().any(|place| place == at)
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn unsigned(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}
