//! What a proxy saw: how much of it was checked, and what was found.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::finding::Finding;

/// How many violations are kept; all are counted.
const KEPT: usize = 200;

/// How many of one exchange are kept: a list of a hundred items breaks its schema a hundred times.
const KEPT_OF_ONE: usize = 20;

/// What a proxy saw.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    exchanges: u64,
    /// Those whose answer was held against its operation.
    checked: u64,
    /// Those for no operation of the documents.
    elsewhere: u64,
    /// Those that got no answer.
    lost: u64,
    /// Those of which a part could not be checked, by reason.
    unchecked: BTreeMap<String, u64>,
    /// Violations of clients, and of the server.
    by_requests: u64,
    by_responses: u64,
    /// Exchanges and violations, by operation.
    operations: BTreeMap<String, (u64, u64)>,
    latest: VecDeque<Value>,
}

/// How an exchange ended.
#[derive(Debug)]
pub(crate) enum End {
    /// It was held against its operation.
    Checked,
    /// It was, as far as that went.
    Unchecked(String),
    /// It is for no operation of the documents.
    Elsewhere,
    /// There was no answer.
    Lost,
}

/// An exchange, as it is written down.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    pub(crate) method: &'l str,
    pub(crate) target: &'l str,
    pub(crate) operation: Option<&'l str>,
    pub(crate) status: Option<u16>,
    pub(crate) findings: &'l [Finding],
}

impl Tally {
    /// How many violations were found.
    pub fn violations(&self) -> u64 {
        self.counts().violations()
    }

    /// What was seen and found, for people; several lines.
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let mut out = format!(
            "{} exchanges, {} checked, {} for no operation of the documents, {} without an answer\n",
            counts.exchanges, counts.checked, counts.elsewhere, counts.lost
        );
        for (why, count) in &counts.unchecked {
            let _ = writeln!(out, "{count} not checked to the end: {why}");
        }
        let _ = writeln!(
            out,
            "{} violations, {} by requests and {} by responses",
            counts.violations(),
            counts.by_requests,
            counts.by_responses
        );
        for (operation, (exchanges, violations)) in &counts.operations {
            let _ = writeln!(out, "  {violations:>6} in {exchanges:>6}  {operation}");
        }
        out
    }

    /// What was seen and found, for programs.
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
            End::Unchecked(why) => *counts.unchecked.entry(why).or_default() += 1,
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
            let mut told = json!({
                "exchange": number,
                "at": at,
                "operation": line.operation,
                "method": line.method,
                "target": line.target,
                "status": line.status,
            });
            if let (Some(told), Value::Object(finding)) = (told.as_object_mut(), finding.json()) {
                told.extend(finding);
            }
            counts.latest.push_back(told);
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
}
