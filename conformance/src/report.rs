//! The report of a run, in formats for people and for machines.
//!
//! [`Report`] makes every format, and hides the tokens in it.

mod curl;
mod github;
#[cfg(feature = "html")]
mod html;
mod json;
mod judged;
#[cfg(feature = "junit")]
mod junit;
mod markdown;
mod picture;
mod problem;
mod quoted;
mod secrets;
#[cfg(feature = "html")]
mod strip;
mod terminal;

use std::time::Duration;

use openapi::{Contract, Secrets};

use crate::verdict::{Finding, Judgement, Outlook, Shrinking, Verdict, outlook};
use crate::{Facts, Group, Moments, Plan, Tried, causes};

pub use json::json_schema;
use judged::Judged;
pub use problem::harmless;
pub use terminal::Style;

/// A finished run.
#[derive(Debug)]
pub struct Report<'a> {
    /// The server's URL, without its password.
    subject: String,
    seed: u64,
    /// Whether a broken SHOULD fails.
    strict: bool,
    judged: Vec<Judged<'a>>,
    elapsed: Duration,
    plan: Option<Plan>,
    /// What was judged without being said, and what was not judged.
    assumed: Vec<String>,
    secrets: Secrets,
}

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JSON with a published schema.
    Json,
    /// JUnit XML.
    #[cfg(feature = "junit")]
    Junit,
    /// Markdown for a step's summary.
    Markdown,
    /// One page of HTML.
    #[cfg(feature = "html")]
    Html,
    /// Annotations of a GitHub workflow run.
    Github,
}

impl Form {
    /// Every format, by the name that a user writes.
    pub const ALL: &[(&'static str, Form)] = &[
        ("json", Form::Json),
        #[cfg(feature = "junit")]
        ("junit", Form::Junit),
        ("markdown", Form::Markdown),
        #[cfg(feature = "html")]
        ("html", Form::Html),
        ("github", Form::Github),
    ];
}

impl<'a> Report<'a> {
    /// The report in this format.
    pub fn written(&self, form: Form) -> String {
        match form {
            Form::Json => self.json(),
            #[cfg(feature = "junit")]
            Form::Junit => self.junit(),
            Form::Markdown => self.markdown(),
            #[cfg(feature = "html")]
            Form::Html => self.html(),
            Form::Github => self.github(),
        }
    }

    /// The run in one word.
    pub fn outlook(&self) -> Outlook {
        let judgements: Vec<_> = self
            .judged
            .iter()
            .map(|judged| judged.judgement.clone())
            .collect();
        outlook(&judgements, self.strict)
    }

    /// The cases in which laws were broken. Another run tries them first.
    ///
    /// A breach that a watch saw in another law's exchange has no case of its own. A case with a token in it is left
    /// out, because the file must not show it.
    pub fn broken_cases(&self) -> Vec<Tried> {
        let mut cases = Vec::new();
        for Judged { judgement, .. } in &self.judged {
            for finding in &judgement.findings {
                if let Verdict::Broken(found) = &finding.verdict
                    && found.shrinking != Shrinking::InPassing
                    && !self.secrets.are_in(&found.case.written())
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

    /// The number of requests that were sent.
    pub fn requests(&self) -> u64 {
        self.judged
            .iter()
            .map(|judged| judged.judgement.requests)
            .sum()
    }

    /// The answers of the moment, after which requests were repeated.
    pub fn moments(&self) -> Moments {
        let mut moments = Moments::default();
        for Judged { judgement, .. } in &self.judged {
            moments.add(&judgement.moments);
        }
        moments
    }

    /// A finished run. Every token in it is hidden before anything is written.
    ///
    /// `subject` is the server's name as the user wrote it, `seed` the seed of all draws.
    pub fn new(
        subject: &'a str,
        seed: u64,
        strict: bool,
        judged: Vec<(&'a Contract, &'a Facts, Judgement)>,
        elapsed: Duration,
    ) -> Self {
        let secrets = secrets::of(subject, judged.iter().map(|(_, facts, _)| *facts));
        let assumed = judged
            .iter()
            .filter_map(|(contract, _, _)| assumption(contract));
        let assumed = assumed.collect();
        let hidden = judged
            .into_iter()
            .map(|(contract, facts, judgement)| Judged {
                contract,
                facts,
                causes: causes(&judgement.findings),
                judgement: secrets::hide_in(&secrets, judgement),
            })
            .collect();
        Self {
            subject: openapi::shown::clean(&secrets.hide(subject)).into_owned(),
            seed,
            strict,
            judged: hidden,
            elapsed,
            plan: None,
            assumed,
            secrets,
        }
    }

    /// The same report, which also says this of what was assumed or not judged, one line each.
    #[must_use]
    pub fn with_assumed(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        let hidden = lines.into_iter().map(|line| self.secrets.hide(&line));
        let hidden: Vec<_> = hidden.collect();
        self.assumed.extend(hidden);
        self
    }

    /// The same report, which also says what the run was to send.
    #[must_use]
    pub fn with_plan(self, plan: Plan) -> Self {
        let plan = Some(plan);
        Self { plan, ..self }
    }
}

/// What the judge assumes of how an operation pages, if the document does not say it.
fn assumption(contract: &Contract) -> Option<String> {
    let reasons = contract.reasons();
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(key, why)| format!("{key}: {why}"))
        .collect();
    (!reasons.is_empty()).then(|| {
        let name = contract.name();
        format!(
            "{name} pages as it seems to, because nobody says how: {}",
            reasons.join("; ")
        )
    })
}

/// The findings by group, in the order of reports.
fn by_group<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<(Group, Vec<&'f Finding>)> {
    let mut groups: Vec<(Group, Vec<&'f Finding>)> = Vec::new();
    for finding in findings {
        match groups.last_mut() {
            Some((group, members)) if *group == finding.law.group => members.push(finding),
            _ => groups.push((finding.law.group, vec![finding])),
        }
    }
    groups
}

#[cfg(all(test, feature = "html", feature = "junit"))]
mod tests;
