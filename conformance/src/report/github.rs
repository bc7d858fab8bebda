//! The report as annotations of a GitHub workflow run. Each finding that needs attention is one line.

use std::fmt::Write as _;

use super::{Judged, Report};
use crate::verdict::{Finding, Verdict};
use openapi::shown::{clean, clean_lines};

impl Report<'_> {
    /// Workflow commands (`::error ...`) for a step to print.
    pub fn github(&self) -> String {
        let mut text = String::new();
        for line in &self.assumed {
            let _ = writeln!(text, "::notice title=assumed::{}", data(&clean(line)));
        }
        for judged in &self.judged {
            for finding in judged.ordered() {
                if let Some((kind, message)) = self.annotation(judged, finding) {
                    let title = format!("{}: {}", judged.judgement.contract, finding.law.id);
                    let _ = writeln!(
                        text,
                        "::{kind} title={}::{}",
                        property(&title),
                        data(&message)
                    );
                }
            }
        }
        self.secrets.hide_lines(&text)
    }

    fn annotation(&self, judged: &Judged<'_>, finding: &Finding) -> Option<(&'static str, String)> {
        match &finding.verdict {
            Verdict::Broken(found) => {
                let kind = match () {
                    () if finding.fails(self.strict) => "error",
                    () if finding.level == crate::Level::Info => "notice",
                    () => "warning",
                };
                let (expected, actual) = (&found.breach.expected, &found.breach.actual);
                let (title, case) = (finding.law.title, found.case.to_string());
                let (expected, actual) = (clean(expected), clean(actual));
                let mut message = format!(
                    "{title}\nexpected {expected}\nactual {actual}\ncase {}",
                    clean(&case)
                );
                if let Some(cause) = judged.cause_of(finding.law.id) {
                    message = format!("likely follows from {cause}\n{message}");
                }
                let followers = judged.followers(finding.law.id);
                if !followers.is_empty() {
                    let _ = write!(message, "\nlikely follow from it: {}", followers.join(", "));
                }
                Some((kind, message))
            }
            Verdict::Unjudged { reason } | Verdict::Unreachable { reason }
                if finding.leaves_open() =>
            {
                Some(("error", format!("not judged: {}", clean(reason))))
            }
            _ => None,
        }
    }
}

/// A message, escaped for a workflow command.
fn data(text: &str) -> String {
    clean_lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
