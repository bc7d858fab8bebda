//! The verdict about one law, and the outcome of the whole run.

use std::collections::BTreeSet;

use crate::moment::Moments;
use crate::session::Exchange;
use crate::{Breach, Case, Law, Level, Picture, Scope};

/// The result of judging the subject by one law.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The law held in every case that was not moot.
    Upheld {
        /// The number of these cases.
        cases: u32,
    },
    /// The law was broken.
    Broken(Box<Counterexample>),
    /// The contract or the subject file does not declare what the law needs.
    NotInForce {
        /// The reason: what is not declared.
        reason: String,
    },
    /// The law is in force, but every case was moot.
    Unjudged {
        /// The reason why the last case was moot.
        reason: String,
    },
    /// The subject could not be asked.
    Unreachable {
        /// The reason.
        reason: String,
    },
}

/// The smallest case found in which a law is broken.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// The case.
    pub case: Case,
    /// The breach.
    pub breach: Breach,
    /// The requests and answers of this case.
    pub exchanges: Vec<Exchange>,
    /// The result of the search for a smaller case.
    pub shrinking: Shrinking,
}

impl Counterexample {
    /// The number of requests that show the breach, with those that the transcript leaves out.
    pub fn requests(&self) -> usize {
        let left_out = self.exchanges.iter().map(|one| one.left_out);
        self.exchanges.len() + left_out.sum::<usize>()
    }
}

/// The result of the search for a smaller case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shrinking {
    /// No smaller case breaks the law. Of listed cases, this is the first that does.
    Smallest,
    /// The budget for the search was used up.
    CutOff,
    /// The breach was seen in an exchange of another law. No case is smaller than one exchange.
    InPassing,
    /// The law was broken once, but not when the requests were repeated. The subject is not steady.
    NotSeenAgain,
}

/// The result of one law in a report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The law.
    pub law: &'static Law,
    /// The level of a breach here, from the catalogue or the subject file.
    pub level: Level,
    /// The reason for a level that is not the catalogue's.
    pub lowered: Option<String>,
    /// The place where the contract says it.
    pub citation: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What the law has read.
    pub scope: Scope,
    /// Observations about choices that the contract leaves open.
    pub notes: BTreeSet<String>,
    /// The last day and the reason, if the baseline accepts a breach.
    pub accepted: Option<String>,
    /// A picture of the counterexample, if it shows an item that is lost, repeated or leaked.
    pub picture: Option<Picture>,
}

/// The result of judging a subject by one contract.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The contract's name.
    pub contract: String,
    /// One finding for each law, in the catalogue's order.
    pub findings: Vec<Finding>,
    /// The number of requests that were sent.
    pub requests: u64,
    /// The answers of the moment, after which requests were repeated.
    pub moments: Moments,
}

/// The outcome of a run, in one word. It is also the exit code.
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
    /// The verdict in one to three words.
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

/// The run in one word. A broken law counts more than one that could not be judged.
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
    /// Whether the law is inferred from the document, instead of stated by it.
    pub fn is_inferred(&self) -> bool {
        matches!(self.basis, crate::Basis::Inferred(_))
    }
}
