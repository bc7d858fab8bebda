//! A fault as people write it, such as `status=429@10%@job=ID`.
//!
//! The first part says what goes wrong. Each part after an `@` limits which requests it strikes.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use fixtures::Noise;
use http::StatusCode;
use jiff::SignedDuration;

use crate::route::Route;

/// The longest delay of an answer.
pub(crate) const LONGEST: Duration = Duration::from_mins(1);

const CURE: &str = "write `status=503`, `latency=200ms`, `latency=100ms..2s`, `slow=2KiB/s`, `truncate`, `drop`, `expired`, `repeat`, `vanish` or `expire`; to strike only some requests, add `@10%` or `@every=3`, `@job=ID`, `@operation=NAME`";

/// Something that goes wrong on purpose, and the requests that it strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(crate) text: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) when: When,
    resource: Option<String>,
    operation: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// The request is refused with this status.
    Status(StatusCode),
    /// The answer is delayed by a time between these.
    Latency(Duration, Duration),
    /// The body is sent at so many bytes per second.
    Slow(u64),
    /// The body breaks off in the middle.
    Truncate,
    /// The connection ends without an answer.
    Drop,
    /// URLs of artifacts are expired when they are served.
    Expired,
    /// A page begins with the item that its cursor names.
    Repeat,
    /// The cursor is treated as unknown.
    Vanish,
    /// The cursor is treated as expired.
    Expire,
}

/// The faults of one page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PageFaults {
    /// URLs of artifacts are expired when they are served.
    pub(crate) expired: bool,
    /// The page begins with the item that the cursor names.
    pub(crate) repeated: bool,
    /// What happens to the cursor.
    pub(crate) cursor: CursorFault,
}

/// What happens to a cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum CursorFault {
    /// Nothing.
    #[default]
    None,
    /// It is treated as unknown.
    Vanished,
    /// It is treated as expired.
    Expired,
}

/// Which of the requests that it is meant for a fault strikes.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum When {
    /// All of them.
    Always,
    /// This share of them.
    Share(f64),
    /// Each one whose number is a multiple of this.
    Every(u64),
}

/// The properties of a request that faults look at.
#[derive(Debug)]
pub(crate) struct Target<'r> {
    pub(crate) route: &'r Route,
    /// The id of the resource.
    pub(crate) resource: Option<&'r str>,
    pub(crate) has_cursor: bool,
    /// Whether events of the operation may hold URLs that expire.
    pub(crate) has_presigned_urls: bool,
}

impl Fault {
    /// The name of the only operation that it strikes.
    pub(crate) fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Whether the fault is meant for such a request. A request that it cannot change does not count.
    pub(crate) fn is_for(&self, target: &Target<'_>) -> bool {
        let resource = self.resource.as_deref();
        let operation = self.operation.as_deref();
        let touches = match self.kind {
            Kind::Expired => target.has_presigned_urls,
            Kind::Repeat | Kind::Vanish | Kind::Expire => target.has_cursor,
            _ => true,
        };
        touches
            && resource.is_none_or(|id| target.resource == Some(id))
            && operation.is_none_or(|operation| target.route.is_named(operation))
    }
}

impl When {
    pub(crate) fn strikes(self, number: u64, noise: Noise) -> bool {
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
        let wrong = || format!("`{text}` is not a fault: {CURE}");
        let mut parts = text.split('@');
        let kind = parts.next().and_then(kind).ok_or_else(wrong)?;
        let mut fault = Self {
            text: text.into(),
            kind,
            when: When::Always,
            resource: None,
            operation: None,
        };
        for part in parts {
            fault.narrow(part).ok_or_else(wrong)?;
        }
        Ok(fault)
    }
}

impl Fault {
    /// Adds a condition; `None` if it cannot be read or is given twice.
    fn narrow(&mut self, part: &str) -> Option<()> {
        let name = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let free = match part.split_once('=') {
            Some(("job", id)) => self.resource.replace(name(id)?).is_none(),
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
        (_, "expire") => Some(Kind::Expire),
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

/// A status of 400 or more.
fn status(text: &str) -> Option<StatusCode> {
    let status: StatusCode = text.parse().ok()?;
    (400..600).contains(&status.as_u16()).then_some(status)
}

fn delay(text: &str) -> Option<Duration> {
    let span: SignedDuration = text.parse().ok()?;
    let span = Duration::try_from(span).ok()?;
    (span <= LONGEST).then_some(span)
}

/// Bytes per second: `500B/s`, `2KiB/s`, `1MB/s`.
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
    fn a_text_that_is_not_a_fault_is_an_error() {
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
            let error = text.parse::<Fault>().unwrap_err();
            assert!(error.contains("is not a fault: write"), "{text}");
        }
    }
}
