//! The headers that an answer declares, with plausible values.

use fixtures::Noise;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use openapi::{Parameter, Problem, Response};
use serde_json::Value;

use super::Call;
use crate::written;

/// Headers that say how the message itself is sent. The mock sends bodies as they are.
const OF_HTTP: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "keep-alive",
    "preference-applied",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
];

/// The headers of an answer. A header that need not be there is left out if no value can be made up.
///
/// `body` is the answer's value, if it has one.
pub(super) fn made(
    call: Call<'_>,
    response: &Response,
    status: StatusCode,
    body: Option<&Value>,
    noise: Noise,
) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for header in &response.headers {
        let lower = header.name.to_ascii_lowercase();
        if OF_HTTP.contains(&lower.as_str()) {
            continue;
        }
        let usual = usual(call, &lower, status, body, noise);
        let usual = usual.filter(|text| header.takes_header(text) && !has_own(header));
        let text = match usual {
            Some(text) => text,
            None => match written::header(call.document, header, noise) {
                Ok(text) => text,
                Err(_) if !header.required => continue,
                Err(problem) => return Err(problem),
            },
        };
        let name = HeaderName::try_from(header.name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// Whether the document itself says what the header holds.
fn has_own(header: &Parameter) -> bool {
    header.suggested().is_some()
}

/// A value for a header that many APIs have.
fn usual(
    call: Call<'_>,
    name: &str,
    status: StatusCode,
    body: Option<&Value>,
    noise: Noise,
) -> Option<String> {
    let text = match name {
        "location" | "content-location" => location(call, status, body, noise),
        "etag" => format!("\"{:016x}\"", noise.at("etag").bits()),
        "last-modified" => "Mon, 05 Jan 2026 09:00:00 GMT".to_owned(),
        "expires" | "sunset" => "Tue, 05 Jan 2027 09:00:00 GMT".to_owned(),
        "retry-after" => "1".to_owned(),
        "cache-control" => "private, no-store".to_owned(),
        "x-ratelimit-limit" | "x-rate-limit-limit" | "ratelimit-limit" => "5000".to_owned(),
        "x-ratelimit-remaining" | "x-rate-limit-remaining" | "ratelimit-remaining" => {
            "4999".to_owned()
        }
        "x-total-count" | "x-total" => body?.as_array()?.len().to_string(),
        _ => return None,
    };
    Some(text)
}

/// Where a new resource is: below the request's path, under its id.
fn location(call: Call<'_>, status: StatusCode, body: Option<&Value>, noise: Noise) -> String {
    let path = call.request.uri().path();
    let id = body
        .and_then(|body| body.get("id"))
        .and_then(|id| match id {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
    match id {
        Some(id) if status == StatusCode::CREATED => {
            format!("{}{path}/{}", call.base, openapi::path_segment(&id))
        }
        _ if status == StatusCode::CREATED => {
            format!(
                "{}{path}/{}",
                call.base,
                noise.at("location").below(100_000)
            )
        }
        _ => format!("{}{path}", call.base),
    }
}
