//! The latest requests and what became of them, for people who look for the one that went wrong.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// How many requests are kept.
const KEPT: usize = 500;

/// The latest requests, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    /// How many were ever written.
    count: u64,
    lines: VecDeque<Value>,
}

/// A request, and what became of it.
#[derive(Debug)]
pub(crate) struct Line<'l> {
    pub(crate) at: String,
    pub(crate) method: &'l str,
    pub(crate) target: &'l str,
    pub(crate) route: Option<&'l str>,
    pub(crate) status: u16,
    pub(crate) wrong: &'l [String],
    /// What struck on purpose.
    pub(crate) faults: &'l [String],
}

/// What the contract says to a request.
pub(crate) fn verdict(status: u16, nothing_wrong: bool) -> &'static str {
    match (nothing_wrong, status < 400) {
        (true, _) => "kept",
        (false, true) => "strayed",
        (false, false) => "refused",
    }
}

impl Journal {
    pub(crate) fn write(&self, line: &Line<'_>) {
        let mut pages = self.pages();
        pages.count += 1;
        let number = pages.count;
        if pages.lines.len() == KEPT {
            pages.lines.pop_front();
        }
        pages.lines.push_back(json!({
            "number": number,
            "at": line.at,
            "method": line.method,
            "target": line.target,
            "route": line.route,
            "status": line.status,
            "verdict": verdict(line.status, line.wrong.is_empty()),
            "wrong": line.wrong,
            "faults": line.faults,
        }));
    }

    pub(crate) fn read(&self) -> Vec<Value> {
        self.pages().lines.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.pages() = Pages::default();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_requests_are_kept() {
        let journal = Journal::default();
        for _ in 0..=KEPT {
            journal.write(&Line {
                at: String::new(),
                method: "GET",
                target: "/",
                route: None,
                status: 404,
                wrong: &["no operation has this path".to_owned()],
                faults: &[],
            });
        }
        let lines = journal.read();
        assert_eq!(lines.len(), KEPT);
        assert_eq!(lines[0]["number"], 2);
        assert_eq!(lines[0]["verdict"], "refused");
    }
}
