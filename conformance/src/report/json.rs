//! The report for a machine. Its schema is published. Fields are added, and never renamed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Judged, Report, picture};
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use crate::{Case, Group, Headline, Level, Moment, Moments, Picture, Plan, Taken};
use openapi::Location;
use openapi::shown::clean_json;

/// A finished run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct ReportForm {
    /// The version of this format.
    version: u32,
    /// The server, as the user named it.
    subject: String,
    /// The seed of all draws.
    seed: u64,
    /// Whether a broken SHOULD fails.
    strict: bool,
    /// The outcome.
    outcome: OutcomeForm,
    /// The exit code of the outcome.
    exit_code: u8,
    /// What the run was to send at most, if the caller gave its plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Plan>,
    /// What the judge assumed because the document does not say it, and what it did not judge.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assumed: Vec<String>,
    /// One judgement for each timeline.
    timelines: Vec<TimelineForm>,
    /// The duration of the run, in milliseconds.
    duration_ms: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum OutcomeForm {
    Upheld,
    Broken,
    NotJudged,
}

/// The result of one timeline.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Timeline")]
struct TimelineForm {
    /// The name of the timeline.
    name: String,
    /// The number of requests that were sent.
    requests: u64,
    /// The values that the subject file does not give, and where they were taken from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    taken: Vec<TakenForm>,
    /// The answers of the moment, after which requests were repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    moments: Option<MomentsForm>,
    /// The laws that are probably the causes of all breaches: the first thing to look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<CauseForm>,
    /// One finding for each law.
    findings: Vec<FindingForm>,
}

/// Answers that tell only how a server fared at that moment, counted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Moments")]
struct MomentsForm {
    /// The number of answers with each of the statuses 429, 502, 503 and 504.
    statuses: BTreeMap<u16, u64>,
    /// The number of connections that were closed before the whole answer came.
    broken_off: u64,
    /// The number of answers that did not come in time.
    late: u64,
    /// The number of breaches that rested on one of these, and were not seen again.
    flaky: u64,
}

/// A broken law, and the laws that probably are broken for the same reason.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Cause")]
struct CauseForm {
    /// The law's id.
    law: &'static str,
    /// The ids of the broken laws that likely follow from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    follows: Vec<&'static str>,
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

/// The result of one law.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct FindingForm {
    /// The law's id.
    law: &'static str,
    /// The group of the law.
    group: Group,
    /// The level of a breach.
    level: Level,
    /// The reason for a level that is not the catalogue's.
    #[serde(skip_serializing_if = "Option::is_none")]
    lowered: Option<String>,
    /// The last day and the reason, if the baseline accepts a breach.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    /// The broken law from which this breach likely follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows_from: Option<&'static str>,
    /// The sentence that holds.
    title: &'static str,
    /// The place where the contract says it.
    citation: String,
    /// Observations about choices that the contract leaves open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// The outcome.
    #[serde(flatten)]
    verdict: VerdictForm,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
enum VerdictForm {
    /// The law held in every case that was not moot.
    Upheld {
        /// The number of these cases.
        cases: u32,
        /// The number of resources that the law read.
        resources: usize,
        /// The number of pages that it read, those of listings included.
        pages: u64,
        /// The number of items on them.
        items: u64,
    },
    /// The law was broken.
    Broken {
        /// The smallest case found.
        counterexample: Box<CounterexampleForm>,
    },
    /// The contract or the subject file does not declare what the law needs.
    NotInForce {
        /// The reason: what is not declared.
        reason: String,
    },
    /// Every case was moot.
    Unjudged {
        /// The reason why the last case was moot.
        reason: String,
    },
    /// The subject could not be asked.
    Unreachable {
        /// The reason.
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
    /// Whether the breach was seen again when the requests were repeated.
    steady: bool,
    /// The result that the law expects.
    expected: String,
    /// The subject's behaviour.
    actual: String,
    /// The pages over the listing, if they show an item that is lost, repeated or leaked.
    #[serde(skip_serializing_if = "Option::is_none")]
    walk: Option<WalkForm>,
    /// The number of requests that show the breach.
    requests: usize,
    /// The requests and answers.
    exchanges: Vec<ExchangeForm>,
}

/// The pages of a counterexample over the listing of its resource. Places count from zero.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Walk")]
struct WalkForm {
    /// The resource's name.
    resource: String,
    /// The number of items in the listing.
    items: usize,
    /// The walk as a line of text.
    summary: String,
    /// The pages, in the order of the requests.
    pages: Vec<WalkPageForm>,
}

/// A page of a walk.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WalkPage")]
struct WalkPageForm {
    /// The number of its exchange, from zero.
    exchange: usize,
    /// The places of its items in the listing.
    items: Vec<usize>,
    /// The number of its items that the listing does not have.
    others: usize,
    /// The places of items that should be on it, and are not.
    lost: Vec<usize>,
    /// The places of items that are on it again.
    repeated: Vec<usize>,
    /// The caller who must not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaked_to: Option<String>,
}

/// A request and its answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Exchange")]
struct ExchangeForm {
    /// The number of requests before this one that are left out.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
    /// A shell command that sends the same request.
    curl: String,
    /// The status of the answer.
    status: u16,
    /// The headers of the answer.
    headers: Vec<(String, String)>,
    /// The body of the answer, as text, cut after 4,000 characters.
    body: String,
    /// The body's size in bytes.
    body_bytes: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The JSON Schema of the JSON report.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(ReportForm).into()
}

/// The counts, if there are any.
fn moments_form(moments: &Moments) -> Option<MomentsForm> {
    let mut form = MomentsForm {
        statuses: BTreeMap::new(),
        broken_off: 0,
        late: 0,
        flaky: moments.flaky,
    };
    for (moment, times) in &moments.answers {
        match moment {
            Moment::Busy(status) => *form.statuses.entry(*status).or_default() += times,
            Moment::BrokenOff => form.broken_off += times,
            Moment::Late => form.late += times,
        }
    }
    (!moments.is_empty()).then_some(form)
}

fn cause_form(cause: &Headline) -> CauseForm {
    CauseForm {
        law: cause.law,
        follows: cause.follows.clone(),
    }
}

fn walk_form(picture: &Picture) -> WalkForm {
    let pages = picture.pages.iter().map(|page| WalkPageForm {
        exchange: page.exchange,
        items: page.items.clone(),
        others: page.others.len(),
        lost: page.lost.clone(),
        repeated: page.repeated.clone(),
        leaked_to: page.leaked_to.clone(),
    });
    WalkForm {
        resource: picture.resource.clone(),
        items: picture.listing.len(),
        summary: picture::line(picture),
        pages: pages.collect(),
    }
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
        let timelines = self.judged.iter().map(|judged| TimelineForm {
            name: judged.judgement.contract.clone(),
            requests: judged.judgement.requests,
            moments: moments_form(&judged.judgement.moments),
            causes: judged.causes.iter().map(cause_form).collect(),
            taken: judged.facts.taken().iter().map(taken_form).collect(),
            findings: judged
                .judgement
                .findings
                .iter()
                .map(|one| self.finding_form(judged, one))
                .collect(),
        });
        let form = ReportForm {
            version: 1,
            subject: self.subject.clone(),
            seed: self.seed,
            strict: self.strict,
            outcome: match outlook {
                Outlook::Upheld => OutcomeForm::Upheld,
                Outlook::Broken => OutcomeForm::Broken,
                Outlook::NotJudged => OutcomeForm::NotJudged,
            },
            exit_code: outlook as u8,
            plan: self.plan.clone(),
            assumed: self.assumed.clone(),
            timelines: timelines.collect(),
            duration_ms: u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        };
        let text = serde_json::to_string_pretty(&form).expect("the form has only string keys");
        clean_json(&self.secrets.hide_json(&text)) + "\n"
    }

    fn finding_form(&self, judged: &Judged<'_>, finding: &Finding) -> FindingForm {
        let verdict = match &finding.verdict {
            Verdict::Upheld { cases } => VerdictForm::Upheld {
                cases: *cases,
                resources: finding.scope.resources,
                pages: finding.scope.pages,
                items: finding.scope.items,
            },
            Verdict::Broken(found) => VerdictForm::Broken {
                counterexample: Box::new(self.counterexample_form(judged, finding, found)),
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
            follows_from: judged.cause_of(finding.law.id),
            title: finding.law.title,
            citation: finding.citation.clone(),
            notes: finding.notes.iter().cloned().collect(),
            verdict,
        }
    }

    fn counterexample_form(
        &self,
        judged: &Judged<'_>,
        finding: &Finding,
        found: &Counterexample,
    ) -> CounterexampleForm {
        const BODY: usize = 4_000;
        let exchanges = found.exchanges.iter().map(|exchange| ExchangeForm {
            left_out: exchange.left_out,
            curl: self.command(judged, exchange),
            status: exchange.reply.status,
            headers: self.headers(exchange),
            body: self.body(exchange, BODY),
            body_bytes: exchange.reply.body.len(),
        });
        CounterexampleForm {
            case: found.case.clone(),
            summary: found.case.to_string(),
            smallest: matches!(found.shrinking, Shrinking::Smallest | Shrinking::InPassing),
            steady: found.shrinking != Shrinking::NotSeenAgain,
            expected: found.breach.expected.clone(),
            actual: found.breach.actual.clone(),
            walk: finding.picture.as_ref().map(walk_form),
            requests: found.requests(),
            exchanges: exchanges.collect(),
        }
    }
}
