//! Bodies of refusals, and required headers, written as the document declares them.
//!
//! A body is the document's example, else made up from its schema and worded, else the status in words. A header has the
//! value that the document suggests, else one that is made up from its schema.

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use openapi::{Document, Media, Parameter, Problem, Response, Schema};
use serde_json::Value;

use crate::answer::Answer;
use crate::worded;

/// The body of a refusal, as the document declares it.
#[derive(Debug)]
pub(crate) struct Written {
    media_type: String,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// The document's example.
    Bytes(Bytes),
    /// A value that was made up from the schema. Its texts say what is wrong.
    Made(Box<Value>, Schema),
    /// The status in words, because any body is declared.
    Words,
    /// No value suits the schema, for this reason.
    Unsatisfiable(Box<Problem>),
}

impl Written {
    /// The body that `response` declares; `None` if it declares none. JSON is written if it may be.
    pub(crate) fn new(document: &Document, response: &Response, noise: Noise) -> Option<Self> {
        let media = response.json().or_else(|| response.media.first())?;
        Some(Self {
            media_type: media.served_as().to_owned(),
            body: body(document, media, noise),
        })
    }

    /// The answer with this body. `detail` says what is wrong, in one sentence.
    ///
    /// Fails if no value suits the schema of the body.
    pub(crate) fn answer(
        &self,
        status: StatusCode,
        detail: Option<&str>,
    ) -> Result<Answer, &Problem> {
        let body = match &self.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Made(value, schema) => {
                let mut value = Value::clone(value);
                let detail = detail.unwrap_or_else(|| worded::title(status));
                worded::reword(&mut value, schema, status, detail);
                bytes(&self.media_type, value)
            }
            Body::Words if openapi::is_json(&self.media_type) => {
                Answer::problem(status, detail, None).into_bytes()
            }
            Body::Words => worded::title(status).into(),
            Body::Unsatisfiable(problem) => return Err(problem),
        };
        Ok(Answer::new(status, &self.media_type, body))
    }
}

fn body(document: &Document, media: &Media, noise: Noise) -> Body {
    let fits = |value: &Value| {
        let schema = media.schema.as_ref();
        schema.is_none_or(|schema| schema.is_valid(value))
    };
    let named = document.examples(media).into_iter();
    let named = named.map(|(_, value)| value);
    let example = media.example.iter().chain(named).find(|value| fits(value));
    if let Some(example) = example {
        return Body::Bytes(bytes(media.served_as(), example.clone()));
    }
    let Some(schema) = &media.schema else {
        return Body::Words;
    };
    match Fake::new(schema).valid(noise) {
        Ok(value) => Body::Made(Box::new(value), schema.clone()),
        Err(wrong) => {
            let problem = document.problem(&wrong.pointer, wrong.message);
            Body::Unsatisfiable(Box::new(problem.cure("correct the schema")))
        }
    }
}

/// A text is not quoted where the media type is not JSON.
fn bytes(media_type: &str, value: Value) -> Bytes {
    match value {
        Value::String(text) if !openapi::is_json(media_type) => text.into(),
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
    for one in response.required_headers() {
        let name = HeaderName::try_from(one.name.as_str());
        let text = header(document, one, noise)?;
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&text)) {
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// A value of a header that its schema accepts: the document's own, else one that is made up.
pub(crate) fn header(
    document: &Document,
    header: &Parameter,
    noise: Noise,
) -> Result<String, Problem> {
    let sendable = |text: &String| header.takes_header(text) && HeaderValue::from_str(text).is_ok();
    let values = [
        header.suggested().map(|(value, _)| value),
        Some(fake(header, noise)),
    ];
    let values = values.into_iter().flatten().map(|value| line(&value));
    let mut values = values.chain(header.sample().map(|(text, _)| text));
    values.find(sendable).ok_or_else(|| {
        let message = format!(
            "the header `{}` is required, and no value can be made up",
            header.name
        );
        let problem = document.problem(&header.pointer, message);
        problem.cure("give it an `example`")
    })
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
