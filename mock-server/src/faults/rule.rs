//! A fault as people write it: what goes wrong, and whom it strikes.
//!
//! `status=429@10%@job=ID`: the first part says what, each part behind an `@` narrows whom.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use fixtures::Noise;
use http::StatusCode;
use jiff::SignedDuration;

/// The longest that an answer is held back.
pub(super) const LONGEST: Duration = Duration::from_mins(1);

const CURE: &str = "write `status=503`, `latency=200ms`, `latency=100ms..2s`, `slow=2KiB/s`, `truncate`, `drop`, `expired`, `repeat` or `vanish`, and behind it, if it is not for every request, `@10%` or `@every=3`, `@job=ID`, `@operation=NAME`";

/// A fault, and whom it strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(crate) text: Arc<str>,
    pub(super) kind: Kind,
    pub(super) when: When,
    job: Option<String>,
    operation: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Refused with this status.
    Status(StatusCode),
    /// Held back for a time between these.
    Latency(Duration, Duration),
    /// So many bytes of the body come in a second.
    Slow(u64),
    /// Broken off in the middle of the body.
    Truncate,
    /// The connection ends without an answer.
    Drop,
    /// URLs of artifacts are expired when they are served.
    Expired,
    /// A page begins with the item that its cursor names.
    Repeat,
    /// A cursor is one that was never handed out.
    Vanish,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum When {
    Always,
    /// This share of requests.
    Share(f64),
    /// Each request whose number is a multiple of this.
    Every(u64),
}

/// A request, as far as faults look at it.
#[derive(Debug)]
pub(super) struct Target<'r> {
    /// The name of the operation's timelines.
    pub(super) operation: &'r str,
    /// The job that is asked for.
    pub(super) job: Option<&'r str>,
    pub(super) has_cursor: bool,
    /// Whether its events may hold URLs that expire.
    pub(super) has_links: bool,
}

impl Fault {
    /// The timelines that it is for alone.
    pub(crate) fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Whether it is meant for such a request: none is counted that it could do nothing to.
    pub(super) fn is_for(&self, target: &Target<'_>) -> bool {
        let job = self.job.as_deref();
        let operation = self.operation.as_deref();
        let touches = match self.kind {
            Kind::Expired => target.has_links,
            Kind::Repeat | Kind::Vanish => target.has_cursor,
            _ => true,
        };
        touches
            && job.is_none_or(|job| target.job == Some(job))
            && operation.is_none_or(|operation| target.operation == operation)
    }
}

impl When {
    pub(super) fn strikes(self, number: u64, noise: Noise) -> bool {
        match self {
            Self::Always => true,
            Self::Share(share) => noise.unit() < share,
            Self::Every(every) => number.is_multiple_of(every),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no fault: {CURE}");
        let mut parts = text.split('@');
        let kind = parts.next().and_then(kind).ok_or_else(wrong)?;
        let mut fault = Self {
            text: text.into(),
            kind,
            when: When::Always,
            job: None,
            operation: None,
        };
        for part in parts {
            fault.narrow(part).ok_or_else(wrong)?;
        }
        Ok(fault)
    }
}

impl Fault {
    /// Takes one condition more; each may stand once.
    fn narrow(&mut self, part: &str) -> Option<()> {
        let name = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let free = match part.split_once('=') {
            Some(("job", id)) => self.job.replace(name(id)?).is_none(),
            Some(("operation", named)) => self.operation.replace(name(named)?).is_none(),
            _ => std::mem::replace(&mut self.when, when(part)?) == When::Always,
        };
        free.then_some(())
    }
}

fn kind(text: &str) -> Option<Kind> {
    match (text.split_once('='), text) {
        (Some(("status", code)), _) => status(code).map(Kind::Status),
        (Some(("latency", span)), _) => {
            let (least, most) = span.split_once("..").unwrap_or((span, span));
            let (least, most) = delay(least).zip(delay(most))?;
            (least <= most).then_some(Kind::Latency(least, most))
        }
        (Some(("slow", speed)), _) => rate(speed).map(Kind::Slow),
        (_, "truncate") => Some(Kind::Truncate),
        (_, "drop") => Some(Kind::Drop),
        (_, "expired") => Some(Kind::Expired),
        (_, "repeat") => Some(Kind::Repeat),
        (_, "vanish") => Some(Kind::Vanish),
        _ => None,
    }
}

fn when(text: &str) -> Option<When> {
    if let Some(share) = text.strip_suffix('%') {
        let share: f64 = share.parse().ok()?;
        return (0.0..=100.0)
            .contains(&share)
            .then_some(When::Share(share / 100.0));
    }
    let every = text.strip_prefix("every=")?.parse().ok()?;
    (every > 0).then_some(When::Every(every))
}

/// A status that refuses.
fn status(text: &str) -> Option<StatusCode> {
    let status: StatusCode = text.parse().ok()?;
    (400..600).contains(&status.as_u16()).then_some(status)
}

fn delay(text: &str) -> Option<Duration> {
    let span: SignedDuration = text.parse().ok()?;
    let span = Duration::try_from(span).ok()?;
    (span <= LONGEST).then_some(span)
}

/// Bytes in a second: `500B/s`, `2KiB/s`, `1MB/s`.
fn rate(text: &str) -> Option<u64> {
    let text = text.strip_suffix("/s")?;
    let unit = text.find(|one: char| !one.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let factor: u64 = match unit {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "KiB" => 1_024,
        "MB" => 1_000_000,
        "MiB" => 1_048_576,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(factor).filter(|rate| *rate > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_read_in_the_units_that_people_write() {
        let read = |text: &str| text.parse::<Fault>().unwrap().kind;
        assert_eq!(read("slow=500B/s"), Kind::Slow(500));
        assert_eq!(read("slow=2KiB/s"), Kind::Slow(2_048));
        assert_eq!(read("slow=1MB/s"), Kind::Slow(1_000_000));
    }

    #[test]
    fn what_is_no_fault_is_told() {
        for text in [
            "",
            "status",
            "status=200",
            "status=600",
            "latency=2s..1s",
            "latency=2h",
            "slow",
            "slow=2",
            "slow=0B/s",
            "slow=2furlongs/s",
            "slow=99999999999999999999MB/s",
            "truncate=1",
            "truncate@",
            "truncate@110%",
            "truncate@every=0",
            "truncate@10%@every=3",
            "truncate@job=",
            "truncate@job=a@job=b",
            "truncate@moon=full",
            "flood",
        ] {
            let told = text.parse::<Fault>().unwrap_err();
            assert!(told.contains("is no fault: write"), "{text}");
        }
    }
}
