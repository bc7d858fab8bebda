//! The counts and findings of a proxy.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use openapi::shown::clean;
use serde_json::{Value, json};

use super::finding::{Finding, shortened};

/// The number of violations that are kept. All are counted.
const KEPT: usize = 200;

/// The number of violations of one exchange that are kept. A list can break its schema in every item.
pub(crate) const KEPT_OF_ONE: usize = 20;

/// The number of reasons that are counted apart. A server's answers may name any number of them.
const REASONS: usize = 50;

/// What the other reasons are counted as.
const OTHER: &str = "other reasons";

/// The counts and findings of a proxy.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    exchanges: u64,
    /// Exchanges whose answer was checked.
    checked: u64,
    /// Exchanges for no operation of the documents.
    elsewhere: u64,
    /// Exchanges without an answer.
    lost: u64,
    /// Exchanges of which a part could not be checked, by reason.
    unchecked: BTreeMap<String, u64>,
    /// Violations by the client, and by the server.
    by_requests: u64,
    by_responses: u64,
    /// Exchanges and violations, by operation.
    operations: BTreeMap<String, (u64, u64)>,
    latest: VecDeque<Value>,
}

/// The end of an exchange.
#[derive(Debug)]
pub(crate) enum End {
    /// All of it was checked.
    Checked,
    /// A part could not be checked, for this reason.
    Unchecked(String),
    /// It is for no operation of the documents.
    Elsewhere,
    /// There was no answer.
    Lost,
}

/// An exchange as it is recorded.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    pub(crate) method: &'l str,
    pub(crate) target: &'l str,
    pub(crate) operation: Option<&'l str>,
    pub(crate) status: Option<u16>,
    pub(crate) findings: &'l [Finding],
}

impl Tally {
    /// The number of violations.
    pub fn violations(&self) -> u64 {
        self.counts().violations()
    }

    /// The counts in several lines for people.
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let mut out = format!(
            "{} exchanges, {} checked, {} for no operation of the documents, {} without an answer\n",
            counts.exchanges, counts.checked, counts.elsewhere, counts.lost
        );
        for (why, count) in &counts.unchecked {
            let _ = writeln!(out, "{count} not checked to the end: {}", clean(why));
        }
        let _ = writeln!(
            out,
            "{} violations, {} by requests and {} by responses",
            counts.violations(),
            counts.by_requests,
            counts.by_responses
        );
        for (operation, (exchanges, violations)) in &counts.operations {
            let _ = writeln!(
                out,
                "  {violations:>6} in {exchanges:>6}  {}",
                clean(operation)
            );
        }
        out
    }

    /// The counts and the latest violations for programs.
    pub(crate) fn json(&self) -> Value {
        let counts = self.counts();
        let unchecked = counts.unchecked.iter();
        let unchecked = unchecked.map(|(why, count)| json!({ "why": why, "count": count }));
        let operations = counts.operations.iter();
        let operations = operations.map(|(operation, (exchanges, violations))| {
            json!({ "operation": operation, "exchanges": exchanges, "violations": violations })
        });
        json!({
            "total": counts.violations(),
            "by_requests": counts.by_requests,
            "by_responses": counts.by_responses,
            "exchanges": counts.exchanges,
            "checked": counts.checked,
            "unchecked": unchecked.collect::<Vec<_>>(),
            "elsewhere": counts.elsewhere,
            "lost": counts.lost,
            "operations": operations.collect::<Vec<_>>(),
            "latest": counts.latest,
        })
    }

    pub(crate) fn clear(&self) {
        *self.counts() = Counts::default();
    }

    pub(crate) fn write(&self, line: &Line<'_>, end: End) {
        let mut counts = self.counts();
        counts.exchanges += 1;
        match end {
            End::Checked => counts.checked += 1,
            End::Unchecked(why) => counts.pass_over(&why),
            End::Elsewhere => counts.elsewhere += 1,
            End::Lost => counts.lost += 1,
        }
        let found = line.findings.len() as u64;
        let own = line.findings.iter().filter(|one| one.side == "request");
        let own = own.count() as u64;
        counts.by_requests += own;
        counts.by_responses += found - own;
        if let Some(operation) = line.operation {
            let of = counts.operations.entry(operation.to_owned()).or_default();
            *of = (of.0 + 1, of.1 + found);
        }
        let number = counts.exchanges;
        let at = Timestamp::now().to_string();
        for finding in line.findings.iter().take(KEPT_OF_ONE) {
            if counts.latest.len() == KEPT {
                counts.latest.pop_front();
            }
            let mut shown = json!({
                "exchange": number,
                "at": at,
                "operation": line.operation,
                "method": shortened(line.method),
                "target": shortened(line.target),
                "status": line.status,
            });
            if let (Some(shown), Value::Object(finding)) = (shown.as_object_mut(), finding.json()) {
                shown.extend(finding);
            }
            counts.latest.push_back(shown);
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn violations(&self) -> u64 {
        self.by_requests + self.by_responses
    }

    /// Counts an exchange that could not be checked to the end.
    fn pass_over(&mut self, why: &str) {
        let is_counted = self.unchecked.len() < REASONS || self.unchecked.contains_key(why);
        let why = if is_counted {
            shortened(why)
        } else {
            OTHER.to_owned()
        };
        *self.unchecked.entry(why).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_exchanges_has_a_bound_in_bytes() {
        let long = "x".repeat(60_000);
        let mut finding = Finding {
            side: "request",
            place: long.clone(),
            message: long.clone(),
            citation: "a.yaml:1:1 at #/paths".to_owned(),
        };
        finding.hide(None);
        let findings = vec![finding; 50];
        let tally = Tally::default();
        for number in 0..500 {
            let line = Line {
                method: &long,
                target: &long,
                operation: None,
                status: Some(200),
                findings: &findings,
            };
            tally.write(&line, End::Unchecked(format!("{number}{long}")));
        }
        assert_eq!(tally.violations(), 500 * 50);
        let kept = tally.json().to_string().len();
        assert!(kept < 512 << 10, "{kept}");
        assert!(tally.summary().len() < 64 << 10);
    }
}
