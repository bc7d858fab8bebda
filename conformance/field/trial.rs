//! Tries a fault and its twin in one dialect.

use conformance::lie::Lie;
use conformance::{Judgement, Level, Liar, Options, Verdict, judge};

use super::Fault;
use super::dialects;

/// What the judge made of a fault in one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The dialect has nothing that the fault needs.
    NotThere,
    /// The gravest law that it broke.
    Caught(Level, &'static str),
    /// It broke no law that counts.
    Missed,
}

/// What the judge made of a fault and of its twin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trial {
    /// Of the fault.
    pub(crate) seen: Seen,
    /// The laws for which its twin was blamed.
    pub(crate) blamed: Vec<&'static str>,
    /// The number of requests of the smallest counterexample, if it was caught.
    pub(crate) requests: Option<usize>,
}

/// Tries a fault in the dialect of this document.
pub(crate) fn tried(fault: &Fault, document: &str, seed: u64) -> Trial {
    let wide = dialects::wide(document);
    let document = if fault.needs_more() {
        wide.as_str()
    } else {
        document
    };
    let (contract, _, _) = dialects::mock(document);
    if !(fault.needs)(&contract) {
        return Trial {
            seen: Seen::NotThere,
            blamed: Vec::new(),
            requests: None,
        };
    }
    let judged = |lie| judged(lie, document, seed, fault.needs_more());
    let found = judged(fault.lie);
    let broken = found.findings.iter().filter_map(|one| match &one.verdict {
        Verdict::Broken(found) => Some((one.level, one.law.id, found.exchanges.len())),
        _ => None,
    });
    let broken: Vec<_> = broken.collect();
    let least = fault.rule.level();
    let caught = broken.iter().filter(|(level, ..)| *level >= least);
    // `max_by_key` keeps the last of equal ones; the first is the catalogue's.
    let gravest = caught.clone().rev().max_by_key(|(level, ..)| *level);
    let requests = caught.map(|(.., requests)| *requests).min();
    let law = gravest.map(|(_, law, _)| *law);
    let twin = judged(fault.twin).findings.into_iter();
    let blamed = twin.filter(|one| {
        let weighs = one.level > Level::Info || law == Some(one.law.id);
        weighs
            && !matches!(
                one.verdict,
                Verdict::Upheld { .. } | Verdict::NotInForce { .. } | Verdict::Unjudged { .. }
            )
    });
    Trial {
        seen: gravest.map_or(Seen::Missed, |(level, law, _)| Seen::Caught(*level, law)),
        blamed: blamed.map(|one| one.law.id).collect(),
        requests,
    }
}

fn judged(lie: Lie, document: &str, seed: u64, has_hooks: bool) -> Judgement {
    let (contract, facts, mock) = if has_hooks {
        dialects::changing(document)
    } else {
        dialects::mock(document)
    };
    let options = Options {
        seed,
        clock: dialects::clock,
        ..Options::default()
    };
    let server = Liar::new(contract.clone(), lie, mock);
    judge(&contract, &facts, &server, &options, &mut |_| {})
}
