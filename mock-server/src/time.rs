//! The mock's time: real, frozen, shifted or faster, and steered while it runs.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use crate::serve::Clock;

/// A clock that can be steered.
pub struct Time {
    real: Clock,
    rule: RwLock<Rule>,
    start: Rule,
}

/// How the mock's time follows from real time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    /// A real moment, in milliseconds since 1970.
    real: i64,
    /// What the mock's time is at that moment.
    mock: i64,
    /// How fast it runs from there; 0 for a frozen clock.
    speed: f64,
}

/// The fastest that time may run.
const FASTEST: f64 = 1_000_000.0;

impl Time {
    /// Real time, as `real` has it.
    pub fn new(real: Clock) -> Self {
        Self {
            real,
            rule: RwLock::new(REAL),
            start: REAL,
        }
    }

    /// The same clock, started frozen at `at` where that is given, and at this speed.
    #[must_use]
    pub fn starting(mut self, at: Option<Timestamp>, speed: f64) -> Self {
        match at {
            Some(at) => self.freeze(at),
            None if speed.to_bits() != 1_f64.to_bits() => self.run(speed),
            None => {}
        }
        self.start = self.rule();
        self
    }

    /// The moment that it is outside of the mock.
    pub(crate) fn real(&self) -> Timestamp {
        (self.real)()
    }

    /// The moment that it is.
    pub fn now(&self) -> Timestamp {
        let rule = self.rule();
        let real = (self.real)();
        if rule == REAL {
            return real;
        }
        moment(rule.at(real.as_millisecond()))
    }

    /// How fast it runs; 0 if it is frozen.
    pub fn speed(&self) -> f64 {
        self.rule().speed
    }

    /// Whether it is as if nobody had steered it.
    pub fn is_real(&self) -> bool {
        self.rule() == REAL
    }

    /// Stops the clock at `at`.
    pub fn freeze(&self, at: Timestamp) {
        self.set(at.as_millisecond(), 0.0);
    }

    /// Moves it by `span`, running or frozen as it is.
    pub fn shift(&self, span: SignedDuration) {
        let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let now = self.now().as_millisecond();
        self.set(
            moment(now.saturating_add(span)).as_millisecond(),
            self.speed(),
        );
    }

    /// Lets it run on from now, at this speed.
    pub fn run(&self, speed: f64) {
        let now = self.now().as_millisecond();
        self.set(now, speed.clamp(0.0, FASTEST));
    }

    /// Back to real time.
    pub fn unsteer(&self) {
        self.put(REAL);
    }

    /// As it was at the start.
    pub fn reset(&self) {
        self.put(self.start);
    }

    fn set(&self, mock: i64, speed: f64) {
        let real = (self.real)().as_millisecond();
        self.put(Rule { real, mock, speed });
    }

    fn put(&self, rule: Rule) {
        *self.rule.write().unwrap_or_else(PoisonError::into_inner) = rule;
    }

    fn rule(&self) -> Rule {
        *self.rule.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Real time.
const REAL: Rule = Rule {
    real: 0,
    mock: 0,
    speed: 1.0,
};

impl Rule {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "whole milliseconds of centuries are exact in an f64; more saturates"
    )]
    fn at(self, real: i64) -> i64 {
        let passed = real.saturating_sub(self.real) as f64 * self.speed;
        self.mock.saturating_add(passed as i64)
    }
}

/// A speed as people write it: `10x`, `0.5x`, `10`.
pub fn read_speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix(['x', 'X']).unwrap_or(text).parse();
    match number {
        Ok(speed) if (0.0..=FASTEST).contains(&speed) => Ok(speed),
        _ => Err(format!("write it as in `10x`, from 0x to {FASTEST}x")),
    }
}

/// The moment, or the nearest one that calendars have.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

impl fmt::Debug for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule().fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// A clock, and the hand that turns it.
    fn turned() -> (Time, Arc<AtomicI64>) {
        let real = Arc::new(AtomicI64::new(1_000));
        let hand = Arc::clone(&real);
        let clock = Arc::new(move || moment(hand.load(Ordering::Relaxed)));
        (Time::new(clock), real)
    }

    #[test]
    fn time_is_frozen_moved_and_hurried() {
        let (time, real) = turned();
        time.freeze(moment(5_000));
        real.store(9_000, Ordering::Relaxed);
        assert_eq!(time.now(), moment(5_000));
        time.shift(SignedDuration::from_secs(-2));
        assert_eq!(time.now(), moment(3_000));
        time.run(10.0);
        real.store(9_100, Ordering::Relaxed);
        assert_eq!(time.now(), moment(4_000));
        time.unsteer();
        assert_eq!(time.now(), moment(9_100));
    }

    #[test]
    fn a_reset_leads_back_to_how_it_started() {
        let (time, real) = turned();
        let time = time.starting(Some(moment(7)), 1.0);
        time.run(2.0);
        time.reset();
        real.store(2_000, Ordering::Relaxed);
        assert_eq!(time.now(), moment(7));
    }

    #[test]
    fn no_span_leads_out_of_the_calendar() {
        let (time, _) = turned();
        time.shift(SignedDuration::MAX);
        time.run(f64::MAX);
        assert!(time.now() <= Timestamp::MAX);
        time.shift(SignedDuration::MIN);
        assert!(time.now() >= Timestamp::MIN);
    }

    #[test]
    fn speeds_are_read_with_and_without_their_x() {
        assert_eq!(read_speed("10x"), Ok(10.0));
        assert_eq!(read_speed("0.5"), Ok(0.5));
        for text in ["", "x", "-1x", "fast", "nan", "inf", "1e9x"] {
            assert!(read_speed(text).is_err(), "{text}");
        }
    }
}
