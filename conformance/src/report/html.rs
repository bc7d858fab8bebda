//! The report as one page that needs nothing else: for an artifact that is opened from a CI run.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::terminal::tally;
use super::{Report, by_group, curl};
use crate::session::Exchange;
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use crate::{Facts, Level};
use openapi::Contract;

const STYLE: &str = include_str!("report.css");

impl Report<'_> {
    /// The report as a page of HTML, with the transcript of each breach.
    pub fn html(&self) -> String {
        let (outcome, kind) = match self.outlook() {
            Outlook::Upheld => ("Every law that counts was upheld", "upheld"),
            Outlook::Broken => ("A law was broken", "broken"),
            Outlook::NotJudged => ("Not everything could be judged", "open"),
        };
        let findings: Vec<_> = self
            .judged
            .iter()
            .flat_map(|(_, _, judgement)| &judgement.findings)
            .collect();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "Conformance of " (self.subject) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header class=(kind) {
                        h1 { (outcome) }
                        p { (tally(&findings)) }
                        p class="run" {
                            code { (self.subject) } " · seed " (self.seed) " · " (self.requests()) " requests"
                            @if self.strict { " · strict" }
                        }
                    }
                    main {
                        @for (contract, facts, judgement) in &self.judged {
                            section {
                                h2 { (judgement.contract) }
                                p class="run" {
                                    (contract.operation().method) " " code { (contract.operation().path) }
                                }
                                @for (group, findings) in by_group(&judgement.findings) {
                                    h3 { (group.heading()) " " small { (tally(&findings)) } }
                                    @for finding in findings {
                                        (self.finding_row(contract, facts, finding))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        };
        self.hide_tokens(page.into_string())
    }

    fn finding_row(&self, contract: &Contract, facts: &Facts, finding: &Finding) -> Markup {
        let law = finding.law;
        let word = finding.verdict.word();
        let kind = match &finding.verdict {
            Verdict::Broken(_) if finding.fails(self.strict) => "broken",
            Verdict::Broken(_) if finding.level == Level::Info => "seen",
            Verdict::Broken(_) | Verdict::Unjudged { .. } | Verdict::Unreachable { .. } => "open",
            Verdict::Upheld { .. } => "upheld",
            Verdict::NotInForce { .. } => "silent",
        };
        html! {
            details class=(kind) id=(format!("{}-{}", contract.name(), law.id)) open[finding.fails(self.strict)] {
                summary {
                    span class="verdict" { (word) } " " code { (law.id) } " "
                    span class="level" { (finding.level.word()) }
                }
                dl {
                    dt { "law" } dd { (law.title) }
                    dt { "why" } dd { (law.why) }
                    @if !finding.citation.is_empty() {
                        dt { "says" } dd { code { (finding.citation) } }
                    }
                    @if let Some(reason) = &finding.lowered {
                        dt { "level" } dd { "the subject file says so: " (reason) }
                    }
                    @if let Some(accepted) = &finding.accepted {
                        dt { "accepted" } dd { (accepted) }
                    }
                    @for note in &finding.notes {
                        dt { "observed" } dd { (note) }
                    }
                    @match &finding.verdict {
                        Verdict::Upheld { cases } => { dt { "cases" } dd { (cases) } }
                        Verdict::NotInForce { reason } | Verdict::Unjudged { reason }
                        | Verdict::Unreachable { reason } => { dt { "reason" } dd { (reason) } }
                        Verdict::Broken(found) => (self.example(contract, facts, found))
                    }
                }
            }
        }
    }

    fn example(&self, contract: &Contract, facts: &Facts, found: &Counterexample) -> Markup {
        html! {
            dt { "case" }
            dd {
                (found.case)
                @match found.shrinking {
                    Shrinking::Smallest | Shrinking::InPassing => {}
                    Shrinking::CutOff => " (smaller ones may exist)",
                    Shrinking::NotSeenAgain => " (not seen again when the same was asked once more)",
                }
            }
            dt { "expected" } dd { (found.breach.expected) }
            dt { "actual" } dd { (found.breach.actual) }
            dt { "transcript" }
            dd {
                ol class="transcript" {
                    @for exchange in &found.exchanges {
                        li {
                            pre { (curl::line(contract, facts, self.subject, exchange)) }
                            p { "status " (exchange.reply.status) }
                            pre class="answer" { (body(exchange)) }
                        }
                    }
                }
            }
        }
    }
}

/// The body of an answer, set out where it is JSON, and cut.
fn body(exchange: &Exchange) -> String {
    const MOST: usize = 6_000;
    let reply = &exchange.reply;
    let text = match reply.json() {
        Some(json) => format!("{json:#}"),
        None => String::from_utf8_lossy(&reply.body).into_owned(),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\n… ({} bytes)", &text[..end], reply.body.len()),
        None => text,
    }
}
