//! Faults on purpose, for the client's sake: what goes wrong in production, at a share that is wanted here.
//!
//! A rule is a line of text, `status=429@10%`. Which request it strikes follows from the seed and the
//! request's number, so that a run can be repeated. Without rules, and without a `Prefer` header, nothing
//! is touched.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use fixtures::Noise;
use http::{HeaderMap, StatusCode};
use jiff::SignedDuration;

/// The longest that an answer is held back.
const LONGEST: Duration = Duration::from_mins(1);

/// A fault, and which requests it strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    text: String,
    kind: Kind,
    when: When,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// Refused with this status.
    Status(StatusCode),
    /// Held back for a time between these.
    Latency(Duration, Duration),
    /// Broken off in the middle of the body.
    Truncate,
    /// The connection ends without an answer.
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    Always,
    /// This share of requests.
    Share(f64),
    /// Each request whose number is a multiple of this.
    Every(u64),
}

/// What happens to one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Strike {
    pub(crate) delay: Duration,
    pub(crate) status: Option<StatusCode>,
    pub(crate) truncated: bool,
    pub(crate) dropped: bool,
    /// The rules that struck, as they were written.
    pub(crate) rules: Vec<String>,
}

/// The rules in force.
#[derive(Debug)]
pub(crate) struct Faults {
    noise: Noise,
    start: Vec<Fault>,
    rules: RwLock<Vec<Fault>>,
    asked: AtomicU64,
}

impl Faults {
    pub(crate) fn new(seed: u64, start: Vec<Fault>) -> Self {
        Self {
            noise: Noise::new(seed).at("faults"),
            rules: RwLock::new(start.clone()),
            start,
            asked: AtomicU64::new(0),
        }
    }

    /// The rules, as they were written.
    pub(crate) fn texts(&self) -> Vec<String> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        rules.iter().map(|rule| rule.text.clone()).collect()
    }

    /// Puts these rules in force; requests are counted afresh.
    pub(crate) fn set(&self, faults: Vec<Fault>) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        *rules = faults;
        self.asked.store(0, Ordering::Relaxed);
    }

    /// The rules of the start.
    pub(crate) fn reset(&self) {
        self.set(self.start.clone());
    }

    /// What happens to the next request, which has these headers.
    pub(crate) fn strike(&self, headers: &HeaderMap) -> Strike {
        let mut strike = Strike::default();
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        for (place, rule) in (0..).zip(rules.iter()) {
            let noise = self.noise.number(number).at("rule").number(place);
            if rule.when.strikes(number, noise) {
                strike.take(rule, noise);
            }
        }
        for rule in preferred(headers) {
            strike.take(&rule, self.noise);
        }
        strike
    }
}

impl Strike {
    fn take(&mut self, rule: &Fault, noise: Noise) {
        match rule.kind {
            Kind::Status(status) => self.status = Some(status),
            Kind::Latency(least, most) => {
                let more = most.saturating_sub(least).mul_f64(noise.at("delay").unit());
                self.delay = (self.delay + least + more).min(LONGEST);
            }
            Kind::Truncate => self.truncated = true,
            Kind::Drop => self.dropped = true,
        }
        self.rules.push(rule.text.clone());
    }
}

impl When {
    fn strikes(self, number: u64, noise: Noise) -> bool {
        match self {
            Self::Always => true,
            Self::Share(share) => noise.unit() < share,
            Self::Every(every) => number.is_multiple_of(every),
        }
    }
}

/// What the request itself wants, by `Prefer: code=422, delay=500ms`; anything else is no business of
/// ours (RFC 7240, 2).
fn preferred(headers: &HeaderMap) -> Vec<Fault> {
    let values = headers.get_all("prefer").iter();
    let wanted = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .filter_map(|one| one.trim().split_once('='));
    let rules = wanted.filter_map(|(name, value)| match name {
        "code" => format!("status={value}").parse().ok(),
        "delay" => format!("latency={value}").parse().ok(),
        _ => None,
    });
    rules.collect()
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let cure = "write `status=503`, `latency=200ms`, `latency=100ms..2s`, `truncate` or `drop`, and behind it, if it is not for every request, `@10%` or `@every=3`";
        let wrong = || format!("`{text}` is no fault: {cure}");
        let (what, when) = match text.split_once('@') {
            Some((what, when)) => (what, when_of(when).ok_or_else(wrong)?),
            None => (text, When::Always),
        };
        let kind = match what.split_once('=') {
            Some(("status", code)) => status(code).map(Kind::Status),
            Some(("latency", span)) => {
                let (least, most) = span.split_once("..").unwrap_or((span, span));
                let both = delay(least).zip(delay(most));
                both.filter(|(least, most)| least <= most)
                    .map(|(least, most)| Kind::Latency(least, most))
            }
            None if what == "truncate" => Some(Kind::Truncate),
            None if what == "drop" => Some(Kind::Drop),
            _ => None,
        };
        Ok(Self {
            text: text.to_owned(),
            kind: kind.ok_or_else(wrong)?,
            when,
        })
    }
}

fn when_of(text: &str) -> Option<When> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(rules: &[&str]) -> Faults {
        let rules = rules.iter().map(|rule| rule.parse().unwrap());
        Faults::new(1, rules.collect())
    }

    fn strikes(faults: &Faults, count: usize) -> Vec<Strike> {
        let none = HeaderMap::new();
        (0..count).map(|_| faults.strike(&none)).collect()
    }

    #[test]
    fn without_rules_nothing_is_touched() {
        let touched = strikes(&faults(&[]), 50);
        assert!(touched.iter().all(|strike| *strike == Strike::default()));
    }

    #[test]
    fn a_share_strikes_about_as_often_as_it_says_and_always_the_same() {
        let struck = strikes(&faults(&["status=503@10%"]), 2_000);
        let count = struck.iter().filter(|one| one.status.is_some()).count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(struck, strikes(&faults(&["status=503@10%"]), 2_000));
    }

    #[test]
    fn each_so_many_th_request_is_struck() {
        let struck = strikes(&faults(&["status=429@every=3", "truncate@every=2"]), 6);
        let refused: Vec<_> = struck.iter().map(|one| one.status.is_some()).collect();
        assert_eq!(refused, [false, false, true, false, false, true]);
        let truncated: Vec<_> = struck.iter().map(|one| one.truncated).collect();
        assert_eq!(truncated, [false, true, false, true, false, true]);
        assert_eq!(struck[5].rules.len(), 2);
    }

    #[test]
    fn latency_lies_between_its_bounds() {
        for strike in strikes(&faults(&["latency=100ms..300ms"]), 200) {
            assert!((100..=300).contains(&strike.delay.as_millis()));
        }
    }

    #[test]
    fn a_request_may_ask_for_its_own_fault() {
        let mut headers = HeaderMap::new();
        let wish = "respond-async, code=422; delay=250ms, code=banana";
        headers.insert("prefer", wish.parse().unwrap());
        let strike = faults(&[]).strike(&headers);
        assert_eq!(strike.status, Some(StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(strike.delay, Duration::from_millis(250));
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
            "truncate=1",
            "truncate@",
            "truncate@110%",
            "truncate@every=0",
            "flood",
        ] {
            let told = text.parse::<Fault>().unwrap_err();
            assert!(told.contains("is no fault: write"), "{text}");
        }
    }
}
