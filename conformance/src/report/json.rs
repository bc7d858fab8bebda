//! The report for a machine. Its schema is published; fields are added, never renamed.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Report, curl};
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use crate::{Case, Facts, Group, Level, Taken};
use openapi::{Contract, Location};

/// A finished run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct ReportForm {
    /// The version of this form.
    version: u32,
    /// What was judged.
    subject: String,
    /// The seed of all draws.
    seed: u64,
    /// Whether a broken SHOULD fails.
    strict: bool,
    /// What came of it.
    outcome: OutcomeForm,
    /// The exit code that goes with it.
    exit_code: u8,
    /// One for each timeline judged.
    timelines: Vec<TimelineForm>,
    /// How long it took, in milliseconds.
    duration_ms: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OutcomeForm {
    Upheld,
    Broken,
    NotJudged,
}

/// What came of one timeline.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Timeline")]
struct TimelineForm {
    /// Its name.
    name: String,
    /// How many requests were sent.
    requests: u64,
    /// The values that the subject file does not give, and where they were taken from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taken: Vec<TakenForm>,
    /// One for each law.
    findings: Vec<FindingForm>,
}

/// A value of a parameter that the subject file does not give.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Taken")]
struct TakenForm {
    /// Where the parameter is sent.
    r#in: Location,
    /// The parameter's name.
    name: String,
    /// The text that is sent.
    text: String,
    /// The keyword of the document that has it, as `example`; `schema` if it was made from the schema.
    from: &'static str,
}

/// What came of one law.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct FindingForm {
    /// The law's id.
    law: &'static str,
    /// What it speaks of.
    group: Group,
    /// How much a breach weighs.
    level: Level,
    /// Why the level is not the catalogue's.
    #[serde(skip_serializing_if = "Option::is_none")]
    lowered: Option<String>,
    /// Until when, and why, a breach is accepted by the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    /// The sentence that holds.
    title: &'static str,
    /// Where the contract says it.
    citation: String,
    /// What was observed where the contract leaves it open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// What came of it.
    #[serde(flatten)]
    verdict: VerdictForm,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum VerdictForm {
    /// It held in every case that showed something.
    Upheld {
        /// In how many.
        cases: u32,
    },
    /// It was broken.
    Broken {
        /// The smallest case found.
        counterexample: Box<CounterexampleForm>,
    },
    /// The contract or the subject file does not declare what it needs.
    NotInForce {
        /// What is missing.
        reason: String,
    },
    /// No case showed anything.
    Unjudged {
        /// What the last case lacked.
        reason: String,
    },
    /// The subject could not be asked.
    Unreachable {
        /// What happened.
        reason: String,
    },
}

/// The smallest case found in which a law is broken.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Counterexample")]
struct CounterexampleForm {
    /// The case, to be tried again.
    case: Case,
    /// The case in words.
    summary: String,
    /// Whether no smaller case breaks the law.
    smallest: bool,
    /// Whether the breach was seen again when the same was asked once more.
    steady: bool,
    /// What should have come.
    expected: String,
    /// What came.
    actual: String,
    /// What was asked and answered.
    exchanges: Vec<ExchangeForm>,
}

/// A request and its answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Exchange")]
struct ExchangeForm {
    /// A shell line that asks the same.
    curl: String,
    /// The status that came.
    status: u16,
    /// The headers that came.
    headers: Vec<(String, String)>,
    /// The body that came, as text, cut after 4,000 bytes.
    body: String,
    /// The body's size in bytes.
    body_bytes: usize,
}

/// The JSON Schema of the JSON report.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(ReportForm).into()
}

fn taken_form(taken: &Taken) -> TakenForm {
    let sent = taken.sent.clone();
    TakenForm {
        r#in: sent.location,
        name: sent.name,
        text: sent.text,
        from: taken.from,
    }
}

impl Report<'_> {
    /// The report for a machine, as JSON text.
    pub fn json(&self) -> String {
        let outlook = self.outlook();
        let timelines = self
            .judged
            .iter()
            .map(|(contract, facts, judgement)| TimelineForm {
                name: judgement.contract.clone(),
                requests: judgement.requests,
                taken: facts.taken().iter().map(taken_form).collect(),
                findings: judgement
                    .findings
                    .iter()
                    .map(|one| self.finding_form(contract, facts, one))
                    .collect(),
            });
        let form = ReportForm {
            version: 1,
            subject: self.subject.to_owned(),
            seed: self.seed,
            strict: self.strict,
            outcome: match outlook {
                Outlook::Upheld => OutcomeForm::Upheld,
                Outlook::Broken => OutcomeForm::Broken,
                Outlook::NotJudged => OutcomeForm::NotJudged,
            },
            exit_code: outlook as u8,
            timelines: timelines.collect(),
            duration_ms: u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        };
        let text = serde_json::to_string_pretty(&form).expect("the form has only string keys");
        self.hide_tokens(text) + "\n"
    }

    fn finding_form(&self, contract: &Contract, facts: &Facts, finding: &Finding) -> FindingForm {
        let verdict = match &finding.verdict {
            Verdict::Upheld { cases } => VerdictForm::Upheld { cases: *cases },
            Verdict::Broken(found) => VerdictForm::Broken {
                counterexample: Box::new(self.counterexample_form(contract, facts, found)),
            },
            Verdict::NotInForce { reason } => VerdictForm::NotInForce {
                reason: reason.clone(),
            },
            Verdict::Unjudged { reason } => VerdictForm::Unjudged {
                reason: reason.clone(),
            },
            Verdict::Unreachable { reason } => VerdictForm::Unreachable {
                reason: reason.clone(),
            },
        };
        FindingForm {
            law: finding.law.id,
            group: finding.law.group,
            level: finding.level,
            lowered: finding.lowered.clone(),
            accepted: finding.accepted.clone(),
            title: finding.law.title,
            citation: finding.citation.clone(),
            notes: finding.notes.iter().cloned().collect(),
            verdict,
        }
    }

    fn counterexample_form(
        &self,
        contract: &Contract,
        facts: &Facts,
        found: &Counterexample,
    ) -> CounterexampleForm {
        const BODY: usize = 4_000;
        let exchanges = found.exchanges.iter().map(|exchange| {
            let reply = &exchange.reply;
            let cut = &reply.body[..reply.body.len().min(BODY)];
            let text =
                |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            ExchangeForm {
                curl: curl::line(contract, facts, self.subject, exchange),
                status: reply.status,
                headers: reply
                    .headers
                    .iter()
                    .map(|(name, value)| (name.to_string(), text(value)))
                    .collect(),
                body: String::from_utf8_lossy(cut).into_owned(),
                body_bytes: reply.body.len(),
            }
        });
        CounterexampleForm {
            case: found.case.clone(),
            summary: found.case.to_string(),
            smallest: matches!(found.shrinking, Shrinking::Smallest | Shrinking::InPassing),
            steady: found.shrinking != Shrinking::NotSeenAgain,
            expected: found.breach.expected.clone(),
            actual: found.breach.actual.clone(),
            exchanges: exchanges.collect(),
        }
    }
}
