//! The report as one HTML page without other files, for an artifact of a CI run.
//!
//! Findings that need attention come first and are open. The others are folded, by group.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::strip::strip;
use super::terminal::{tally, unreachable};
use super::{Judged, Report, by_group};
use crate::Level;
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use openapi::shown::clean_lines;

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
                        @for judged in &self.judged {
                            (self.timeline(judged))
                        }
                    }
                }
            }
        };
        no_commands(&clean_lines(
            &self.secrets.hide_finished(&page.into_string()),
        ))
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
            .flat_map(|judged| &judged.judgement.findings);
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
                @for assumed in &self.assumed {
                    p class="run" { "assumed: " (assumed) }
                }
                @for judged in &self.judged {
                    @let judgement = &judged.judgement;
                    @for (reason, laws) in unreachable(&judgement.findings) {
                        p { (judgement.contract) ": the server could not be asked about " (laws) " laws: " (reason) }
                    }
                    @let urgent = self.urgent(judged);
                    @if !urgent.is_empty() {
                        nav aria-label=(format!("what needs attention in {}", judgement.contract)) {
                            h2 { (judgement.contract) }
                            ul {
                                @for (finding, followers) in urgent {
                                    li class=(self.kind(finding)) {
                                        (link(judged, finding))
                                        span class="title" { (finding.law.title) }
                                        @if !followers.is_empty() {
                                            ul {
                                                li class="because" { "these likely follow from it:" }
                                                @for finding in followers {
                                                    li class=(self.kind(finding)) { (link(judged, finding)) }
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn timeline(&self, judged: &Judged<'_>) -> Markup {
        let (contract, judgement) = (judged.contract, &judged.judgement);
        let calm =
            |finding: &&&Finding| !is_urgent(finding) && !judged.is_cause_or_follows(finding);
        html! {
            section {
                h2 { (judgement.contract) }
                p class="run" {
                    code { (contract.operation().method) " " (contract.operation().path) }
                }
                @for (finding, followers) in self.urgent(judged) {
                    (self.finding_row(judged, finding, &followers))
                }
                @for (group, findings) in by_group(&judgement.findings) {
                    @let findings: Vec<_> = findings.iter().filter(calm).copied().collect();
                    @if !findings.is_empty() {
                        details class="group" {
                            summary { h3 { (group.heading()) } " " small { (tally(&findings)) } }
                            @for finding in findings {
                                (self.finding_row(judged, finding, &[]))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The findings that need attention, each with those that likely follow from it.
    ///
    /// Those that fail the run come first.
    fn urgent<'j>(&self, judged: &'j Judged<'_>) -> Vec<(&'j Finding, Vec<&'j Finding>)> {
        let mut urgent = judged.broken();
        let others = judged.others().into_iter();
        urgent.extend(
            others
                .filter(|one| is_urgent(one))
                .map(|one| (one, Vec::new())),
        );
        urgent.sort_by_key(|(finding, _)| !finding.fails(self.strict));
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

    fn finding_row(
        &self,
        judged: &Judged<'_>,
        finding: &Finding,
        followers: &[&Finding],
    ) -> Markup {
        let law = finding.law;
        let cause = judged
            .cause_of(law.id)
            .and_then(|cause| judged.finding(cause));
        let is_open = finding.fails(self.strict) && cause.is_none();
        html! {
            details class=(self.kind(finding)) id=(anchor(judged, finding)) open[is_open] {
                summary {
                    span class="verdict" { (word(finding)) } " " code { (law.id) } " "
                    span class="level" { (finding.level.word()) }
                }
                dl {
                    @if let Some(cause) = cause {
                        dt { "cause" } dd {
                            "likely follows from "
                            a href=(format!("#{}", anchor(judged, cause))) { code { (cause.law.id) } }
                        }
                    }
                    dt { "law" } dd { (law.title) }
                    dt { "why" } dd { (law.why) }
                    @if !finding.citation.is_empty() {
                        dt { "says" } dd { code { (finding.citation) } }
                    }
                    @if let Some(reason) = &finding.lowered {
                        dt { "level" } dd { (finding.level.word()) " here, not " (law.level.word()) ": " (reason) }
                    }
                    @if let Some(accepted) = &finding.accepted {
                        dt { "accepted" } dd { (accepted) }
                    }
                    @for note in &finding.notes {
                        dt { "observed" } dd { (note) }
                    }
                    @match &finding.verdict {
                        Verdict::Upheld { cases } => {
                            dt { "cases" } dd { (cases) }
                            @if finding.scope.pages > 0 { dt { "read" } dd { (finding.scope) } }
                        }
                        Verdict::NotInForce { reason } | Verdict::Unjudged { reason }
                        | Verdict::Unreachable { reason } => { dt { "reason" } dd { (reason) } }
                        Verdict::Broken(found) => (self.example(judged, finding, found))
                    }
                }
                @if !followers.is_empty() {
                    div class="follows" {
                        p { "These likely follow from it:" }
                        @for follower in followers {
                            (self.finding_row(judged, follower, &[]))
                        }
                    }
                }
            }
        }
    }

    fn example(&self, judged: &Judged<'_>, finding: &Finding, found: &Counterexample) -> Markup {
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
            @if let Some(picture) = &finding.picture {
                dt class="wide" { "walk of " (picture.resource) }
                dd class="wide" { (strip(picture)) }
            }
            dt class="wide" { "transcript" }
            dd class="wide" {
                ol class="transcript" {
                    @for (index, exchange) in found.exchanges.iter().enumerate() {
                        li {
                            @if exchange.left_out > 0 {
                                p { "… " (exchange.left_out) " requests before this are left out" }
                            }
                            pre { (self.command(judged, exchange)) }
                            details class="answer" open[index == last] {
                                summary { (self.answer(judged.contract, exchange)) }
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

/// The verdict in a word. A law that is only observed is never called broken.
fn word(finding: &Finding) -> &'static str {
    match &finding.verdict {
        Verdict::Broken(_) if finding.level == Level::Info => "observed",
        verdict => verdict.word(),
    }
}

/// A page with no line that GitHub reads as a command (`::error`) if the page is printed.
fn no_commands(page: &str) -> String {
    let lines = page.split('\n').map(|line| {
        if line.trim_start().starts_with("::") {
            line.replacen(':', "&#58;", 1)
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The anchor of a finding on the page.
fn anchor(judged: &Judged<'_>, finding: &Finding) -> String {
    format!("{}-{}", judged.contract.name(), finding.law.id)
}

/// A line with a link to a finding.
fn link(judged: &Judged<'_>, finding: &Finding) -> Markup {
    html! {
        span class="verdict" { (word(finding)) } " "
        a href=(format!("#{}", anchor(judged, finding))) { code { (finding.law.id) } }
        " " span class="level" { (finding.level.word()) }
    }
}
