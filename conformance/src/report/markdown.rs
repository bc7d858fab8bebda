//! The report for the summary of a CI step.

use std::fmt::Write as _;

use super::terminal::{Style, tally};
use super::{Judged, Report};
use crate::verdict::{Finding, Outlook, Verdict};
use openapi::shown::{clean, clean_lines};

impl Report<'_> {
    /// The report as Markdown: the outcome, a table of groups, and each breach in a folded section.
    pub fn markdown(&self) -> String {
        let outcome = match self.outlook() {
            Outlook::Upheld => "every law that counts was upheld",
            Outlook::Broken => "a law was broken",
            Outlook::NotJudged => "not everything could be judged",
        };
        let mut text = format!("## Conformance: {outcome}\n\n");
        let _ = writeln!(
            text,
            "{}, seed {}, {} requests\n",
            code(&self.subject),
            self.seed,
            self.requests()
        );
        if let Some(plan) = &self.plan {
            let _ = writeln!(text, "{}\n", plain(&plan.to_string()));
        }
        for assumed in &self.assumed {
            let _ = writeln!(text, "- assumed: {}", plain(assumed));
        }
        if !self.assumed.is_empty() {
            text.push('\n');
        }
        for judged in &self.judged {
            let judgement = &judged.judgement;
            let name = plain(&judgement.contract);
            let _ = writeln!(text, "### {name}\n\n| group | |\n|---|---|");
            for (group, findings) in super::by_group(&judgement.findings) {
                let _ = writeln!(text, "| {} | {} |", group.heading(), tally(&findings));
            }
            text.push('\n');
            for (cause, followers) in judged.broken() {
                let followers = followers.into_iter();
                let beneath: String = followers.map(|one| self.section(judged, one, "")).collect();
                text += &self.section(judged, cause, &beneath);
            }
            for finding in judged.others() {
                if !matches!(
                    finding.verdict,
                    Verdict::Upheld { .. } | Verdict::NotInForce { .. }
                ) {
                    text += &self.section(judged, finding, "");
                }
            }
        }
        clean_lines(&self.secrets.hide_lines(&text))
    }
}

impl Report<'_> {
    /// A finding in a folded section, and what stands beneath it.
    fn section(&self, judged: &Judged<'_>, finding: &Finding, beneath: &str) -> String {
        let follows = judged.cause_of(finding.law.id).is_some();
        let open = if finding.fails(self.strict) && !follows {
            " open"
        } else {
            ""
        };
        let details = self.details(Style::default(), judged, finding);
        let fence = "`".repeat(fence(&details));
        let (id, level) = (finding.law.id, finding.level.word());
        let word = finding.verdict.word();
        let beneath = if beneath.is_empty() {
            String::new()
        } else {
            format!("These likely follow from it:\n\n{beneath}")
        };
        format!(
            "<details{open}><summary><code>{id}</code> ({level}) {word}</summary>\n\n{fence}text\n{details}{fence}\n\n\
             {beneath}</details>\n\n"
        )
    }
}

/// A text as it is: no character of it is markup.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    for one in clean(text).chars() {
        if one.is_ascii_punctuation() && !"/.,:;-".contains(one) {
            shown.push('\\');
        }
        shown.push(one);
    }
    shown
}

/// A text in a line, as code.
fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let mark = "`".repeat(longest.unwrap_or_default() + 1);
    if text.contains('`') {
        format!("{mark} {text} {mark}")
    } else {
        format!("{mark}{text}{mark}")
    }
}

/// The number of backticks of a fence: one more than the text has in a row, and at least three.
fn fence(text: &str) -> usize {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    longest.map_or(3, |longest| (longest + 1).max(3))
}
