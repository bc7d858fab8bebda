//! The body of a request: it is read by its media type, and held to its schema.

mod form;
mod multipart;
mod wrong;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use openapi::{Media, RequestBody, is_json};
use serde_json::Value;

use crate::encoding::is_xml;
use crate::refusal::{Plain, Refusal};
use crate::wording::ValidationError;

/// The longest body that is read, in bytes.
pub(crate) const LONGEST: usize = 10 * 1024 * 1024;

/// A mark on a request whose body could not be read, and why. The request has no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is longer than [`LONGEST`].
    TooLong,
    /// It broke off, or its chunks are malformed.
    BrokenOff,
    /// It did not arrive in time.
    TooSlow,
}

impl Unread {
    /// The status of the refusal (RFC 9110, 15.5).
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// What is wrong, and the cure. `longest` is the bound, as in `10 MiB`.
    pub(crate) fn words(self, longest: &str) -> (String, &'static str) {
        match self {
            Self::TooLong => (
                format!("the body is longer than {longest}"),
                "send a shorter body",
            ),
            Self::BrokenOff => (
                "the body broke off, or its chunks are malformed".to_owned(),
                "send all of the body",
            ),
            Self::TooSlow => (
                "the body did not arrive in time".to_owned(),
                "send it faster",
            ),
        }
    }
}

/// A value at a place of the body, a JSON pointer, that names an item which is not there.
pub(crate) fn names_nothing(pointer: String, value: Value) -> ValidationError {
    wrong::names_nothing(pointer, value)
}

/// The value of the request's body; `None` if there is none, or if its media type has no values.
///
/// A body that the operation does not declare is passed over.
pub(crate) fn read(
    declared: Option<&RequestBody>,
    request: &Request<Bytes>,
) -> Result<Option<Value>, Refusal> {
    if let Some(unread) = request.extensions().get::<Unread>() {
        let (detail, cure) = unread.words("10 MiB");
        return Err(Refusal::Plain(Plain {
            status: unread.status(),
            detail,
            cure: Some(cure.to_owned()),
        }));
    }
    let Some(declared) = declared else {
        return Ok(None);
    };
    if request.body().is_empty() {
        return if declared.required {
            Err(Refusal::Invalid(vec![wrong::missing()]))
        } else {
            Ok(None)
        };
    }
    let content_type = content_type(request.headers());
    let media = match &content_type {
        Some(sent) => declared.media(sent),
        None => declared
            .media("application/json")
            .or(declared.media.first()),
    };
    let Some(media) = media else {
        return if declared.media.is_empty() {
            Ok(None)
        } else {
            Err(unsupported(
                declared,
                content_type.as_deref().unwrap_or_default(),
            ))
        };
    };
    let sent = content_type.as_deref().unwrap_or_else(|| media.served_as());
    let Some(value) = parsed(media, sent, request.body())? else {
        return Ok(None);
    };
    let Some(schema) = &media.schema else {
        return Ok(Some(value));
    };
    let violations = schema.request_violations(&value);
    if violations.is_empty() {
        Ok(Some(value))
    } else {
        Err(Refusal::Invalid(wrong::errors(schema, &value, &violations)))
    }
}

/// The body as a value; `None` if its media type has none that a schema speaks of.
fn parsed(media: &Media, content_type: &str, body: &Bytes) -> Result<Option<Value>, Refusal> {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    if is_json(&essence) {
        let value = serde_json::from_slice(body);
        return value.map(Some).map_err(|error| {
            Refusal::Invalid(vec![wrong::malformed(
                "json_invalid",
                "JSON decode error",
                &error.to_string(),
            )])
        });
    }
    if essence == "application/x-www-form-urlencoded" {
        return Ok(Some(form::read(media.schema.as_ref(), body)));
    }
    if essence == "multipart/form-data" {
        let value = multipart::read(media.schema.as_ref(), content_type, body);
        return value.map(Some).map_err(|why| {
            Refusal::Invalid(vec![wrong::malformed(
                "multipart_invalid",
                "multipart error",
                &why,
            )])
        });
    }
    let schema = media.schema.as_ref();
    let is_text = schema.is_some_and(|schema| schema.types().as_slice() == ["string"]);
    if is_text && essence.starts_with("text/") && !is_xml(&essence) {
        let text = String::from_utf8_lossy(body).into_owned();
        return Ok(Some(Value::String(text)));
    }
    Ok(None)
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.to_owned())
}

fn unsupported(declared: &RequestBody, sent: &str) -> Refusal {
    let types: Vec<_> = declared
        .media
        .iter()
        .map(|media| media.media_type.as_str())
        .collect();
    Refusal::Plain(Plain {
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        detail: format!("`Content-Type` is `{sent}`, which the operation does not declare"),
        cure: Some(format!("send a body of {}", types.join(" or "))),
    })
}
