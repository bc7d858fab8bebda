//! What a run is given besides the subject, and what it may cost.

use std::time::{Duration, SystemTime};

use crate::session::Clock;
use crate::{Budget, Law, Tried, catalogue};

/// What a run is given besides the subject.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where drawn cases come from; the same seed draws the same cases.
    pub seed: u64,
    /// How many cases are drawn for each law that draws them.
    pub cases: u32,
    /// How many smaller cases are tried once a law was broken.
    pub shrinks: u32,
    /// The laws to judge, by id; all of them where empty.
    pub laws: Vec<String>,
    /// What laws about time go by.
    pub clock: Clock,
    /// Which part of the laws to judge: the first of how many, counted from one.
    pub shard: Option<(usize, usize)>,
    /// Cases that are tried before any are drawn: those that broke a law once.
    pub first: Vec<Tried>,
    /// What the run may cost.
    pub budget: Budget,
    /// How many laws are judged at the same time. Against a server that answers the same whoever asks
    /// first, the report does not depend on it.
    pub jobs: Jobs,
}

/// How many laws are judged at the same time, of those that do not disturb each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jobs {
    /// So many.
    Always(usize),
    /// So many where an answer is waited for longer than [`Jobs::SLOW`] on average, else one: threads that
    /// hardly wait cost more than they bring.
    WhereSlow(usize),
}

impl Jobs {
    /// How long the answers of a fast server take at most.
    pub const SLOW: Duration = Duration::from_millis(2);

    /// How many, for a subject that takes so long on average.
    pub(super) fn of(self, took: Duration) -> usize {
        match self {
            Self::WhereSlow(_) if took <= Self::SLOW => 1,
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
            jobs: Jobs::Always(1),
        }
    }
}

impl Options {
    /// The laws that this run judges, in the catalogue's order. Shards are disjoint, and together they
    /// are everything.
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
    fn a_fast_server_is_asked_by_one_thread_unless_more_are_wanted() {
        let (fast, slow) = (Jobs::SLOW, Jobs::SLOW + Duration::from_millis(1));
        assert_eq!(Jobs::WhereSlow(4).of(fast), 1);
        assert_eq!(Jobs::WhereSlow(4).of(slow), 4);
        assert_eq!(Jobs::Always(4).of(fast), 4);
    }
}
