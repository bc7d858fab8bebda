//! Pictures behind presigned URLs: each shows which artifact of which event it is.
//!
//! A URL opens without credentials, for it carries its own; expired or forged it is refused. Nothing is
//! stored: the event is computed again, and the picture is drawn from it. What is written in the picture
//! is what the document's object around the URL holds, whatever its fields are called.

mod picture;

use bytes::Bytes;
use fixtures::{ARTIFACTS, Caller, PresignedUrl};
use http::{HeaderValue, Method, Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::mock::Mock;

/// Why there is no picture.
enum Denied {
    Method,
    Forged,
    Expired,
    Gone,
}

/// The answer to a request for an artifact; `None` if the request is for something else.
pub(crate) fn answer(mock: &Mock, request: &Request<Bytes>, now: Timestamp) -> Option<Answer> {
    let path = request.uri().path().strip_prefix(ARTIFACTS)?;
    let query = request.uri().query().unwrap_or_default();
    let answer = match show(mock, request.method(), path, query, now) {
        Ok((link, picture)) => shown(link, picture, now),
        Err(denied) => denied.answer(),
    };
    Some(Answer {
        route: Some(format!("GET {ARTIFACTS}…").into()),
        ..answer
    })
}

fn show(
    mock: &Mock,
    method: &Method,
    path: &str,
    query: &str,
    now: Timestamp,
) -> Result<(PresignedUrl, Bytes), Denied> {
    if ![Method::GET, Method::HEAD].contains(method) {
        return Err(Denied::Method);
    }
    let link = mock
        .world
        .presigned_url(path, query)
        .ok_or(Denied::Forged)?;
    if link.expires <= now.as_second() {
        return Err(Denied::Expired);
    }
    let lines = lines(mock, link, path, now).ok_or(Denied::Gone)?;
    Ok((link, picture::draw(link.address, &lines).into()))
}

/// What is written in the picture: the job, the event's key, and what the artifact's object holds.
fn lines(mock: &Mock, link: PresignedUrl, path: &str, now: Timestamp) -> Option<Vec<String>> {
    let (place, id) = mock.world.resource_of(link)?;
    let route = mock.routes.iter().find(|route| route.place == place)?;
    let timeline = mock.see(route, Caller::Anyone, Some(id), now).ok()?;
    let event: Value = serde_json::from_slice(&timeline.event(link.index)?).ok()?;
    let mut lines = Vec::new();
    if let Some(object) = around(&event, path) {
        let said = object.values().filter(|value| !is_url(value));
        lines.extend(said.filter_map(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }));
    }
    lines.push(format!("job {id}"));
    let key = route.contract.key(&event)?;
    lines.push(format!("event {key}"));
    Some(lines)
}

/// The object that holds the URL with this path.
fn around<'e>(value: &'e Value, path: &str) -> Option<&'e serde_json::Map<String, Value>> {
    match value {
        Value::Object(fields) => {
            let holds = |value: &Value| value.as_str().is_some_and(|text| text.contains(path));
            if fields.values().any(holds) {
                return Some(fields);
            }
            fields.values().find_map(|value| around(value, path))
        }
        Value::Array(items) => items.iter().find_map(|value| around(value, path)),
        _ => None,
    }
}

fn is_url(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("://"))
}

fn shown(link: PresignedUrl, picture: Bytes, now: Timestamp) -> Answer {
    let mut answer = Answer::new(StatusCode::OK, "image/png", picture);
    // As long as the URL is good the picture is the same.
    let life = link.expires - now.as_second();
    if let Ok(cache) = HeaderValue::from_str(&format!("private, max-age={life}")) {
        answer.headers.insert(header::CACHE_CONTROL, cache);
    }
    answer
}

impl Denied {
    fn answer(self) -> Answer {
        let (status, why) = match self {
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "an artifact takes GET, HEAD",
            ),
            Self::Forged => (StatusCode::FORBIDDEN, "this mock did not sign the URL"),
            Self::Expired => (
                StatusCode::FORBIDDEN,
                "the URL has expired; read the event again",
            ),
            Self::Gone => (StatusCode::NOT_FOUND, "its event is not there"),
        };
        let title = status.canonical_reason().unwrap_or("Refused");
        let body = json!({ "title": title, "status": status.as_u16(), "detail": why });
        let body = body.to_string().into();
        let mut answer = Answer::new(status, "application/problem+json", body);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let allow = HeaderValue::from_static("GET, HEAD");
            answer.headers.insert(header::ALLOW, allow);
        }
        answer.wrong = vec![why.to_owned()];
        answer
    }
}
