//! The latest requests and what became of them, for people who look for the one that went wrong.
//!
//! A request pays for what is kept, not for how it looks: lines are put into words when they are read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// How many requests are kept.
const KEPT: usize = 500;

/// The latest requests, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    /// How many were ever written.
    count: u64,
    lines: VecDeque<Line>,
}

/// A request, and what became of it. Nothing secret: of its headers only the one that is no credential,
/// and without which it could not be repeated.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) took: Duration,
    pub(crate) method: Method,
    pub(crate) target: Box<str>,
    pub(crate) prefer: Option<Box<str>>,
    pub(crate) route: Option<Arc<str>>,
    pub(crate) status: u16,
    pub(crate) wrong: Vec<String>,
    /// What struck on purpose.
    pub(crate) faults: Vec<Arc<str>>,
    /// Whether what struck broke the contract.
    pub(crate) breaks: bool,
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
    pub(crate) fn write(&self, line: Line) {
        let mut pages = self.pages();
        pages.count += 1;
        if pages.lines.len() == KEPT {
            pages.lines.pop_front();
        }
        pages.lines.push_back(line);
    }

    /// The lines behind the one with this number, the first of all being 1.
    pub(crate) fn read(&self, after: u64) -> Vec<Value> {
        let pages = self.pages();
        let first = pages.count - pages.lines.len() as u64 + 1;
        let numbered = (first..).zip(&pages.lines);
        let newer = numbered.filter(|(number, _)| *number > after);
        newer.map(|(number, line)| line.shown(number)).collect()
    }

    /// Forgets the lines; numbers go on, so that whoever reads on misses none.
    pub(crate) fn clear(&self) {
        self.pages().lines.clear();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn shown(&self, number: u64) -> Value {
        let mut headers = Map::new();
        if let Some(prefer) = &self.prefer {
            headers.insert("prefer".to_owned(), Value::from(&**prefer));
        }
        let texts = |texts: &[Arc<str>]| texts.iter().map(|text| Value::from(&**text)).collect();
        let faults: Vec<_> = texts(&self.faults);
        json!({
            "number": number,
            "at": self.at.to_string(),
            "took_ms": self.took.as_secs_f64() * 1_000.0,
            "method": self.method.as_str(),
            "target": self.target,
            "headers": headers,
            "route": self.route.as_deref(),
            "status": self.status,
            "verdict": verdict(self.status, self.wrong.is_empty()),
            "wrong": self.wrong,
            "faults": faults,
            "breaks": self.breaks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            at: Timestamp::UNIX_EPOCH,
            took: Duration::from_micros(1_500),
            method: Method::GET,
            target: "/".into(),
            prefer: None,
            route: None,
            status: 404,
            wrong: vec!["no operation has this path".to_owned()],
            faults: Vec::new(),
            breaks: false,
        }
    }

    #[test]
    fn only_the_latest_requests_are_kept() {
        let journal = Journal::default();
        for _ in 0..=KEPT {
            journal.write(line());
        }
        let lines = journal.read(0);
        assert_eq!(lines.len(), KEPT);
        assert_eq!(lines[0]["number"], 2);
        assert_eq!(lines[0]["verdict"], "refused");
        assert_eq!(lines[0]["took_ms"], 1.5);
    }

    #[test]
    fn whoever_reads_on_gets_what_is_new_and_misses_nothing() {
        let journal = Journal::default();
        journal.write(line());
        journal.write(line());
        assert_eq!(journal.read(1).len(), 1);
        assert!(journal.read(2).is_empty() && journal.read(u64::MAX).is_empty());
        journal.clear();
        assert!(journal.read(0).is_empty());
        journal.write(line());
        assert_eq!(journal.read(2)[0]["number"], 3);
    }
}
