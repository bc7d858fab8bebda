//! Faults of the field: mistakes that paginated APIs are known for, each a small change of the mock
//! in process, and beside each a server that is correct and differs as little as can be.
//!
//! A fault is written against the contract, as the lies of the laws are. So each is tried in every dialect that has
//! what it needs. A judge that is worth its name catches the fault and spares its twin, whatever the seed.

pub(crate) mod dialects;
pub(crate) mod faults;
pub(crate) mod reports;
pub(crate) mod trial;

use conformance::Level;
use conformance::lie::Lie;
use openapi::Contract;

/// A fault of the field, and its twin.
pub(crate) struct Fault {
    /// What the server does wrong, in a few words.
    pub(crate) name: &'static str,
    /// What clients report.
    pub(crate) report: &'static str,
    /// Whether a contract has what the fault needs.
    pub(crate) needs: fn(&Contract) -> bool,
    /// The server with the fault.
    pub(crate) lie: Lie,
    /// A correct server that differs from it as little as can be.
    pub(crate) twin: Lie,
    /// How firm the rule is that it breaks.
    pub(crate) rule: Rule,
}

/// How firm a rule is: the level at which a law must catch what breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The document or a standard states it: a MUST.
    Stated,
    /// It is only inferred, for this reason: a SHOULD.
    Inferred(&'static str),
    /// The document leaves it open, for this reason: the fault is only reported.
    Open(&'static str),
}

impl Rule {
    /// The least level of a law that catches the fault.
    pub(crate) fn level(self) -> Level {
        match self {
            Self::Stated => Level::Must,
            Self::Inferred(_) => Level::Should,
            Self::Open(_) => Level::Info,
        }
    }
}

impl Fault {
    /// Whether it shows only in documents with times and a filter, where hooks change a list while it is judged.
    pub(crate) fn needs_more(&self) -> bool {
        faults::changes::ALL.iter().any(|one| one.name == self.name)
    }
}

/// Every fault, by kind.
pub(crate) fn all() -> Vec<&'static Fault> {
    let kinds: [&'static [Fault]; 9] = [
        faults::boundaries::ALL,
        faults::limits::ALL,
        faults::order::ALL,
        faults::counts::ALL,
        faults::access::ALL,
        faults::errors::ALL,
        faults::content::ALL,
        faults::caches::ALL,
        faults::changes::ALL,
    ];
    kinds.into_iter().flatten().collect()
}
