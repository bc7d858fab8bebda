//! Faults of the field: mistakes that paginated APIs are known for, each a small change of the mock
//! in process, and beside each a server that is correct and differs as little as can be.
//!
//! A fault is written against the contract, as the lies of the laws are. So each is tried in every dialect that has
//! what it needs. A judge that is worth its name catches the fault and spares its twin, whatever the seed.

pub(crate) mod dialects;
pub(crate) mod faults;
pub(crate) mod reports;
pub(crate) mod trial;

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
    /// Why a SHOULD is enough, if the rule that it breaks is only inferred.
    pub(crate) inferred: Option<&'static str>,
}

/// Every fault, by kind.
pub(crate) fn all() -> Vec<&'static Fault> {
    let kinds: [&'static [Fault]; 8] = [
        faults::boundaries::ALL,
        faults::limits::ALL,
        faults::order::ALL,
        faults::counts::ALL,
        faults::access::ALL,
        faults::errors::ALL,
        faults::content::ALL,
        faults::caches::ALL,
    ];
    kinds.into_iter().flatten().collect()
}
