//! An answer that an operation declares.

use serde_json::Value;

use crate::{Parameter, Schema};

/// An answer that an operation declares for a status.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status as declared: `200`, `4XX`, `default`.
    pub status: String,
    /// Its meaning, in the document's words; empty if the document gives none.
    pub description: String,
    /// The headers that it declares.
    pub headers: Vec<Parameter>,
    /// The bodies that it may have; empty if the document declares none.
    pub media: Vec<Media>,
    /// Where the document declares it.
    pub pointer: String,
}

/// One body of a [`Response`].
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type, or a range such as `text/*`, in lower case and without parameters.
    pub media_type: String,
    /// The schema of the body, if the document declares one.
    pub schema: Option<Schema>,
    /// The document's own example of the body.
    pub example: Option<Value>,
}

impl Response {
    /// The declared body for a `Content-Type`; its parameters (`; charset=utf-8`) do not count.
    pub fn media(&self, content_type: &str) -> Option<&Media> {
        let sent = essence(content_type);
        self.media.iter().find(|media| {
            let declared = media.media_type.as_str();
            declared == sent
                || declared == "*/*"
                || declared
                    .strip_suffix('*')
                    .is_some_and(|range| sent.starts_with(range))
        })
    }

    /// The declared JSON body.
    pub fn json(&self) -> Option<&Media> {
        self.media.iter().find(|media| {
            media.media_type == "application/json" || media.media_type.ends_with("+json")
        })
    }
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
