//! The report for CI servers that read JUnit XML (GitLab, Jenkins).
//!
//! Each timeline is a suite, and each law a test case.
//!
//! JUnit XML has no standard. The report is valid against the strictest schema of a CI server,
//! `junit-10.xsd` of Jenkins' xUnit plugin.

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::terminal::Style;
use super::{Judged, Report};
use crate::verdict::{Finding, Verdict};
use openapi::shown::{clean, clean_lines};

impl Report<'_> {
    /// The report as JUnit XML.
    ///
    /// A law that is not in force is a skipped test. A law that could not be judged is an error, and a
    /// breach that fails the run is a failure. What was assumed is the output of the first suite.
    pub fn junit(&self) -> String {
        let mut junit = Junit::new("conformance");
        for (place, judged) in self.judged.iter().enumerate() {
            let mut suite = TestSuite::new(&*clean(&judged.judgement.contract));
            if place == 0 && !self.assumed.is_empty() {
                let lines = self.assumed.iter().map(|line| format!("assumed: {line}\n"));
                suite.set_system_out(clean_lines(&lines.collect::<String>()));
            }
            let cases = judged.ordered().into_iter();
            let cases = cases.map(|one| self.case(judged, one));
            suite.add_test_cases(cases);
            junit.add_test_suite(suite);
        }
        let text = junit.to_string().unwrap_or_default();
        // Each suite has its number of skipped tests. The schema has no place for their sum.
        let text = text.replacen(&format!(" skipped=\"{}\"", junit.skipped), "", 1);
        clean_lines(&self.secrets.hide_finished(&text))
    }

    fn case(&self, judged: &Judged<'_>, finding: &Finding) -> TestCase {
        let law = finding.law.id;
        let mut details = self.details(Style::default(), judged, finding);
        let followers = judged.followers(law);
        if !followers.is_empty() {
            details += &format!("  follow    likely from it: {}\n", followers.join(", "));
        }
        let before = judged.cause_of(law).map_or(String::new(), |cause| {
            format!("likely follows from {cause}: ")
        });
        let status = match &finding.verdict {
            Verdict::Broken(found) if finding.fails(self.strict) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status
                    .set_type(finding.level.word())
                    .set_message(&*clean(&format!(
                        "{before}expected {}, got {}",
                        found.breach.expected, found.breach.actual
                    )))
                    .set_description(&details);
                status
            }
            Verdict::Upheld { .. } | Verdict::Broken(_) => TestCaseStatus::success(),
            Verdict::NotInForce { reason } => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(&*clean(&format!("not in force: {reason}")));
                status
            }
            Verdict::Unjudged { reason } if !finding.leaves_open() => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(&*clean(&format!("unjudged: {reason}")));
                status
            }
            Verdict::Unjudged { reason } | Verdict::Unreachable { reason } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status
                    .set_message(&*clean(reason))
                    .set_description(&details);
                status
            }
        };
        let succeeded = matches!(status, TestCaseStatus::Success { .. });
        let mut case = TestCase::new(law, status);
        let (timeline, group) = (&judged.judgement.contract, finding.law.group.heading());
        case.set_classname(&*clean(&format!("{timeline}.{group}")));
        if succeeded && matches!(finding.verdict, Verdict::Broken(_)) {
            case.set_system_out(&details);
        }
        case
    }
}
