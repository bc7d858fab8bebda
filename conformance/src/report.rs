//! What a run has to say, in the forms that people and machines read.
//!
//! Every form goes through [`Report`], which hides tokens in whatever text is made of it.

mod curl;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod terminal;

use std::time::Duration;

use openapi::Contract;

use crate::verdict::{Finding, Judgement, Outlook, Shrinking, Verdict, outlook};
use crate::{Facts, Group, Tried};

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

/// A form that a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON with a published schema.
    Json,
    /// JUnit XML.
    Junit,
    /// Markdown for a step's summary.
    Markdown,
    /// One page of HTML.
    Html,
    /// Annotations of a GitHub workflow run.
    Github,
}

impl Form {
    /// Every form, by the name that a user writes.
    pub const ALL: [(&'static str, Form); 5] = [
        ("json", Form::Json),
        ("junit", Form::Junit),
        ("markdown", Form::Markdown),
        ("html", Form::Html),
        ("github", Form::Github),
    ];
}

impl Report<'_> {
    /// The report in this form.
    pub fn written(&self, form: Form) -> String {
        match form {
            Form::Json => self.json(),
            Form::Junit => self.junit(),
            Form::Markdown => self.markdown(),
            Form::Html => self.html(),
            Form::Github => self.github(),
        }
    }

    /// The run in one word.
    pub fn outlook(&self) -> Outlook {
        let judgements: Vec<_> = self
            .judged
            .iter()
            .map(|(_, _, judgement)| judgement.clone())
            .collect();
        outlook(&judgements, self.strict)
    }

    /// The cases in which laws were broken, to be tried first another time. What was only seen in
    /// passing has no case of its own.
    pub fn broken_cases(&self) -> Vec<Tried> {
        let mut cases = Vec::new();
        for (_, _, judgement) in &self.judged {
            for finding in &judgement.findings {
                if let Verdict::Broken(found) = &finding.verdict
                    && found.shrinking != Shrinking::InPassing
                {
                    let (timeline, law) = (judgement.contract.clone(), finding.law.id.to_owned());
                    cases.push(Tried {
                        timeline,
                        law,
                        case: found.case.clone(),
                    });
                }
            }
        }
        cases
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

/// The findings by group, in the order of reports.
fn by_group(findings: &[Finding]) -> Vec<(Group, Vec<&Finding>)> {
    let mut groups: Vec<(Group, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        match groups.last_mut() {
            Some((group, members)) if *group == finding.law.group => members.push(finding),
            _ => groups.push((finding.law.group, vec![finding])),
        }
    }
    groups
}
