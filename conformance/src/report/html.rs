//! The report as one HTML page without other files, for an artifact of a CI run.
//!
//! Findings that need attention come first and are open. The others are folded, by group.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::shown::clean_lines;
use super::terminal::{tally, unreachable};
use super::{Report, by_group};
use crate::verdict::{Counterexample, Finding, Judgement, Outlook, Shrinking, Verdict};
use crate::{Facts, Level};
use openapi::Contract;

const STYLE: &str = include_str!("report.css");

/// The longest body to show, in characters.
const BODY: usize = 6_000;

impl Report<'_> {
    /// The report as a page of HTML, with the transcript of each breach.
    pub fn html(&self) -> String {
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
                    (self.head())
                    main {
                        @for (contract, facts, judgement) in &self.judged {
                            (self.timeline(contract, facts, judgement))
                        }
                    }
                }
            }
        };
        clean_lines(&self.secrets.hide_finished(&page.into_string()))
    }

    /// The outcome, and links to the findings that need attention.
    fn head(&self) -> Markup {
        let (outcome, kind) = match self.outlook() {
            Outlook::Upheld => ("Every law that counts was upheld", "upheld"),
            Outlook::Broken => ("A law was broken", "broken"),
            Outlook::NotJudged => ("Not everything could be judged", "open"),
        };
        let all = self
            .judged
            .iter()
            .flat_map(|(_, _, judgement)| &judgement.findings);
        let all: Vec<_> = all.collect();
        html! {
            header class=(kind) {
                h1 { (outcome) }
                p { (tally(&all)) }
                p class="run" {
                    code { (self.subject) } " · seed " (self.seed) " · " (self.requests()) " requests"
                    @if self.strict { " · strict" }
                }
                @if let Some(plan) = &self.plan {
                    p class="run" { (plan) }
                }
                @for (contract, _, judgement) in &self.judged {
                    @for (reason, laws) in unreachable(&judgement.findings) {
                        p { (judgement.contract) ": the server could not be asked about " (laws) " laws: " (reason) }
                    }
                    @let urgent = self.urgent(judgement);
                    @if !urgent.is_empty() {
                        nav aria-label=(format!("what needs attention in {}", judgement.contract)) {
                            h2 { (judgement.contract) }
                            ul {
                                @for finding in urgent {
                                    li class=(self.kind(finding)) {
                                        span class="verdict" { (finding.verdict.word()) } " "
                                        a href=(format!("#{}", anchor(contract, finding))) {
                                            code { (finding.law.id) }
                                        }
                                        " " span class="level" { (finding.level.word()) }
                                        span class="title" { (finding.law.title) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn timeline(&self, contract: &Contract, facts: &Facts, judgement: &Judgement) -> Markup {
        let calm = |finding: &&&Finding| !is_urgent(finding);
        html! {
            section {
                h2 { (judgement.contract) }
                p class="run" {
                    code { (contract.operation().method) " " (contract.operation().path) }
                }
                @for finding in self.urgent(judgement) {
                    (self.finding_row(contract, facts, finding))
                }
                @for (group, findings) in by_group(&judgement.findings) {
                    @let findings: Vec<_> = findings.iter().filter(calm).copied().collect();
                    @if !findings.is_empty() {
                        details class="group" {
                            summary { h3 { (group.heading()) } " " small { (tally(&findings)) } }
                            @for finding in findings {
                                (self.finding_row(contract, facts, finding))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The findings that need attention. Those that fail the run come first.
    fn urgent<'j>(&self, judgement: &'j Judgement) -> Vec<&'j Finding> {
        let findings = judgement.findings.iter();
        let mut urgent: Vec<_> = findings.filter(|finding| is_urgent(finding)).collect();
        urgent.sort_by_key(|finding| !finding.fails(self.strict));
        urgent
    }

    /// The colour of a finding.
    fn kind(&self, finding: &Finding) -> &'static str {
        match &finding.verdict {
            Verdict::Broken(_) if finding.fails(self.strict) => "broken",
            Verdict::Broken(_) if finding.level == Level::Info => "seen",
            Verdict::Broken(_) | Verdict::Unjudged { .. } | Verdict::Unreachable { .. } => "open",
            Verdict::Upheld { .. } => "upheld",
            Verdict::NotInForce { .. } => "silent",
        }
    }

    fn finding_row(&self, contract: &Contract, facts: &Facts, finding: &Finding) -> Markup {
        let law = finding.law;
        html! {
            details class=(self.kind(finding)) id=(anchor(contract, finding)) open[finding.fails(self.strict)] {
                summary {
                    span class="verdict" { (finding.verdict.word()) } " " code { (law.id) } " "
                    span class="level" { (finding.level.word()) }
                }
                dl {
                    dt { "law" } dd { (law.title) }
                    dt { "why" } dd { (law.why) }
                    @if !finding.citation.is_empty() {
                        dt { "says" } dd { code { (finding.citation) } }
                    }
                    @if let Some(reason) = &finding.lowered {
                        dt { "level" } dd { "set by the subject file: " (reason) }
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
        let last = found.exchanges.len().saturating_sub(1);
        html! {
            dt { "case" }
            dd {
                (found.case)
                @match found.shrinking {
                    Shrinking::Smallest | Shrinking::InPassing => {}
                    Shrinking::CutOff => " (smaller ones may exist)",
                    Shrinking::NotSeenAgain => " (intermittent: not seen again when the requests were repeated)",
                }
            }
            dt { "expected" } dd class="expected" { (found.breach.expected) }
            dt { "actual" } dd class="actual" { (found.breach.actual) }
            dt class="wide" { "transcript" }
            dd class="wide" {
                ol class="transcript" {
                    @for (index, exchange) in found.exchanges.iter().enumerate() {
                        li {
                            @if exchange.left_out > 0 {
                                p { "… " (exchange.left_out) " requests before this are left out" }
                            }
                            pre { (self.command(contract, facts, exchange)) }
                            details class="answer" open[index == last] {
                                summary { (self.answer(contract, exchange)) }
                                pre { (self.body_laid_out(exchange, BODY)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a finding needs attention. Upheld laws and mere observations do not.
fn is_urgent(finding: &Finding) -> bool {
    match &finding.verdict {
        Verdict::Broken(_) => finding.level != Level::Info,
        Verdict::Unjudged { .. } => true,
        // The head reports once, for all laws, that the server could not be reached.
        Verdict::Upheld { .. } | Verdict::NotInForce { .. } | Verdict::Unreachable { .. } => false,
    }
}

/// The anchor of a finding on the page.
fn anchor(contract: &Contract, finding: &Finding) -> String {
    format!("{}-{}", contract.name(), finding.law.id)
}
