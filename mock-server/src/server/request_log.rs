//! The request log: the latest requests and their outcomes, for people who look for a mistake.
//!
//! A request costs only what is kept of it, and that is bounded: a client decides how long its requests are. Its JSON
//! is built when the log is read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use openapi::shown::{cut, grouped};
use serde_json::{Map, Value, json};

/// The number of requests that are kept.
const KEPT: usize = 500;

/// The longest text that is kept of a request, in bytes.
const TEXT: usize = 4 * 1024;

/// The number of sentences that are kept about one request.
const SENTENCES: usize = 20;

/// The longest sentence that is kept whole, in characters.
const SENTENCE: usize = 300;

/// `text`, cut with its length if it is long.
pub(crate) fn kept(text: &str) -> Box<str> {
    if text.len() <= TEXT {
        return text.into();
    }
    let end = text.floor_char_boundary(TEXT);
    format!("{}… ({} bytes)", &text[..end], grouped(text.len())).into()
}

/// The first of `sentences`, each cut if it is long.
pub(crate) fn kept_of(mut sentences: Vec<String>) -> Vec<String> {
    let more = sentences.len().saturating_sub(SENTENCES);
    sentences.truncate(SENTENCES);
    for sentence in &mut sentences {
        *sentence = cut(sentence, SENTENCE, sentence.len());
    }
    if more > 0 {
        sentences.push(format!("and {more} more"));
    }
    sentences.shrink_to_fit();
    sentences
}

/// The latest requests, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    /// The number of lines that were ever written.
    count: u64,
    lines: VecDeque<Line>,
}

/// A request and its outcome.
///
/// It holds no secrets. Of the headers it keeps only `Prefer`, which is no credential and is needed to
/// repeat the request.
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
    /// The faults that struck.
    pub(crate) faults: Vec<Arc<str>>,
    /// Whether a fault broke the contract.
    pub(crate) breaks: bool,
}

/// The contract's verdict on a request, in one word.
pub(crate) fn verdict(status: u16, nothing_wrong: bool) -> &'static str {
    match (nothing_wrong, status < 400) {
        (true, _) => "kept",
        (false, true) => "strayed",
        (false, false) => "refused",
    }
}

impl RequestLog {
    pub(crate) fn write(&self, line: Line) {
        let mut log = self.lines();
        log.count += 1;
        if log.lines.len() == KEPT {
            log.lines.pop_front();
        }
        log.lines.push_back(line);
    }

    /// The lines after the one with this number. The first line ever written has the number 1.
    pub(crate) fn read(&self, after: u64) -> Vec<Value> {
        let log = self.lines();
        let first = log.count - log.lines.len() as u64 + 1;
        let numbered = (first..).zip(&log.lines);
        let newer = numbered.filter(|(number, _)| *number > after);
        newer.map(|(number, line)| line.shown(number)).collect()
    }

    /// Forgets the lines. Numbers go on, so that a reader who continues misses none.
    pub(crate) fn clear(&self) {
        self.lines().lines.clear();
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
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
        let log = RequestLog::default();
        for _ in 0..=KEPT {
            log.write(line());
        }
        let lines = log.read(0);
        assert_eq!(lines.len(), KEPT);
        assert_eq!(lines[0]["number"], 2);
        assert_eq!(lines[0]["verdict"], "refused");
        assert_eq!(lines[0]["took_ms"], 1.5);
    }

    #[test]
    fn long_requests_are_kept_in_part() {
        let long = "é".repeat(100_000);
        let target = kept(&long);
        assert!(target.len() < TEXT + 40, "{}", target.len());
        assert!(target.ends_with("é… (200,000 bytes)"), "{target}");
        assert_eq!(&*kept("/short"), "/short");
        let wrong = kept_of(vec![long; 5_000]);
        assert_eq!(wrong.len(), SENTENCES + 1);
        assert_eq!(wrong.last().unwrap(), "and 4980 more");
        assert!(wrong.iter().all(|one| one.chars().count() < 330));
    }

    #[test]
    fn a_reader_who_continues_gets_every_new_request() {
        let log = RequestLog::default();
        log.write(line());
        log.write(line());
        assert_eq!(log.read(1).len(), 1);
        assert!(log.read(2).is_empty() && log.read(u64::MAX).is_empty());
        log.clear();
        assert!(log.read(0).is_empty());
        log.write(line());
        assert_eq!(log.read(2)[0]["number"], 3);
    }
}
