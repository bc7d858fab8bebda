//! Likeness: whether two readings of an item are one, and whether an answer can be told from others.

use openapi::{Contract, Schema};
use serde_json::Value;

use super::Exchange;

/// Where `new` differs from `old`, two readings of one item, in words; `None` where it does not.
///
/// Presigned URLs change by design, and any other URL may carry a signature in its query. A property that
/// is left out equals its documented default, and UUIDs are the same in either case.
pub(crate) fn change(contract: &Contract, old: &Value, new: &Value) -> Option<String> {
    changed(Some(&contract.item()), old, new, "")
}

fn changed(schema: Option<&Schema>, old: &Value, new: &Value, at: &str) -> Option<String> {
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

/// How the answer in the middle can be told from the other two, which were given to the same kind of
/// question before and after it; `None` where it cannot. With each answer goes the text that was asked
/// for, which may be echoed.
///
/// What differs between the outer two (request ids, counters, the time) tells nothing.
pub(crate) fn told_apart(answers: [(&Exchange, &str); 3]) -> Option<String> {
    let statuses = answers.map(|(exchange, _)| exchange.reply.status);
    if statuses[0] != statuses[2] {
        return None;
    }
    if statuses[1] != statuses[0] {
        return Some(format!("status {}, not {}", statuses[1], statuses[0]));
    }
    let names = answers
        .iter()
        .flat_map(|(exchange, _)| exchange.reply.headers.keys());
    for name in names.filter(|name| !is_volatile(name.as_str())) {
        let [before, odd, after] = answers.map(|(exchange, text)| {
            let values = exchange.reply.headers.get_all(name).iter();
            let values =
                values.map(|value| masked(&String::from_utf8_lossy(value.as_bytes()), text));
            values.collect::<Vec<_>>()
        });
        if before == after && odd != before {
            return Some(format!("the header {name} is {odd:?}, not {before:?}"));
        }
    }
    let [before, odd, after] = answers.map(|(exchange, text)| {
        let body = masked(&String::from_utf8_lossy(&exchange.reply.body), text);
        serde_json::from_str(&body).unwrap_or(Value::String(body))
    });
    odd_one(&before, &odd, &after, "")
}

/// Headers that may differ between any two answers and still coincide in two of three.
fn is_volatile(name: &str) -> bool {
    let parts = ["date", "time", "timing", "trace", "request-id", "ratelimit"];
    matches!(name, "age" | "content-length") || parts.iter().any(|part| name.contains(part))
}

fn masked(body: &str, text: &str) -> String {
    if text.is_empty() {
        return body.to_owned();
    }
    body.replace(text, "…")
        .replace(&text.to_ascii_lowercase(), "…")
}

fn odd_one(before: &Value, odd: &Value, after: &Value, at: &str) -> Option<String> {
    if let (Value::Object(first), Value::Object(middle), Value::Object(last)) = (before, odd, after)
    {
        let names = first.keys().chain(middle.keys());
        return names.into_iter().find_map(|name| {
            let null = &Value::Null;
            let [before, odd, after] =
                [first, middle, last].map(|fields| fields.get(name).unwrap_or(null));
            odd_one(before, odd, after, &format!("{at}/{name}"))
        });
    }
    if let (Value::Array(first), Value::Array(middle), Value::Array(last)) = (before, odd, after)
        && first.len() == middle.len()
        && first.len() == last.len()
    {
        let items = first.iter().zip(middle).zip(last).enumerate();
        let mut found = items.filter_map(|(index, ((before, odd), after))| {
            odd_one(before, odd, after, &format!("{at}/{index}"))
        });
        return found.next();
    }
    (before == after && odd != before).then(|| {
        let place = if at.is_empty() { "the body" } else { at };
        format!("{place} is {odd}, not {before}")
    })
}
