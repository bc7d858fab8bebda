//! Bodies of refusals, written at start as the document declares them.
//!
//! A body is the document's example, else made up from its schema, else the status in words.

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::StatusCode;
use openapi::{Media, Response};
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
fn bytes(media: &Media, value: Value) -> Bytes {
    match value {
        Value::String(text) if !media.is_json() => text.into(),
        value => value.to_string().into(),
    }
}

fn words(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Refused")
}
