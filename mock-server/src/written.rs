//! Bodies of refusals, and required headers, written at start as the document declares them.
//!
//! A body is the document's example, else made up from its schema, else the status in words. A header has the
//! value that the document suggests, else one that is made up from its schema.

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use openapi::{Document, Media, Parameter, Problem, Response};
use serde_json::Value;

use crate::answer::Answer;

/// The body of a refusal, which is the same for every caller.
#[derive(Debug)]
pub(crate) struct Written {
    media_type: String,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// These bytes.
    Bytes(Bytes),
    /// The status in words, because any body is declared.
    Words,
}

impl Written {
    /// The body that `response` declares; `None` if it declares none. JSON is written if it may be.
    pub(crate) fn new(response: &Response, noise: Noise) -> Option<Self> {
        let media = response.json().or_else(|| response.media.first())?;
        Some(Self {
            media_type: media.served_as().to_owned(),
            body: value(media, noise).map_or(Body::Words, |value| Body::Bytes(bytes(media, value))),
        })
    }

    /// The answer with this body.
    pub(crate) fn answer(&self, status: StatusCode) -> Answer {
        let body = match &self.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Words if openapi::is_json(&self.media_type) => {
                Answer::problem(status, None, None).into_bytes()
            }
            Body::Words => words(status).into(),
        };
        Answer::new(status, &self.media_type, body)
    }
}

/// The value of the body; `None` if any body is declared.
fn value(media: &Media, noise: Noise) -> Option<Value> {
    let fits = |value: &&Value| {
        let schema = media.schema.as_ref();
        schema.is_none_or(|schema| schema.is_valid(value))
    };
    let example = media.example.as_ref().filter(fits).cloned();
    example.or_else(|| Some(Fake::new(media.schema.as_ref()?).value(noise)))
}

/// A text is not quoted where the media type is not JSON.
pub(crate) fn bytes(media: &Media, value: Value) -> Bytes {
    match value {
        Value::String(text) if !media.is_json() => text.into(),
        value => value.to_string().into(),
    }
}

/// The headers that answers of `response` must have, each with a value that is the same for every caller.
///
/// Fails if a value cannot be made up, because an answer without the header breaks the document.
pub(crate) fn headers(
    document: &Document,
    response: &Response,
    noise: Noise,
) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for header in response.required_headers() {
        let sendable =
            |text: &String| header.takes_header(text) && HeaderValue::from_str(text).is_ok();
        let values = [
            header.suggested().map(|(value, _)| value),
            Some(fake(header, noise)),
        ];
        let values = values.into_iter().flatten().map(|value| line(&value));
        let values = values.chain(header.sample().map(|(text, _)| text));
        let text = values.into_iter().find(sendable).ok_or_else(|| {
            let message = format!(
                "the header `{}` is required, and no value can be made up",
                header.name
            );
            let problem = document.problem(&header.pointer, message);
            problem.cure("give it an `example`")
        })?;
        let name = HeaderName::try_from(header.name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn fake(header: &Parameter, noise: Noise) -> Value {
    // A link to no other page, so that clients that follow links stay where they are.
    if header.name.eq_ignore_ascii_case("link") {
        return Value::from("<>; rel=\"self\"");
    }
    Fake::new(&header.schema).value(noise.at(&header.name))
}

/// A value as a header has it, in the style `simple`.
fn line(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(line).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn words(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Refused")
}
