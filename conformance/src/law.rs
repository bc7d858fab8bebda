//! What a law is: a constant that says what holds, why, by whose word, in which cases, and how one tells;
//! and a lie that breaks it.
//!
//! A law carries its own liar: an honest server, looked at through [`Law::lie`], breaks this law and only
//! this law (and what follows from it). A check that never failed proves nothing; with the liar at hand,
//! both this project's tests and a team's own gate can show that a breach is caught.

use std::fmt;

use openapi::Contract;
use schemars::JsonSchema;
use serde::Serialize;

use crate::lie::Lie;
use crate::outcome::{Outcome, Skip};
use crate::session::{Session, Watch};
use crate::{Case, Cases, Level};

/// A sentence about every paginated timeline, and the means to hold a server to it.
#[derive(Debug)]
pub struct Law {
    /// The sentence in kebab case; also the name of its file.
    pub id: &'static str,
    /// What it speaks of.
    pub group: Group,
    /// The sentence that holds.
    pub title: &'static str,
    /// What goes wrong for a client when it does not hold.
    pub why: &'static str,
    /// How much a breach weighs.
    pub level: Level,
    /// By whose word.
    pub basis: Basis,
    /// Where that word stands for this contract.
    pub citation: fn(&Contract) -> String,
    /// The cases in which it is tried, smallest first, or why it is not in force.
    pub cases: fn(&Session<'_>) -> Result<Cases, Skip>,
    /// Whether it holds in one case.
    pub holds: fn(&Session<'_>, &Case) -> Outcome,
    /// What it looks at in every exchange of the whole run, for laws that speak of every answer.
    pub watch: Option<Watch>,
    /// What trying it does to the subject, and to the laws that are judged at the same time.
    pub conduct: Conduct,
    /// The lie that breaks it.
    pub lie: Lie,
}

/// What trying a law does, known without trying it.
///
/// A run decides by it which laws are judged beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own, and a law may have any of them"
)]
pub struct Conduct {
    /// Events are added, by a hook or by waiting for them.
    pub adds_events: bool,
    /// The reads that the subject counts are compared, so others must not read meanwhile.
    pub counts_reads: bool,
    /// The times that answers take are compared, so others must not ask meanwhile.
    pub measures_time: bool,
    /// Requests are sent by several threads; which of them comes first is not determined.
    pub starts_threads: bool,
    /// Methods are sent that the document does not declare; a server that has them may change data.
    pub may_change_data: bool,
}

impl Conduct {
    /// Requests are sent one by one, and only read.
    pub const READS: Self = Self {
        adds_events: false,
        counts_reads: false,
        measures_time: false,
        starts_threads: false,
        may_change_data: false,
    };

    /// Whether the law is judged while no other one is.
    pub fn runs_alone(self) -> bool {
        self.adds_events || self.counts_reads || self.measures_time
    }

    /// Whether the same server always gets the same verdict, even if it lies only now and then.
    pub fn is_steady(self) -> bool {
        !(self.measures_time || self.starts_threads)
    }
}

/// What a law speaks of; reports are ordered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// What a body looks like.
    Shape,
    /// The fields around the items.
    Envelope,
    /// How many items.
    Limit,
    /// Where a page starts.
    Cursor,
    /// How pages join.
    Walk,
    /// What happens when events are added.
    Growth,
    /// Resources that are not there, or not the caller's.
    MissingResource,
    /// Who is let in.
    Authentication,
    /// How wrong requests are refused.
    Refusal,
    /// What the values say.
    Values,
}

/// By whose word a law holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The document, or its overlay, says so.
    Document,
    /// It follows from what they say: from what is told.
    Inferred(&'static str),
    /// A standard of HTTP, cited by clause.
    Standard(&'static str),
}

impl Group {
    /// The heading under which its laws stand.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Shape => "Shape",
            Self::Envelope => "Envelope",
            Self::Limit => "Limit",
            Self::Cursor => "Cursor",
            Self::Walk => "Walk",
            Self::Growth => "Growth",
            Self::MissingResource => "Missing resource",
            Self::Authentication => "Authentication",
            Self::Refusal => "Refusal",
            Self::Values => "Values",
        }
    }
}

impl fmt::Display for Conduct {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let does = [
            (self.adds_events, "adds events"),
            (self.counts_reads, "counts reads of the store"),
            (self.measures_time, "measures the time of answers"),
            (self.starts_threads, "sends requests from several threads"),
            (self.may_change_data, "sends methods that are not declared"),
        ];
        let does = does.iter().filter(|(does, _)| *does);
        let does: Vec<_> = does.map(|(_, words)| *words).collect();
        if does.is_empty() {
            return out.write_str("only reads");
        }
        out.write_str(&does.join(", "))
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => out.write_str("the document"),
            Self::Inferred(from) => write!(out, "inferred: {from}"),
            Self::Standard(clause) => out.write_str(clause),
        }
    }
}
