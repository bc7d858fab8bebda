//! Hides tokens in all reports.
//!
//! They are hidden twice: in the subject's answers, before these are quoted or escaped in any format, and
//! in the finished text, because other parts may contain one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::Facts;
use crate::session::Exchange;
use crate::verdict::{Judgement, Verdict};

/// The spellings of each token, and the variable that replaces it.
#[derive(Debug, Clone)]
pub(super) struct Secrets(Vec<(String, String)>);

impl Secrets {
    pub(super) fn of<'a>(facts: impl Iterator<Item = &'a Facts>) -> Self {
        /// A shorter token may be part of ordinary words, and is no secret.
        const SHORTEST: usize = 4;
        let mut written = Vec::new();
        for facts in facts {
            for (name, token) in facts.callers().filter(|(_, token)| token.len() >= SHORTEST) {
                let variable = format!("${}", facts.variable(name));
                let quoted = Value::from(token).to_string();
                let quoted = quoted[1..quoted.len() - 1].to_owned();
                let encoded = utf8_percent_encode(token, NON_ALPHANUMERIC).to_string();
                written.extend(
                    [token.to_owned(), quoted, encoded].map(|text| (text, variable.clone())),
                );
            }
        }
        // The longest comes first, because one spelling of a token may be part of another.
        written.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        written.dedup();
        Self(written)
    }

    /// `text` with each token replaced by its variable.
    pub(super) fn hide(&self, text: String) -> String {
        self.0.iter().fold(text, |text, (written, variable)| {
            if text.contains(written.as_str()) {
                text.replace(written, variable)
            } else {
                text
            }
        })
    }

    /// `judgement` with the tokens hidden in all answers of the subject.
    pub(super) fn hide_in(&self, mut judgement: Judgement) -> Judgement {
        for finding in &mut judgement.findings {
            finding.notes = finding
                .notes
                .iter()
                .map(|note| self.hide(note.clone()))
                .collect();
            if let Verdict::Broken(found) = &mut finding.verdict {
                found.breach.expected = self.hide(std::mem::take(&mut found.breach.expected));
                found.breach.actual = self.hide(std::mem::take(&mut found.breach.actual));
                found
                    .exchanges
                    .iter_mut()
                    .for_each(|exchange| self.hide_in_exchange(exchange));
            }
        }
        judgement
    }

    fn hide_in_exchange(&self, exchange: &mut Exchange) {
        let reply = &mut exchange.reply;
        if let Ok(body) = std::str::from_utf8(&reply.body) {
            reply.body = self.hide(body.to_owned()).into();
        }
        for value in reply.headers.values_mut() {
            let shown = self.hide(String::from_utf8_lossy(value.as_bytes()).into_owned());
            if let Ok(shown) = shown.parse() {
                *value = shown;
            }
        }
    }
}
