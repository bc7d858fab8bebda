//! Entity tags of items, and conditions on them: RFC 9110, 8.8.3 and 13.1.
//!
//! They hold where the document declares an `ETag` header, or the refusal of a condition.

use bytes::Bytes;
use fixtures::Noise;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use serde_json::Value;

use super::record::Record;
use crate::answer::Answer;
use crate::refusal::{Plain, Refusal};
use crate::route::Route;

/// The tag of an item, which changes with each of its fields.
fn of(record: &Record) -> String {
    let text = Value::Object(record.fields.clone()).to_string();
    format!("\"{:016x}\"", Noise::new(0).at("etag").at(&text).bits())
}

/// Puts the tag of an item into an answer that declares one.
pub(super) fn put(answer: &mut Answer, record: &Record) {
    if answer.headers.contains_key(header::ETAG)
        && let Ok(tag) = HeaderValue::from_str(&of(record))
    {
        answer.headers.insert(header::ETAG, tag);
    }
}

/// Whether the client has the item as it is.
pub(super) fn is_known(request: &Request<Bytes>, answer: &Answer) -> bool {
    let tag = answer
        .headers
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok());
    tag.is_some_and(|tag| names(request.headers(), &header::IF_NONE_MATCH, tag) == Some(true))
}

/// The answer to a client that has the item as it is.
pub(super) fn unchanged(answer: &Answer) -> Answer {
    let mut unchanged = Answer::empty(StatusCode::NOT_MODIFIED);
    if let Some(tag) = answer.headers.get(header::ETAG) {
        unchanged.headers.insert(header::ETAG, tag.clone());
    }
    unchanged
}

/// Checks the condition of a change.
pub(super) fn check(
    request: &Request<Bytes>,
    route: &Route,
    record: &Record,
) -> Result<(), Refusal> {
    let refused = |status, detail: &str, cure: &str| {
        Err(Refusal::Plain(Plain {
            status,
            detail: detail.to_owned(),
            cure: Some(cure.to_owned()),
        }))
    };
    let declares = |status: &str| route.operation().statuses().any(|one| one == status);
    match names(request.headers(), &header::IF_MATCH, &of(record)) {
        Some(false) => refused(
            StatusCode::PRECONDITION_FAILED,
            "`If-Match` names another version of the item",
            "read the item again",
        ),
        None if declares("428") => refused(
            StatusCode::PRECONDITION_REQUIRED,
            "`If-Match` is missing",
            "send the `ETag` of the item",
        ),
        _ => Ok(()),
    }
}

/// Whether a condition names this tag; `None` if the request does not have it.
fn names(headers: &HeaderMap, condition: &HeaderName, tag: &str) -> Option<bool> {
    let sent = headers.get_all(condition).iter();
    let sent: Vec<_> = sent.filter_map(|one| one.to_str().ok()).collect();
    let mut listed = sent.iter().flat_map(|one| one.split(','));
    let plain = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    (!sent.is_empty()).then(|| listed.any(|one| one.trim() == "*" || plain(one) == tag))
}
