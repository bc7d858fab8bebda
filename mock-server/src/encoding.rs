//! Values as bodies of a media type.
//!
//! JSON is only one of the media types that documents declare. A value becomes rows, lines, events, elements,
//! parts or fields; a file becomes the smallest one of its kind.

mod csv;
mod files;
mod form;
mod multipart;
mod stream;
mod xml;

use bytes::Bytes;
use openapi::{Media, is_json};
use serde_json::Value;

pub(crate) use files::is_file;
pub(crate) use stream::is_stream;

/// What a body holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// One value.
    One(Value),
    /// The items of a sequence.
    Several(Vec<Value>),
}

/// A body, and its `Content-Type`.
#[derive(Debug, Clone)]
pub(crate) struct Encoded {
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

/// `content` as a body of `media_type`, which is in lower case and without parameters.
pub(crate) fn encode(media: &Media, media_type: &str, content: &Content) -> Encoded {
    let mut content_type = media_type.to_owned();
    let bytes: Bytes = match content {
        _ if is_file(media_type) => match content {
            // A text that the document gives as an example is the file.
            Content::One(Value::String(text)) if media.schema.is_none() => text.clone().into(),
            _ => files::smallest(media_type).into(),
        },
        Content::Several(items) => stream::write(media_type, items).into(),
        Content::One(Value::Array(items)) if is_stream(media_type) => {
            stream::write(media_type, items).into()
        }
        Content::One(value) if is_json(media_type) => value.to_string().into(),
        // A text is not quoted where the media type is not JSON.
        Content::One(Value::String(text)) => text.clone().into(),
        Content::One(value) if is_xml(media_type) => {
            xml::write(media.schema.as_ref(), value).into()
        }
        Content::One(value) => match media_type {
            "text/csv" => csv::write(value).into(),
            "application/x-www-form-urlencoded" => form::write(value).into(),
            _ if media_type.starts_with("multipart/") => {
                content_type = format!("{media_type}; boundary={}", multipart::BOUNDARY);
                multipart::write(value).into()
            }
            _ if is_stream(media_type) => {
                stream::write(media_type, std::slice::from_ref(value)).into()
            }
            _ => value.to_string().into(),
        },
    };
    Encoded {
        content_type,
        bytes,
    }
}

/// Whether a media type is XML: RFC 7303.
pub(crate) fn is_xml(media_type: &str) -> bool {
    ["application/xml", "text/xml"].contains(&media_type) || media_type.ends_with("+xml")
}

/// A scalar as its plain text, and anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
