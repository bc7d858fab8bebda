//! The report for the summary of a CI step.

use std::fmt::Write as _;

use super::Report;
use super::terminal::{Style, tally};
use crate::verdict::{Outlook, Verdict};

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
            "`{}`, seed {}, {} requests\n",
            self.subject,
            self.seed,
            self.requests()
        );
        if let Some(plan) = &self.plan {
            let _ = writeln!(text, "{plan}\n");
        }
        for (contract, facts, judgement) in &self.judged {
            let _ = writeln!(text, "### {}\n\n| group | |\n|---|---|", judgement.contract);
            for (group, findings) in super::by_group(&judgement.findings) {
                let _ = writeln!(text, "| {} | {} |", group.heading(), tally(&findings));
            }
            text.push('\n');
            for finding in &judgement.findings {
                if matches!(
                    finding.verdict,
                    Verdict::Upheld { .. } | Verdict::NotInForce { .. }
                ) {
                    continue;
                }
                let open = if finding.fails(self.strict) {
                    " open"
                } else {
                    ""
                };
                let details = self.details(Style::default(), (contract, facts), finding);
                let fence = "`".repeat(fence(&details));
                let (id, level) = (finding.law.id, finding.level.word());
                let word = finding.verdict.word();
                let _ = writeln!(
                    text,
                    "<details{open}><summary><code>{id}</code> ({level}) {word}</summary>\n\n{fence}text\n{details}{fence}\n\n</details>\n",
                );
            }
        }
        self.hide_tokens(text)
    }
}

/// The number of backticks of a fence: one more than the text has in a row, and at least three.
fn fence(text: &str) -> usize {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    longest.map_or(3, |longest| (longest + 1).max(3))
}
