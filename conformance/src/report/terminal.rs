//! The report for a person. Breaches come first, on one screen, and the rest as counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Judged, Report, by_group, picture};
use crate::Level;
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use openapi::shown::clean;

/// The layout of the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Colours and bold text, for a terminal.
    pub colours: bool,
    /// One line for each law, not only for those that need attention.
    pub verbose: bool,
}

impl Report<'_> {
    /// The report for a person.
    pub fn terminal(&self, style: Style) -> String {
        let mut text = String::new();
        if let Some(plan) = &self.plan {
            line(&mut text, &plan.to_string());
        }
        for assumed in &self.assumed {
            line(&mut text, &format!("assumed: {assumed}"));
        }
        for judged in &self.judged {
            let (facts, judgement) = (judged.facts, &judged.judgement);
            let resources = facts.resources().len();
            let heading = format!("{}, {resources} resources", judgement.contract);
            let _ = writeln!(text, "{}", style.bold(&clean(&heading)));
            for taken in facts.taken() {
                line(&mut text, &format!("  {taken}"));
            }
            if let Some(reason) = facts.lacking() {
                let message = format!("not judged: {reason}");
                let _ = writeln!(text, "  {}", style.yellow(&clean(&message)));
            }
            text.push_str(&self.causes(style, judged));
            for (group, findings) in by_group(&judgement.findings) {
                let _ = writeln!(text, "  {:<17} {}", group.heading(), tally(&findings));
                for finding in findings {
                    if style.verbose || !is_quiet(judged, finding) {
                        text.push_str(&indented(&self.entry(style, judged, finding)));
                    }
                }
            }
            for (reason, laws) in unreachable(&judgement.findings) {
                let message = format!("the server could not be asked about {laws} laws: {reason}");
                let _ = writeln!(text, "  {}", style.yellow(&clean(&message)));
            }
            text.push('\n');
        }
        self.closing(&mut text, style);
        self.secrets.hide_lines(&text)
    }

    /// Each breach that is probably a cause, and beneath it those that likely follow from it.
    fn causes(&self, style: Style, judged: &Judged<'_>) -> String {
        let mut text = String::new();
        for (cause, followers) in judged.broken() {
            let mut details = self.details(style, judged, cause);
            if !followers.is_empty() {
                let count = followers.len();
                let follow = match count {
                    1 => "law likely follows",
                    _ => "laws likely follow",
                };
                let _ = writeln!(details, "  {count} more broken {follow} from it:");
            }
            for finding in followers {
                if style.verbose {
                    details.push_str(&indented(&self.details(style, judged, finding)));
                } else if let Verdict::Broken(found) = &finding.verdict {
                    let (level, law) = (finding.level.word(), finding.law.id);
                    line(
                        &mut details,
                        &format!("    {level:<6} {law}: {}", found.breach.actual),
                    );
                }
            }
            let _ = writeln!(text, "{}", indented(&details));
        }
        text
    }

    /// A finding in the list of its group. A breach that is shown above has one line.
    fn entry(&self, style: Style, judged: &Judged<'_>, finding: &Finding) -> String {
        if judged.is_cause_or_follows(finding) {
            return format!(
                "{} {:<6} {}, see above\n",
                style.red("broken"),
                finding.level.word(),
                finding.law.id
            );
        }
        self.details(style, judged, finding)
    }

    /// All details of one finding.
    pub(super) fn details(&self, style: Style, judged: &Judged<'_>, finding: &Finding) -> String {
        let mut text = String::new();
        let (level, id) = (finding.level.word(), finding.law.id);
        let (word, behind) = match &finding.verdict {
            Verdict::Upheld { cases } => {
                let scope = finding.scope.to_string();
                let joint = if scope.is_empty() { "" } else { "; " };
                let behind = format!("{level:<6} {id} ({cases} cases{joint}{scope})");
                (style.green("upheld"), behind)
            }
            Verdict::Broken(_) if finding.level == Level::Info => {
                (style.yellow("observed"), format!("{level:<6} {id}"))
            }
            Verdict::Broken(_) => (style.red("broken"), format!("{level:<6} {id}")),
            Verdict::NotInForce { reason } => {
                ("not in force".to_owned(), format!("{id}: {reason}"))
            }
            Verdict::Unjudged { reason } => (
                style.yellow("unjudged"),
                format!("{level:<6} {id}: {reason}"),
            ),
            Verdict::Unreachable { reason } => (
                style.yellow("unreachable"),
                format!("{level:<6} {id}: {reason}"),
            ),
        };
        line(&mut text, &behind);
        text = format!("{word} {text}");
        if let Some(reason) = &finding.lowered {
            let known = finding.law.level.word();
            line(&mut text, &format!("  {level} here, not {known}: {reason}"));
        }
        if let Some(accepted) = &finding.accepted {
            line(&mut text, &format!("  accepted  {accepted}"));
        }
        for note in &finding.notes {
            line(&mut text, &format!("  observed: {note}"));
        }
        if let Verdict::Broken(found) = &finding.verdict {
            self.counterexample(&mut text, judged, finding, found);
        }
        text
    }

    fn counterexample(
        &self,
        text: &mut String,
        judged: &Judged<'_>,
        finding: &Finding,
        found: &Counterexample,
    ) {
        /// The number of requests to show of a long case. Its end matters most.
        const SHOWN: usize = 6;
        let shrinking = match found.shrinking {
            Shrinking::Smallest | Shrinking::InPassing => "",
            Shrinking::CutOff => " (smaller ones may exist: --shrinks was used up)",
            Shrinking::NotSeenAgain => {
                " (intermittent: not seen again when the requests were repeated)"
            }
        };
        line(text, &format!("  law       {}", finding.law.title));
        line(text, &format!("  why       {}", finding.law.why));
        line(text, &format!("  says      {}", finding.citation));
        line(text, &format!("  case      {}{shrinking}", found.case));
        line(text, &format!("  expected  {}", found.breach.expected));
        line(text, &format!("  actual    {}", found.breach.actual));
        if let Some(picture) = &finding.picture {
            line(text, &format!("  walk      {}", picture::line(picture)));
        }
        if let Some(cause) = judged.cause_of(finding.law.id) {
            line(text, &format!("  cause     likely follows from {cause}"));
        }
        line(text, &format!("  requests  {}", found.requests()));
        let (hidden, shown) = found
            .exchanges
            .split_at(found.exchanges.len().saturating_sub(SHOWN));
        let hidden = hidden.len() + hidden.iter().map(|one| one.left_out).sum::<usize>();
        for (index, exchange) in shown.iter().enumerate() {
            let before = exchange.left_out + if index == 0 { hidden } else { 0 };
            if before > 0 {
                line(text, &format!("  … {before} requests before these"));
            }
            line(text, &format!("  {}", self.command(judged, exchange)));
            line(
                text,
                &format!("    {}", self.answer(judged.contract, exchange)),
            );
        }
    }

    fn closing(&self, text: &mut String, style: Style) {
        let findings: Vec<_> = self
            .judged
            .iter()
            .flat_map(|judged| &judged.judgement.findings)
            .collect();
        let outlook = match self.outlook() {
            Outlook::Upheld => style.green("every law that counts was upheld"),
            Outlook::Broken => style.red("a law was broken"),
            Outlook::NotJudged => style.yellow("not everything could be judged"),
        };
        let _ = writeln!(text, "{outlook}: {}", tally(&findings));
        let (seed, requests) = (self.seed, self.requests());
        let _ = writeln!(
            text,
            "seed {seed}, {requests} requests, {:.1} s",
            self.elapsed.as_secs_f64()
        );
        let moments = self.moments();
        if !moments.is_empty() {
            let _ = writeln!(text, "{moments}");
        }
    }
}

impl Style {
    fn bold(self, text: &str) -> String {
        self.set("1", text)
    }

    fn red(self, text: &str) -> String {
        self.set("1;31", text)
    }

    fn green(self, text: &str) -> String {
        self.set("32", text)
    }

    fn yellow(self, text: &str) -> String {
        self.set("33", text)
    }

    fn set(self, code: &str, text: &str) -> String {
        if self.colours {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether a finding has no line of its own, unless every law has one.
fn is_quiet(judged: &Judged<'_>, finding: &Finding) -> bool {
    match finding.verdict {
        Verdict::Upheld { .. } | Verdict::NotInForce { .. } => finding.notes.is_empty(),
        // Below, one line says it for all of them.
        Verdict::Unreachable { .. } => true,
        // Above, one line says it for all of them.
        Verdict::Unjudged { .. } => judged.facts.lacking().is_some(),
        Verdict::Broken(_) => judged.is_cause_or_follows(finding),
    }
}

pub(super) fn tally(findings: &[&Finding]) -> String {
    type Kind = (&'static str, fn(&Finding) -> bool);
    let kinds: [Kind; 6] = [
        ("broken", |one| {
            matches!(one.verdict, Verdict::Broken(_)) && one.level != Level::Info
        }),
        ("unreachable", |one| {
            matches!(one.verdict, Verdict::Unreachable { .. })
        }),
        ("unjudged", |one| {
            matches!(one.verdict, Verdict::Unjudged { .. })
        }),
        ("upheld", |one| {
            matches!(one.verdict, Verdict::Upheld { .. })
        }),
        ("observed", |one| {
            matches!(one.verdict, Verdict::Broken(_)) && one.level == Level::Info
        }),
        ("not in force", |one| {
            matches!(one.verdict, Verdict::NotInForce { .. })
        }),
    ];
    let counted = kinds.iter().filter_map(|(word, is)| {
        let count = findings.iter().filter(|finding| is(finding)).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// Each reason why the server could not be asked, with the number of laws.
pub(super) fn unreachable(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut reasons = BTreeMap::new();
    for finding in findings {
        if let Verdict::Unreachable { reason } = &finding.verdict {
            *reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    reasons
}

/// Adds a line. Whatever it says, it stays one line, and changes no terminal.
fn line(text: &mut String, words: &str) {
    text.push_str(&clean(words));
    text.push('\n');
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
