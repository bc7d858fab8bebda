//! The options of a run, and its budget.

use std::time::{Duration, SystemTime};

use crate::session::Clock;
use crate::{Budget, Law, Tried, catalogue};

/// The options of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The seed of drawn cases. The same seed draws the same cases.
    pub seed: u64,
    /// The number of cases to draw for each law that draws them.
    pub cases: u32,
    /// The number of smaller cases to try after a breach.
    pub shrinks: u32,
    /// The laws to judge, by id. Empty means all.
    pub laws: Vec<String>,
    /// The clock for laws about time.
    pub clock: Clock,
    /// The part of the laws to judge: its number, counted from one, and the number of parts.
    pub shard: Option<(usize, usize)>,
    /// Cases that broke a law before. They are tried before any are drawn.
    pub first: Vec<Tried>,
    /// The budget of the run.
    pub budget: Budget,
    /// Whether the run is told to end, asked before each request and in each wait. Laws that are left stay unjudged.
    pub told_to_end: fn() -> bool,
    /// The number of laws to judge at the same time.
    ///
    /// The report does not depend on it, if the server's answers do not depend on the order of requests.
    pub jobs: Jobs,
}

/// The number of laws to judge at the same time. Only laws that do not disturb each other count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jobs {
    /// This number.
    Always(usize),
    /// This number if answers take longer than [`Jobs::SLOW`] on average, and longer than to judge them, else one.
    ///
    /// Threads that hardly wait cost more than they gain, and each keeps memory for the longest answers.
    WhereSlow(usize),
}

impl Jobs {
    /// The longest average time of a fast server's answers.
    pub const SLOW: Duration = Duration::from_millis(2);

    /// The time that the judge itself takes for a byte of an answer, in nanoseconds.
    const OF_A_BYTE: u64 = 50;

    /// The number of threads for a subject. Its answers take this time, and have this number of bytes, on average.
    pub(super) fn of(self, took: Duration, bytes: u64) -> usize {
        let own = Duration::from_nanos(bytes.saturating_mul(Self::OF_A_BYTE));
        match self {
            Self::WhereSlow(_) if took <= Self::SLOW.max(own) => 1,
            Self::Always(jobs) | Self::WhereSlow(jobs) => jobs,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 24,
            shrinks: 400,
            laws: Vec::new(),
            clock: SystemTime::now,
            shard: None,
            first: Vec::new(),
            budget: Budget::default(),
            told_to_end: || false,
            jobs: Jobs::Always(1),
        }
    }
}

impl Options {
    /// Whether a list is swept. A run with fewer cases than usual is meant to be short.
    pub(super) fn sweeps(&self) -> bool {
        self.cases >= Self::default().cases
    }

    /// The laws that this run judges, in the catalogue's order.
    ///
    /// Shards are disjoint, and together they hold every law.
    pub fn selected(&self) -> Vec<&'static Law> {
        let named = catalogue::LAWS
            .iter()
            .copied()
            .filter(|law| self.laws.is_empty() || self.laws.iter().any(|id| id == law.id));
        let numbered = named.enumerate();
        let ours = |index: usize| self.shard.is_none_or(|(shard, of)| index % of == shard - 1);
        numbered
            .filter_map(|(index, law)| ours(index).then_some(law))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_server_is_judged_by_one_thread_unless_the_options_say_otherwise() {
        let (fast, slow) = (Jobs::SLOW, Jobs::SLOW + Duration::from_millis(1));
        assert_eq!(Jobs::WhereSlow(4).of(fast, 5_000), 1);
        assert_eq!(Jobs::WhereSlow(4).of(slow, 5_000), 4);
        assert_eq!(Jobs::Always(4).of(fast, 5_000), 4);
    }

    #[test]
    fn long_answers_are_judged_by_one_thread_unless_they_take_longer_than_to_judge_them() {
        let long = 1 << 20;
        let (own, more) = (Duration::from_millis(50), Duration::from_millis(60));
        assert_eq!(Jobs::WhereSlow(4).of(own, long), 1);
        assert_eq!(Jobs::WhereSlow(4).of(more, long), 4);
        assert_eq!(Jobs::Always(4).of(own, long), 4);
        assert_eq!(Jobs::WhereSlow(4).of(more, u64::MAX), 1);
    }
}
