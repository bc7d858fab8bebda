//! One way in which a request or an answer is not as its operation declares.

use openapi::{Document, Violation};
use serde_json::{Value, json};

/// How much of a sentence is kept: a validator quotes the whole value that it refuses.
const LONGEST: usize = 300;

/// One way in which a request or an answer is not as its operation declares.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    /// Who is at fault: `request` is the client, `response` the server.
    pub(crate) side: &'static str,
    /// Where: a JSON pointer in the body, or what else of a message it is, as `query limit`.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) message: String,
    /// Where that is written.
    pub(crate) citation: String,
}

impl Finding {
    /// A violation in an answer's body.
    pub(crate) fn in_body(document: &Document, violation: &Violation) -> Self {
        Self {
            side: "response",
            place: match violation.instance.as_str() {
                "" => "/".to_owned(),
                place => place.to_owned(),
            },
            message: shortened(&violation.message),
            citation: document.cite(&violation.pointer),
        }
    }

    /// What is told of it in JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "side": self.side,
            "place": self.place,
            "message": self.message,
            "citation": self.citation,
        })
    }
}

/// A sentence, or the beginning of a long one.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
