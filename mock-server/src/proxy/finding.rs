//! A difference between a message and its operation.

use openapi::{Document, Violation};
use serde_json::{Value, json};

/// The longest message. A validator quotes the whole value that it rejects.
const LONGEST: usize = 300;

/// A difference between a request or an answer and its operation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    /// `request` if the client is wrong, `response` if the server is.
    pub(crate) side: &'static str,
    /// A JSON pointer in the body, or another part of the message, as in `query limit`.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) message: String,
    /// The place in the document that says so.
    pub(crate) citation: String,
}

impl Finding {
    /// A violation in an answer's body.
    pub(crate) fn in_body(document: &Document, violation: &Violation) -> Self {
        Self {
            side: "response",
            place: match violation.instance.as_str() {
                "" => "/".to_owned(),
                place => shortened(place),
            },
            message: shortened(&violation.message),
            citation: document.cite(&violation.pointer),
        }
    }

    /// The finding in JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "side": self.side,
            "place": self.place,
            "message": self.message,
            "citation": self.citation,
        })
    }
}

/// A sentence, cut if it is long.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
