//! A difference between a message and its operation.

use openapi::{Document, Secrets, Violation};
use serde_json::{Value, json};

use crate::secrets::hidden;

/// The longest message, in characters.
const LONGEST: usize = 300;

/// The longest message before credentials are hidden in it, in characters. A validator quotes the whole value that it
/// rejects.
const READ: usize = 8_000;

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
                place => bounded(place),
            },
            message: bounded(&violation.message),
            citation: document.cite(&violation.pointer),
        }
    }

    /// Hides these credentials, and cuts texts that are long.
    pub(crate) fn hide(&mut self, secrets: Option<&Secrets>) {
        self.place = shortened(&hidden(secrets, &self.place));
        self.message = shortened(&hidden(secrets, &self.message));
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

/// A sentence for a log or a report, cut if it is long.
pub(crate) fn shortened(text: &str) -> String {
    cut(text, LONGEST)
}

/// A sentence that may have credentials in it, cut if it is very long.
pub(crate) fn bounded(text: &str) -> String {
    cut(text, READ)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
