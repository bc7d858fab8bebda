//! Compares two answers as a client does who must not learn anything from them.
//!
//! Two such answers are never equal byte for byte, because they have dates, request ids, and the requested
//! id. So each request is sent twice, in the order one, other, other, one. A part of the answer counts only
//! if it was steady for each of the two, and differed between them, in every round. So counters, values
//! that alternate and random values do not count.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Ask, Exchange, Session};
use crate::Stop;

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The status.
    Status,
    /// A header, by name.
    Header(String),
    /// A value in the body, by JSON pointer, or the whole body if it is no JSON.
    Body(String),
}

/// A part in which the answers to two requests differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part.
    pub part: Part,
    /// The part in the answer to the first request.
    pub one: String,
    /// The part in the answer to the other request.
    pub other: String,
}

/// A part's text as sent, and without the request's own id and address.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    sent: String,
    masked: String,
}

type Look = BTreeMap<Part, Text>;

/// Headers whose values depend on one answer, on the connection, on the time, or on the body.
const VARYING: &[&str] = &[
    "age",
    "alt-svc",
    "cf-ray",
    "connection",
    "content-length",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "request-id",
    "server-timing",
    "set-cookie",
    "traceparent",
    "tracestate",
    "transfer-encoding",
    "via",
    "x-cache",
    "x-served-by",
    "x-timer",
];

/// Parts of the names of such headers.
const VARYING_KINDS: &[&str] = &[
    "correlation",
    "ratelimit",
    "rate-limit",
    "requestid",
    "request-id",
    "runtime",
    "trace",
    "-time",
];

impl Session<'_> {
    /// A part that distinguishes the answers to two requests, if there is one.
    pub fn tell_apart(&self, one: &Ask, other: &Ask) -> Result<Option<Difference>, Stop> {
        const ROUNDS: usize = 3;
        let mut found: Option<Vec<Difference>> = None;
        for round in 0..ROUNDS {
            let look = |ask: &Ask| match round {
                0 => self
                    .send(ask)
                    .map(|exchange| look(&self.path_of(&ask.resource), &exchange)),
                _ => self
                    .send_again(ask)
                    .map(|exchange| look(&self.path_of(&ask.resource), &exchange)),
            };
            let (first, second) = (look(one)?, look(other)?);
            let (again, last) = (look(other)?, look(one)?);
            let mut seen = differences([&first, &last], [&second, &again]);
            if let Some(before) = &found {
                seen.retain(|new| before.iter().any(|old| old.part == new.part));
            }
            if seen.is_empty() {
                return Ok(None);
            }
            found = Some(seen);
        }
        Ok(found.and_then(|seen| seen.into_iter().next()))
    }
}

/// A part of an answer that was steady before a change and is steady after it, but not the same.
pub(crate) fn changed_part(
    path: &[String],
    before: &[Exchange; 2],
    after: &[Exchange; 2],
) -> Option<Difference> {
    let look = |exchange: &Exchange| look(path, exchange);
    let ([first, last], [second, again]) =
        (before.each_ref().map(look), after.each_ref().map(look));
    differences([&first, &last], [&second, &again])
        .into_iter()
        .next()
}

fn look(path: &[String], exchange: &Exchange) -> Look {
    let own = own_words(path, exchange);
    let text = |sent: &str| Text {
        sent: sent.to_owned(),
        masked: own
            .iter()
            .fold(sent.to_owned(), |text, word| without(&text, word)),
    };
    let reply = &exchange.reply;
    let mut look = Look::from([(Part::Status, text(&reply.status.to_string()))]);
    for name in reply.headers.keys() {
        let values = reply.headers.get_all(name).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let value = if varies(name.as_str()) {
            "present".to_owned()
        } else {
            values.collect::<Vec<_>>().join(", ")
        };
        look.insert(Part::Header(name.to_string()), text(&value));
    }
    let mut leaves = Vec::new();
    match exchange.json() {
        Some(body) => collect(&body, "", &mut leaves),
        None => leaves.push((
            String::new(),
            String::from_utf8_lossy(&reply.body).into_owned(),
        )),
    }
    let leaves = leaves.into_iter();
    look.extend(leaves.map(|(pointer, leaf)| (Part::Body(pointer), text(&leaf))));
    look
}

fn varies(header: &str) -> bool {
    VARYING.contains(&header) || VARYING_KINDS.iter().any(|kind| header.contains(kind))
}

/// The parts that are steady in each pair, and differ between the pairs.
fn differences(one: [&Look; 2], other: [&Look; 2]) -> Vec<Difference> {
    let mut parts: Vec<&Part> = one
        .iter()
        .chain(&other)
        .flat_map(|look| look.keys())
        .collect();
    parts.sort_unstable();
    parts.dedup();
    let steady = |[first, last]: [&Look; 2], part: &Part| {
        let (first, last) = (first.get(part), last.get(part));
        (first == last).then(|| first.cloned())
    };
    let said = |text: &Option<Text>| {
        text.as_ref()
            .map_or("nothing".to_owned(), |text| shortened(&text.masked))
    };
    let differs = |part: &Part| {
        let (one, other) = (steady(one, part)?, steady(other, part)?);
        let alike = match (&one, &other) {
            (Some(one), Some(other)) => one.sent == other.sent || one.masked == other.masked,
            (None, None) => true,
            _ => false,
        };
        (!alike).then(|| Difference {
            part: part.clone(),
            one: said(&one),
            other: said(&other),
        })
    };
    parts.into_iter().filter_map(differs).collect()
}

/// The words that an answer may repeat from its request.
///
/// They are the address, the path and its values, and the texts of the query.
fn own_words(path: &[String], exchange: &Exchange) -> Vec<String> {
    let request = &exchange.request;
    let mut words = vec![request.target.clone(), request.path().to_owned()];
    let sent = request.query().into_iter().map(|(_, text)| text);
    let values = sent.chain(path.iter().cloned());
    words.extend(values.flat_map(|text| {
        let (lower, upper) = (text.to_ascii_lowercase(), text.to_ascii_uppercase());
        [text, lower, upper]
    }));
    words.retain(|word| !word.is_empty());
    words
}

fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `text` without `word`, if that stands alone.
fn without(text: &str, word: &str) -> String {
    if !text.contains(word) {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut rest = text;
    while let Some(place) = rest.find(word) {
        let (before, found) = rest.split_at(place);
        let behind = &found[word.len()..];
        kept += before;
        let joined =
            kept.ends_with(char::is_alphanumeric) || behind.starts_with(char::is_alphanumeric);
        kept += if joined { word } else { "…" };
        rest = behind;
    }
    kept + rest
}

/// Every value of a body that is no list or object, by JSON pointer.
fn collect(value: &Value, pointer: &str, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, field) in fields {
                collect(field, &openapi::join(pointer, name), leaves);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &openapi::join(pointer, &index.to_string()), leaves);
            }
        }
        Value::String(text) => leaves.push((pointer.to_owned(), text.clone())),
        other => leaves.push((pointer.to_owned(), other.to_string())),
    }
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => out.write_str("status"),
            Self::Header(name) => write!(out, "header `{name}`"),
            Self::Body(pointer) if pointer.is_empty() => out.write_str("body"),
            Self::Body(pointer) => write!(out, "`{pointer}` of the body"),
        }
    }
}

impl Difference {
    /// The expected part, from the answer to the first request.
    pub fn expected(&self, what: &str) -> String {
        format!("{} as for {what}: {}", self.part, self.one)
    }

    /// The actual part, from the answer to the other request.
    pub fn actual(&self) -> String {
        format!("{}: {}", self.part, self.other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(parts: &[(&str, &str)]) -> Look {
        let parts = parts.iter().map(|(name, text)| {
            let masked = without(text, "one");
            let sent = (*text).to_owned();
            (Part::Header((*name).to_owned()), Text { sent, masked })
        });
        parts.collect()
    }

    fn check(one: [&str; 2], other: [&str; 2], differ: bool) {
        let [first, last] = one.map(|text| look(&[("x", text)]));
        let [second, again] = other.map(|text| look(&[("x", text)]));
        let found = differences([&first, &last], [&second, &again]);
        assert_eq!(!found.is_empty(), differ, "{one:?} {other:?}");
    }

    #[test]
    fn a_steady_difference_is_found() {
        check(["a", "a"], ["b", "b"], true);
        check(["a", "a"], ["a", "a"], false);
    }

    #[test]
    fn a_part_that_varies_is_no_difference() {
        check(["1", "4"], ["2", "3"], false);
        check(["a", "b"], ["b", "a"], false);
        check(["a", "a"], ["a", "b"], false);
    }

    #[test]
    fn an_id_is_removed_only_if_it_stands_alone() {
        assert_eq!(without("no job one here", "one"), "no job … here");
        assert_eq!(without("none", "one"), "none");
        assert_eq!(without("/jobs/one/events", "one"), "/jobs/…/events");
    }
}
