//! A valid request for an operation, built from what the document and the mock say.

use bytes::Bytes;
use fixtures::{Fake, Noise};
use http::{Request, header};
use jiff::Timestamp;
use mock_server::Mock;
use openapi::{Document, Location, Media, Operation, Parameter, Schema, is_json};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

/// A token of the default world.
pub(super) const TOKEN: &str = "token-of-ada";

/// Parts of a multipart body stand between lines of this.
const BOUNDARY: &str = "eventline";

/// A client that asks one operation.
pub(super) struct Client<'d> {
    pub(super) document: &'d Document,
    pub(super) operation: &'d Operation,
    pub(super) seed: u64,
}

impl Client<'_> {
    /// The request, or why no valid one is known.
    pub(super) fn request(&self, mock: &Mock, now: Timestamp) -> Result<Request<Bytes>, String> {
        let operation = self.operation;
        let known = self.known(mock, now);
        let mut missing = None;
        let path = operation.path.expand_raw(|name| {
            let known = known.iter().find(|(known, _)| known == name);
            let declared = operation.parameter(Location::Path, name);
            let text = match (known, declared) {
                (Some((_, value)), _) => Some(encoded(value)),
                (None, declared) => declared.and_then(|parameter| self.written(parameter)),
            };
            text.unwrap_or_else(|| {
                missing = Some(name.to_owned());
                String::new()
            })
        });
        let mut request = Request::builder().method(operation.method.as_str());
        let (mut query, mut cookies) = (Vec::new(), Vec::new());
        let needed = operation
            .parameters
            .iter()
            .filter(|one| one.required && !one.is_ignored() && one.location != Location::Path);
        for parameter in needed {
            let Some(text) = self.written(parameter) else {
                missing = Some(parameter.name.clone());
                continue;
            };
            match parameter.location {
                Location::Query => query.push(text),
                Location::Cookie => cookies.push(text),
                _ => request = request.header(&parameter.name, text),
            }
        }
        for scheme in operation.security.first().into_iter().flatten() {
            let (location, name) = scheme.place();
            let text = scheme.text(TOKEN);
            match location {
                Location::Query => query.push(format!("{}={}", encoded(name), encoded(&text))),
                Location::Cookie => cookies.push(format!("{name}={text}")),
                _ => request = request.header(name, text),
            }
        }
        if let Some(name) = missing {
            return Err(format!("no value of `{name}` is known"));
        }
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let (media_type, body) = self.body()?.unwrap_or_default();
        if !media_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        // What stands behind a bare `#` is not sent.
        let path = path.replace('#', "%23");
        let target = match query.as_slice() {
            [] => path,
            query => format!("{path}?{}", query.join("&")),
        };
        let request = request.uri(target).body(body);
        request.map_err(|error| error.to_string())
    }

    /// The path values of a resource that the mock says it has.
    fn known(&self, mock: &Mock, now: Timestamp) -> Vec<(String, String)> {
        let is_same = |pointer: &str| pointer == self.operation.pointer;
        let mut contracts = mock.contracts();
        let contract = contracts.find(|one| is_same(&one.operation().pointer));
        let cards = contract.map(|contract| mock.resources_of(contract, now));
        if let Some(card) = cards.into_iter().flatten().next() {
            let path = card.path.into_iter();
            return path
                .map(|(name, value)| (name.to_string(), value))
                .collect();
        }
        // The path of an operation on one item needs the key of one that is there.
        let mut served = mock.operations();
        let served = served.find(|one| is_same(&one.operation().pointer));
        let values = served.and_then(|one| one.path_values(now));
        let names = self.operation.path.parameters();
        let values = names.zip(values.into_iter().flatten());
        let decoded = |text: String| percent_decode_str(&text).decode_utf8_lossy().into_owned();
        values
            .map(|(name, text)| (name.to_owned(), decoded(text)))
            .collect()
    }

    /// The text of a parameter.
    fn written(&self, parameter: &Parameter) -> Option<String> {
        let sample = parameter.sample_value().map(|(value, _)| value);
        let made = || self.made(&parameter.schema).ok();
        parameter.write(&sample.or_else(made)?)
    }

    fn made(&self, schema: &Schema) -> Result<Value, String> {
        let noise = Noise::new(self.seed).at("corpus");
        let made = Fake::new(schema).valid_for_request(noise);
        made.map_err(|unsatisfiable| {
            format!("{}: {}", unsatisfiable.pointer, unsatisfiable.message)
        })
    }

    /// The media type and the body, if the operation takes one.
    fn body(&self) -> Result<Option<(String, Bytes)>, String> {
        let Some(body) = self.document.request_body(self.operation) else {
            return Ok(None);
        };
        let order = |media: &&Media| match media.media_type.as_str() {
            one if is_json(one) => 0,
            "application/x-www-form-urlencoded" => 1,
            "multipart/form-data" => 2,
            _ => 3,
        };
        let Some(media) = body.media.iter().min_by_key(order) else {
            return Ok(None);
        };
        let value = match &media.schema {
            Some(schema) => self.made(schema)?,
            None => Value::from("text"),
        };
        let media_type = media.served_as();
        let (media_type, text) = match media_type {
            one if is_json(one) => (one.to_owned(), value.to_string()),
            "application/x-www-form-urlencoded" => (media_type.to_owned(), form(&value)),
            "multipart/form-data" => (
                format!("{media_type}; boundary={BOUNDARY}"),
                multipart(&value),
            ),
            other => (other.to_owned(), text(&value)),
        };
        Ok(Some((media_type, text.into())))
    }
}

/// The fields of an object, with the text of each value; lists have a field for each item.
fn fields(value: &Value) -> Vec<(String, String)> {
    let fields = value.as_object().into_iter().flatten();
    let fields = fields.flat_map(|(name, value)| {
        let values = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let texts = values.iter().map(|value| (name.clone(), text(value)));
        texts.collect::<Vec<_>>()
    });
    fields.collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn form(value: &Value) -> String {
    let fields = fields(value).into_iter();
    let fields = fields.map(|(name, text)| format!("{}={}", encoded(&name), encoded(&text)));
    fields.collect::<Vec<_>>().join("&")
}

fn multipart(value: &Value) -> String {
    let parts = fields(value).into_iter().map(|(name, text)| {
        let head = format!("content-disposition: form-data; name=\"{name}\"");
        format!("--{BOUNDARY}\r\n{head}\r\n\r\n{text}\r\n")
    });
    format!("{}--{BOUNDARY}--\r\n", parts.collect::<String>())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
