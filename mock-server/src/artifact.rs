//! The pictures behind presigned URLs. Each names its artifact and its event.
//!
//! A presigned URL needs no credentials, because it is signed. An expired or forged URL is refused. Nothing
//! is stored: the event is computed again, and the picture is drawn from it. The text in the picture is
//! taken from the object that holds the URL, whatever its fields are named.

use bytes::Bytes;
use fixtures::{ARTIFACTS, Caller, PresignedUrl, Wanted};
use http::{HeaderValue, Method, Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;

use crate::answer::Answer;
use crate::mock::Mock;
use crate::picture;

/// Why a picture is refused.
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
    let answer = match draw(mock, request.method(), path, query, now) {
        Ok((url, picture)) => shown(url, picture, now),
        Err(denied) => denied.answer(),
    };
    Some(Answer {
        route: Some(format!("GET {ARTIFACTS}…").into()),
        ..answer
    })
}

fn draw(
    mock: &Mock,
    method: &Method,
    path: &str,
    query: &str,
    now: Timestamp,
) -> Result<(PresignedUrl, Bytes), Denied> {
    if ![Method::GET, Method::HEAD].contains(method) {
        return Err(Denied::Method);
    }
    let url = mock.world.presigned_url(path, query);
    let url = url.ok_or(Denied::Forged)?;
    if url.expires <= now.as_second() {
        return Err(Denied::Expired);
    }
    let lines = lines(mock, url, path, now).ok_or(Denied::Gone)?;
    Ok((url, picture::draw(url.address, &lines).into()))
}

/// The lines in the picture: the artifact's fields, the resource, and the event's key.
fn lines(mock: &Mock, url: PresignedUrl, path: &str, now: Timestamp) -> Option<Vec<String>> {
    let (place, key) = mock.resource_of(url)?;
    let route = mock.routes.at(place)?;
    let timeline = mock
        .see(route, Caller::Anyone, Wanted::Key(&key), now)
        .ok()?;
    let event: Value = serde_json::from_slice(&timeline.event(url.index)?).ok()?;
    let mut lines = Vec::new();
    if let Some(object) = around(&event, path) {
        let fields = object.values().filter(|value| !is_url(value));
        lines.extend(fields.filter_map(|value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }));
    }
    lines.push(format!("job {}", timeline.id()));
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

fn shown(url: PresignedUrl, picture: Bytes, now: Timestamp) -> Answer {
    let mut answer = Answer::new(StatusCode::OK, "image/png", picture);
    // The picture does not change until the URL expires.
    let life = url.expires - now.as_second();
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
                "an artifact takes GET and HEAD",
            ),
            Self::Forged => (StatusCode::FORBIDDEN, "this mock did not sign the URL"),
            Self::Expired => (
                StatusCode::FORBIDDEN,
                "the URL has expired; read the event again",
            ),
            Self::Gone => (StatusCode::NOT_FOUND, "the artifact's event does not exist"),
        };
        let mut answer = Answer::problem(status, Some(why), None);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            answer = answer.with_allow("GET, HEAD");
        }
        answer.wrong = vec![why.to_owned()];
        answer
    }
}
