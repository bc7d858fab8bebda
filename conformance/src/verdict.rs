//! What came of holding a subject to a law, and what it means for the whole run.

use std::collections::BTreeSet;

use crate::session::Exchange;
use crate::{Breach, Case, Law, Level};

/// What came of holding the subject to one law.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It held in every case that showed something.
    Upheld {
        /// In how many.
        cases: u32,
    },
    /// It was broken.
    Broken(Box<Counterexample>),
    /// The contract or the subject file does not declare what the law needs.
    NotInForce {
        /// What is missing.
        reason: String,
    },
    /// It is in force, but no case showed anything.
    Unjudged {
        /// What the last case lacked.
        reason: String,
    },
    /// The subject could not be asked.
    Unreachable {
        /// What happened.
        reason: String,
    },
}

/// The smallest case found in which a law is broken.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// The case.
    pub case: Case,
    /// What was broken.
    pub breach: Breach,
    /// What was asked and answered in this case.
    pub exchanges: Vec<Exchange>,
    /// How the search for a smaller case ended.
    pub shrinking: Shrinking,
}

/// How the search for a smaller case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shrinking {
    /// No smaller case breaks the law; in cases that are listed, the first that does.
    Smallest,
    /// The budget for it was used up.
    CutOff,
    /// It was seen in an exchange of another law; one exchange is as small as a case gets.
    InPassing,
    /// The law was broken once, and not when the same was asked again: the subject is not steady.
    NotSeenAgain,
}

/// One law's part of a report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The law.
    pub law: &'static Law,
    /// How much a breach weighs here: the catalogue's level, or the subject file's.
    pub level: Level,
    /// Why the level is not the catalogue's.
    pub lowered: Option<String>,
    /// Where the contract says it.
    pub citation: String,
    /// What came of it.
    pub verdict: Verdict,
    /// What was observed where the contract leaves it open.
    pub notes: BTreeSet<String>,
    /// Until when, and why, a breach is accepted by the baseline.
    pub accepted: Option<String>,
}

/// What came of holding a subject to one contract.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The contract's name.
    pub contract: String,
    /// One for each law, in the catalogue's order.
    pub findings: Vec<Finding>,
    /// How many requests were sent.
    pub requests: u64,
}

/// What came of a run, in one word; also the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outlook {
    /// Every MUST was upheld.
    Upheld = 0,
    /// A law was broken.
    Broken = 1,
    /// The subject could not be asked, or a MUST in force was left unjudged.
    NotJudged = 3,
}

impl Verdict {
    /// The verdict in a word or three.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Upheld { .. } => "upheld",
            Self::Broken(_) => "broken",
            Self::NotInForce { .. } => "not in force",
            Self::Unjudged { .. } => "unjudged",
            Self::Unreachable { .. } => "unreachable",
        }
    }
}

impl Finding {
    /// Whether this finding fails the run.
    pub fn fails(&self, strict: bool) -> bool {
        let weighs = self.level == Level::Must || strict && self.level == Level::Should;
        weighs && self.accepted.is_none() && matches!(self.verdict, Verdict::Broken(_))
    }

    /// Whether this finding leaves the run without a judgement.
    pub fn leaves_open(&self) -> bool {
        match self.verdict {
            Verdict::Unreachable { .. } => true,
            Verdict::Unjudged { .. } => self.level == Level::Must,
            _ => false,
        }
    }
}

/// The run in one word: a broken law weighs more than one that could not be judged.
pub fn outlook(judgements: &[Judgement], strict: bool) -> Outlook {
    let findings = || judgements.iter().flat_map(|judgement| &judgement.findings);
    if findings().any(|finding| finding.fails(strict)) {
        Outlook::Broken
    } else if findings().any(Finding::leaves_open) {
        Outlook::NotJudged
    } else {
        Outlook::Upheld
    }
}

impl Law {
    /// Whether the law is told from what the document says, rather than said by it.
    pub fn is_inferred(&self) -> bool {
        matches!(self.basis, crate::Basis::Inferred(_))
    }
}
