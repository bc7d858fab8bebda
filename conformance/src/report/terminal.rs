//! The report for a person. Breaches come first, on one screen, and the rest as counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Report, by_group, curl};
use crate::session::Exchange;
use crate::verdict::{Counterexample, Finding, Outlook, Shrinking, Verdict};
use crate::{Facts, Level};
use openapi::Contract;

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
            let _ = writeln!(text, "{plan}");
        }
        for (contract, facts, judgement) in &self.judged {
            let resources = facts.resources().len();
            let heading = format!("{}, {resources} resources", judgement.contract);
            let _ = writeln!(text, "{}", style.bold(&heading));
            for taken in facts.taken() {
                let _ = writeln!(text, "  {taken}");
            }
            if let Some(reason) = facts.lacking() {
                let _ = writeln!(text, "  {}", style.yellow(&format!("not judged: {reason}")));
            }
            for (group, findings) in by_group(&judgement.findings) {
                let _ = writeln!(text, "  {:<17} {}", group.heading(), tally(&findings));
                for finding in findings {
                    let quiet = match finding.verdict {
                        Verdict::Upheld { .. } | Verdict::NotInForce { .. } => {
                            finding.notes.is_empty()
                        }
                        // Below, one line says it for all of them.
                        Verdict::Unreachable { .. } => true,
                        // Above, one line says it for all of them.
                        Verdict::Unjudged { .. } => facts.lacking().is_some(),
                        Verdict::Broken(_) => false,
                    };
                    if !quiet || style.verbose {
                        text.push_str(&indented(&self.details(style, (contract, facts), finding)));
                    }
                }
            }
            for (reason, laws) in unreachable(&judgement.findings) {
                let message = format!("the server could not be asked about {laws} laws: {reason}");
                let _ = writeln!(text, "  {}", style.yellow(&message));
            }
            text.push('\n');
        }
        self.closing(&mut text, style);
        self.hide_tokens(text)
    }

    /// All details of one finding.
    pub(super) fn details(
        &self,
        style: Style,
        basis: (&Contract, &Facts),
        finding: &Finding,
    ) -> String {
        let mut text = String::new();
        let (level, id) = (finding.level.word(), finding.law.id);
        let line = match &finding.verdict {
            Verdict::Upheld { cases } => {
                format!("{} {level:<6} {id} ({cases} cases)", style.green("upheld"))
            }
            Verdict::Broken(_) if finding.level == Level::Info => {
                format!("{} {level:<6} {id}", style.yellow("observed"))
            }
            Verdict::Broken(_) => format!("{} {level:<6} {id}", style.red("broken")),
            Verdict::NotInForce { reason } => format!("not in force {id}: {reason}"),
            Verdict::Unjudged { reason } => {
                format!("{} {level:<6} {id}: {reason}", style.yellow("unjudged"))
            }
            Verdict::Unreachable { reason } => {
                format!("{} {level:<6} {id}: {reason}", style.yellow("unreachable"))
            }
        };
        let _ = writeln!(text, "{line}");
        if let Some(reason) = &finding.lowered {
            let _ = writeln!(
                text,
                "  the subject file says {level}, not {}: {reason}",
                finding.law.level.word()
            );
        }
        if let Some(accepted) = &finding.accepted {
            let _ = writeln!(text, "  accepted  {accepted}");
        }
        for note in &finding.notes {
            let _ = writeln!(text, "  observed: {note}");
        }
        if let Verdict::Broken(found) = &finding.verdict {
            self.counterexample(&mut text, basis, finding, found);
        }
        text
    }

    fn counterexample(
        &self,
        text: &mut String,
        (contract, facts): (&Contract, &Facts),
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
        let _ = writeln!(text, "  law       {}", finding.law.title);
        let _ = writeln!(text, "  why       {}", finding.law.why);
        let _ = writeln!(text, "  says      {}", finding.citation);
        let _ = writeln!(text, "  case      {}{shrinking}", found.case);
        let _ = writeln!(text, "  expected  {}", found.breach.expected);
        let _ = writeln!(text, "  actual    {}", found.breach.actual);
        let (hidden, shown) = found
            .exchanges
            .split_at(found.exchanges.len().saturating_sub(SHOWN));
        let hidden = hidden.len() + hidden.iter().map(|one| one.left_out).sum::<usize>();
        for (index, exchange) in shown.iter().enumerate() {
            let before = exchange.left_out + if index == 0 { hidden } else { 0 };
            if before > 0 {
                let _ = writeln!(text, "  … {before} requests before these");
            }
            let _ = writeln!(
                text,
                "  {}",
                curl::line(contract, facts, self.subject, exchange)
            );
            let _ = writeln!(text, "    {}", answer(contract, exchange));
        }
    }

    fn closing(&self, text: &mut String, style: Style) {
        let findings: Vec<_> = self
            .judged
            .iter()
            .flat_map(|(_, _, judgement)| &judgement.findings)
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

/// An answer on one line: a page by its keys, anything else by its body, cut.
pub(super) fn answer(contract: &Contract, exchange: &Exchange) -> String {
    const MOST: usize = 240;
    let reply = &exchange.reply;
    if let Some(page) = page(contract, exchange) {
        return format!("{} {page}", reply.status);
    }
    let body = String::from_utf8_lossy(&reply.body);
    let body = body.escape_debug().to_string().replace("\\\"", "\"");
    let shown = match body.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &body[..end], reply.body.len()),
        None => body,
    };
    format!("{} {shown}", reply.status)
}

/// A page in the contract's words: the number of items, the first and last keys, and how to continue.
fn page(contract: &Contract, exchange: &Exchange) -> Option<String> {
    /// The number of keys to show at each end.
    const ENDS: usize = 3;
    let body = exchange.reply.json()?;
    let keys: Option<Vec<String>> = contract
        .items(&body)?
        .iter()
        .map(|item| contract.key(item))
        .collect();
    let keys = keys?;
    let listed = if keys.len() <= 2 * ENDS {
        keys.join(", ")
    } else {
        format!(
            "{} … {}",
            keys[..ENDS].join(", "),
            keys[keys.len() - ENDS..].join(", ")
        )
    };
    let mut text = format!("a page of {}: {listed}", keys.len());
    let paging = contract.paging();
    let reply = openapi::Reply {
        headers: &exchange.reply.headers,
        body: &body,
    };
    let info = paging.info(&reply, &exchange.request.page(contract));
    if let Some(more) = info.more {
        let _ = write!(text, "; more: {more}");
    }
    let next = info.handed_out.and_then(|next| paging.write(&next));
    for (_, next) in next.unwrap_or_default() {
        let _ = write!(text, "; next: {next}");
    }
    Some(text)
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

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
