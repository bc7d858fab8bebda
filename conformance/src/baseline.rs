//! The baseline lists breaches that a team accepts for a while.
//!
//! A team switches off a gate that is red from the first day. So a breach can be accepted, with a reason
//! and a last day. It stays in every report, and fails the run again after that day.

use std::str::FromStr as _;

use jiff::civil::Date;
use openapi::{Contract, Problem, Source, join};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::catalogue;
use crate::verdict::{Judgement, Verdict};

/// The baseline file as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    /// The breaches that are accepted.
    accepted: Vec<Entry>,
}

/// A breach that is accepted.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The timeline's name.
    timeline: String,
    /// The law's id.
    law: String,
    /// The reason.
    reason: String,
    /// The last day on which it is accepted, as 2026-12-31.
    until: String,
}

/// Breaches that are accepted.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    accepted: Vec<(Entry, Date)>,
}

impl Baseline {
    /// Reads a baseline file. Rejects an unknown key or law, an empty reason, or an invalid date.
    pub fn read(source: &Source) -> Result<Self, Problem> {
        let file: BaselineFile = source.read()?;
        let mut accepted = Vec::new();
        for (index, entry) in file.accepted.into_iter().enumerate() {
            let at = join("#/accepted", &index.to_string());
            if catalogue::law(&entry.law).is_none() {
                return Err(source
                    .problem(
                        &join(&at, "law"),
                        format!("there is no law `{}`", entry.law),
                    )
                    .cure("`conformance laws` lists them"));
            }
            if entry.reason.trim().is_empty() {
                return Err(source
                    .problem(&join(&at, "reason"), "`reason` is empty")
                    .cure("write who fixes the breach, or why it stays"));
            }
            let until = Date::from_str(&entry.until).map_err(|_| {
                source
                    .problem(&join(&at, "until"), format!("`{}` is no date", entry.until))
                    .cure("write it as 2026-12-31")
            })?;
            accepted.push((entry, until));
        }
        Ok(Self { accepted })
    }

    /// The JSON Schema of baseline files.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(BaselineFile).into()
    }

    /// Marks the accepted breaches of `judgement`, which is about `contract`.
    ///
    /// Notes each entry that has expired, or whose law is no longer broken.
    pub fn apply(&self, contract: &Contract, judgement: &mut Judgement, today: Date) {
        for (entry, until) in &self.accepted {
            let of_this = contract.is_named(&entry.timeline);
            let mut findings = judgement.findings.iter_mut();
            let Some(finding) = findings.find(|one| of_this && one.law.id == entry.law) else {
                continue;
            };
            let reason = &entry.reason;
            match finding.verdict {
                Verdict::Broken(_) if *until >= today => {
                    finding.accepted = Some(format!("until {until}: {reason}"));
                }
                Verdict::Broken(_) => {
                    finding
                        .notes
                        .insert(format!("was accepted until {until}: {reason}"));
                }
                Verdict::Upheld { .. } => {
                    let note = "the baseline accepts a breach of this law, but the law is upheld: remove the entry";
                    finding.notes.insert(note.to_owned());
                }
                _ => {}
            }
        }
    }
}
