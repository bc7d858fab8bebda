//! The mock's clock. It can be frozen, shifted and sped up while the mock runs.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

/// A source of real time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A clock that can be set.
pub struct Clock {
    real: Now,
    rule: RwLock<Rule>,
    start: Rule,
}

/// The rule by which the mock's time follows from real time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    /// A real moment, in milliseconds since 1970.
    real: i64,
    /// The mock's time at that moment, in the same unit.
    mock: i64,
    /// The speed from there; 0 for a frozen clock.
    speed: f64,
}

/// The highest speed.
const FASTEST: f64 = 1_000_000.0;

impl Clock {
    /// A clock that shows real time, which `real` returns.
    pub fn new(real: Now) -> Self {
        Self {
            real,
            rule: RwLock::new(REAL),
            start: REAL,
        }
    }

    /// The same clock, started frozen at `at`, or at this speed if `at` is `None`.
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

    /// Another clock of the same real time, as this one was at the start.
    pub(crate) fn another(&self) -> Self {
        Self {
            real: Arc::clone(&self.real),
            rule: RwLock::new(self.start),
            start: self.start,
        }
    }

    /// The real time.
    pub(crate) fn real(&self) -> Timestamp {
        (self.real)()
    }

    /// The mock's time.
    pub fn now(&self) -> Timestamp {
        let rule = self.rule();
        let real = (self.real)();
        if rule == REAL {
            return real;
        }
        moment(rule.at(real.as_millisecond()))
    }

    /// The speed; 0 if the clock is frozen.
    pub fn speed(&self) -> f64 {
        self.rule().speed
    }

    /// Whether the clock shows real time.
    pub fn is_real(&self) -> bool {
        self.rule() == REAL
    }

    /// Freezes the clock at `at`.
    pub fn freeze(&self, at: Timestamp) {
        self.set(at.as_millisecond(), 0.0);
    }

    /// Moves the clock by `span`. A frozen clock stays frozen.
    pub fn shift(&self, span: SignedDuration) {
        let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let now = self.now().as_millisecond();
        self.set(
            moment(now.saturating_add(span)).as_millisecond(),
            self.speed(),
        );
    }

    /// Lets the clock run at this speed from now on.
    pub fn run(&self, speed: f64) {
        let now = self.now().as_millisecond();
        self.set(now, speed.clamp(0.0, FASTEST));
    }

    /// Returns to real time.
    pub fn run_in_real_time(&self) {
        self.put(REAL);
    }

    /// Returns to the rule of the start.
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

/// Reads a speed as people write it: `10x`, `0.5x`, `10`.
pub fn read_speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix(['x', 'X']).unwrap_or(text).parse();
    match number {
        Ok(speed) if (0.0..=FASTEST).contains(&speed) => Ok(speed),
        _ => Err(format!("write it as in `10x`, from 0x to {FASTEST}x")),
    }
}

/// The moment, or the nearest one that a timestamp can hold.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

impl fmt::Debug for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule().fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// A clock, and the real time that it follows.
    fn following() -> (Clock, Arc<AtomicI64>) {
        let real = Arc::new(AtomicI64::new(1_000));
        let source = Arc::clone(&real);
        let now = Arc::new(move || moment(source.load(Ordering::Relaxed)));
        (Clock::new(now), real)
    }

    #[test]
    fn a_clock_is_frozen_shifted_and_sped_up() {
        let (clock, real) = following();
        clock.freeze(moment(5_000));
        real.store(9_000, Ordering::Relaxed);
        assert_eq!(clock.now(), moment(5_000));
        clock.shift(SignedDuration::from_secs(-2));
        assert_eq!(clock.now(), moment(3_000));
        clock.run(10.0);
        real.store(9_100, Ordering::Relaxed);
        assert_eq!(clock.now(), moment(4_000));
        clock.run_in_real_time();
        assert_eq!(clock.now(), moment(9_100));
    }

    #[test]
    fn a_reset_restores_the_start() {
        let (clock, real) = following();
        let clock = clock.starting(Some(moment(7)), 1.0);
        clock.run(2.0);
        clock.reset();
        real.store(2_000, Ordering::Relaxed);
        assert_eq!(clock.now(), moment(7));
    }

    #[test]
    fn no_span_leaves_the_range_of_timestamps() {
        let (clock, _) = following();
        clock.shift(SignedDuration::MAX);
        clock.run(f64::MAX);
        assert!(clock.now() <= Timestamp::MAX);
        clock.shift(SignedDuration::MIN);
        assert!(clock.now() >= Timestamp::MIN);
    }

    #[test]
    fn speeds_are_read_with_and_without_an_x() {
        assert_eq!(read_speed("10x"), Ok(10.0));
        assert_eq!(read_speed("0.5"), Ok(0.5));
        for text in ["", "x", "-1x", "fast", "nan", "inf", "1e9x"] {
            assert!(read_speed(text).is_err(), "{text}");
        }
    }
}
