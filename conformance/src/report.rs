//! What a run has to say, in the forms that people and machines read.
//!
//! Every form goes through [`Report`], which hides tokens in whatever text is made of it.

mod curl;
mod json;
mod terminal;

use std::time::Duration;

use openapi::Contract;

use crate::Facts;
use crate::verdict::{Judgement, Outlook, outlook};

pub use json::json_schema;
pub use terminal::Style;

/// A finished run.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was judged, as the user named it: a URL.
    pub subject: &'a str,
    /// The seed of all draws.
    pub seed: u64,
    /// Whether a broken SHOULD fails.
    pub strict: bool,
    /// One for each contract, with the contract and what was known of the subject.
    pub judged: Vec<(&'a Contract, &'a Facts, Judgement)>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Report<'_> {
    /// The run in one word.
    pub fn outlook(&self) -> Outlook {
        let judgements: Vec<_> = self
            .judged
            .iter()
            .map(|(_, _, judgement)| judgement.clone())
            .collect();
        outlook(&judgements, self.strict)
    }

    /// How many requests were sent.
    pub fn requests(&self) -> u64 {
        self.judged
            .iter()
            .map(|(_, _, judgement)| judgement.requests)
            .sum()
    }

    /// `text` with each token replaced by the variable that stands for it, also where it is written as
    /// part of a JSON string or percent-encoded.
    fn hide_tokens(&self, mut text: String) -> String {
        /// A shorter token is part of ordinary words, and no secret.
        const SHORTEST: usize = 4;
        for (_, facts, _) in &self.judged {
            for (name, token) in facts.callers().filter(|(_, token)| token.len() >= SHORTEST) {
                let variable = format!("${}", facts.variable(name));
                let quoted = serde_json::Value::from(token).to_string();
                let encoded = percent_encoding::utf8_percent_encode(
                    token,
                    percent_encoding::NON_ALPHANUMERIC,
                )
                .to_string();
                for written in [token, quoted.trim_matches('"'), &encoded] {
                    text = text.replace(written, &variable);
                }
            }
        }
        text
    }
}
