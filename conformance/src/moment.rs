//! An answer of the moment tells how a server fares just now, and nothing about its contract.
//!
//! A server gives one when it is busy, restarts, or closes a kept connection. The judge asks again, and no
//! law sees such an answer as the server's word.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use crate::subject::{Cause, Lost, Reply, Request};

/// The kind of an answer of the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// The server, or one before it, is busy: status 429, 502, 503 or 504.
    Busy(u16),
    /// The connection was closed before the whole answer came.
    BrokenOff,
    /// No whole answer came in time.
    Late,
}

impl Moment {
    /// The kind of this answer, if it is one of the moment.
    pub(crate) fn of(request: &Request, answer: &Result<Reply, Lost>) -> Option<Self> {
        match answer {
            Ok(reply) if matches!(reply.status, 429 | 502..=504) => Some(Self::Busy(reply.status)),
            Ok(reply) => reply.missing(request).map(|_| Self::BrokenOff),
            Err(lost) => Some(match lost.cause {
                Cause::Connection => Self::BrokenOff,
                Cause::Time => Self::Late,
            }),
        }
    }

    /// The wait before a request is sent again for the `repeat`-th time, counted from zero.
    ///
    /// It is what the answer asks for, if that is not longer than `most`. `None` if `most` is too short.
    pub(crate) fn wait(
        self,
        reply: Option<&Reply>,
        repeat: u32,
        most: Duration,
    ) -> Option<Duration> {
        /// The first wait. Each further one is twice as long.
        const STEP: Duration = Duration::from_millis(50);
        let told = reply.and_then(|reply| retry_after(reply, SystemTime::now()));
        let doubled = |times: u32| STEP.saturating_mul(2_u32.saturating_pow(times));
        let usual = match self {
            Self::Busy(_) => doubled(repeat),
            // A closed connection is replaced by a fresh one at once.
            Self::BrokenOff | Self::Late if repeat == 0 => Duration::ZERO,
            Self::BrokenOff | Self::Late => doubled(repeat - 1),
        };
        let wait = told.filter(|told| *told <= most).unwrap_or(usual);
        (wait <= most).then_some(wait)
    }
}

/// The wait that `Retry-After` asks for: seconds, or until a date (RFC 9110, 10.2.3).
///
/// A date before `now` means no wait. `None` if there is none, or any other text.
fn retry_after(reply: &Reply, now: SystemTime) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim();
    let seconds = text.parse().map(Duration::from_secs).ok();
    let date = || httpdate::parse_http_date(text).ok();
    seconds.or_else(|| Some(date()?.duration_since(now).unwrap_or_default()))
}

/// The answers of the moment in a run, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moments {
    /// The number of answers of each kind.
    pub answers: BTreeMap<Moment, u64>,
    /// The number of breaches that rested on one, and were not seen again.
    pub flaky: u64,
}

impl Moments {
    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.flaky == 0
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        for (moment, times) in &other.answers {
            *self.answers.entry(*moment).or_default() += times;
        }
        self.flaky += other.flaky;
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(status) => write!(out, "status {status}"),
            Self::BrokenOff => out.write_str("closed connection"),
            Self::Late => out.write_str("no answer in time"),
        }
    }
}

impl fmt::Display for Moments {
    /// On one line, as `asked again after 12 times status 429, 3 times closed connection`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.answers.iter();
        let counts: Vec<_> = counts
            .map(|(moment, times)| format!("{times} times {moment}"))
            .collect();
        if !counts.is_empty() {
            write!(out, "asked again after {}", counts.join(", "))?;
        }
        if self.answers.contains_key(&Moment::Busy(429)) {
            out.write_str(" (--rate N asks more slowly)")?;
        }
        if self.flaky > 0 {
            let joined = if counts.is_empty() { "" } else { "; " };
            write!(
                out,
                "{joined}{} flaky breaches were not seen again",
                self.flaky
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn reply(status: u16, retry_after: Option<&str>) -> Reply {
        let mut headers = http::HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert("retry-after", text.parse().unwrap());
        }
        Reply {
            status,
            headers,
            body: Bytes::new(),
        }
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_by_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let told = |text| retry_after(&reply(429, Some(text)), now).map(|wait| wait.as_secs());
        assert_eq!(told("7"), Some(7));
        assert_eq!(told("Sun, 06 Nov 1994 08:49:57 GMT"), Some(20));
        assert_eq!(told("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(told("soon"), None);
        assert_eq!(retry_after(&reply(429, None), now), None);
    }

    #[test]
    fn a_wait_doubles_and_stays_within_the_limit() {
        let minute = Duration::from_mins(1);
        let wait =
            |moment: Moment, text, repeat, most| moment.wait(Some(&reply(429, text)), repeat, most);
        let millis = |millis| Some(Duration::from_millis(millis));
        let busy = Moment::Busy(429);
        assert_eq!(wait(busy, None, 0, minute), millis(50));
        assert_eq!(wait(busy, None, 3, minute), millis(400));
        assert_eq!(wait(busy, Some("2"), 3, minute), millis(2_000));
        assert_eq!(wait(busy, Some("3600"), 0, minute), millis(50));
        assert_eq!(wait(busy, None, 3, Duration::from_millis(399)), None);
        assert_eq!(wait(Moment::BrokenOff, None, 0, minute), millis(0));
        assert_eq!(wait(Moment::BrokenOff, None, 2, minute), millis(100));
    }
}
