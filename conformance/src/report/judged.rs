//! The judgement of one timeline, with the causes of its breaches.

use openapi::Contract;

use crate::verdict::{Finding, Judgement};
use crate::{Facts, Headline};

/// The judgement of one timeline.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    pub(super) contract: &'a Contract,
    pub(super) facts: &'a Facts,
    pub(super) judgement: Judgement,
    /// The laws that are probably the causes of all breaches.
    pub(super) causes: Vec<Headline>,
}

impl Judged<'_> {
    /// The finding about this law.
    pub(super) fn finding(&self, law: &str) -> Option<&Finding> {
        let mut findings = self.judgement.findings.iter();
        findings.find(|finding| finding.law.id == law)
    }

    /// Each cause, with the findings that likely follow from it.
    pub(super) fn broken(&self) -> Vec<(&Finding, Vec<&Finding>)> {
        let with_followers = |cause: &Headline| {
            let follows = cause.follows.iter();
            let follows = follows.filter_map(|law| self.finding(law));
            Some((self.finding(cause.law)?, follows.collect()))
        };
        self.causes.iter().filter_map(with_followers).collect()
    }

    /// The findings that are neither a cause nor follow from one, in the order of reports.
    pub(super) fn others(&self) -> Vec<&Finding> {
        let findings = self.judgement.findings.iter();
        findings
            .filter(|finding| !self.is_cause_or_follows(finding))
            .collect()
    }

    /// All findings: causes come first, each before those that follow from it.
    pub(super) fn ordered(&self) -> Vec<&Finding> {
        let mut ordered = Vec::new();
        for (cause, followers) in self.broken() {
            ordered.push(cause);
            ordered.extend(followers);
        }
        ordered.extend(self.others());
        ordered
    }

    /// Whether a finding is shown as a cause, or beneath one.
    pub(super) fn is_cause_or_follows(&self, finding: &Finding) -> bool {
        let law = finding.law.id;
        let mut causes = self.causes.iter();
        causes.any(|cause| cause.law == law || cause.follows.contains(&law))
    }

    /// The laws that likely follow from this one.
    pub(super) fn followers(&self, law: &str) -> &[&'static str] {
        let mut causes = self.causes.iter();
        let cause = causes.find(|cause| cause.law == law);
        cause.map_or(&[], |cause| cause.follows.as_slice())
    }

    /// The law from which this one likely follows.
    pub(super) fn cause_of(&self, law: &str) -> Option<&'static str> {
        let mut causes = self.causes.iter();
        let cause = causes.find(|cause| cause.follows.contains(&law))?;
        Some(cause.law)
    }
}
