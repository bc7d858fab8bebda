//! What a law is: a constant that says what holds, why, by whose word, in which cases, and how one tells;
//! and a lie that breaks it.
//!
//! A law carries its own liar: an honest server, looked at through [`Law::lie`], breaks this law and only
//! this law (and what follows from it). A check that never failed proves nothing; with the liar at hand,
//! both this project's tests and a team's own gate can show that a breach is caught.

use std::fmt;

use openapi::Contract;
use proptest::strategy::BoxedStrategy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::lie::Lie;
use crate::session::{Session, Watch};
use crate::{Breach, Case, Lost};

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
    /// The lie that breaks it.
    pub lie: Lie,
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

/// How much a breach weighs (RFC 2119).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Reported, never failed.
    Info,
    /// Failed only when the run is strict.
    Should,
    /// Failed.
    Must,
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

/// The cases in which a law is tried.
pub enum Cases {
    /// These, in this order, smallest first.
    Each(Vec<Case>),
    /// As many as the run allows, drawn and shrunk by proptest.
    Drawn(BoxedStrategy<Case>),
    /// These, which a run with few cases must not miss, and then as many as it allows.
    EachAndDrawn(Vec<Case>, BoxedStrategy<Case>),
}

/// Why a law is not tried at all.
#[derive(Debug, Clone)]
pub enum Skip {
    /// The contract or the subject file does not declare what the law needs.
    NotInForce(String),
    /// It is in force, but there is nothing to try it on.
    Stopped(Stop),
}

impl From<Stop> for Skip {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Whether a law holds in a case.
pub type Outcome = Result<(), Stop>;

/// Why a law was not seen to hold in a case.
#[derive(Debug, Clone)]
pub enum Stop {
    /// The subject broke it.
    Breach(Breach),
    /// The case shows nothing; the reason is told.
    Moot(String),
    /// The case shows that the law does not speak of this subject, for a choice that the contract leaves
    /// to it; the reason is told.
    NotInForce(String),
    /// The subject could not be asked.
    Lost(Lost),
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

/// A breach, as the error of a law.
pub fn broken<T>(expected: impl Into<String>, actual: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Breach(Breach {
        expected: expected.into(),
        actual: actual.into(),
    }))
}

/// A case that shows nothing, as the error of a law.
pub fn moot<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Moot(reason.into()))
}

/// A law that is not in force, as the error of its cases.
pub fn not_in_force<T>(reason: impl Into<String>) -> Result<T, Skip> {
    Err(Skip::NotInForce(reason.into()))
}

impl Level {
    /// The word of RFC 2119.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Should => "SHOULD",
            Self::Must => "MUST",
        }
    }
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

impl fmt::Display for Basis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => out.write_str("the document"),
            Self::Inferred(from) => write!(out, "inferred: {from}"),
            Self::Standard(clause) => out.write_str(clause),
        }
    }
}

impl fmt::Debug for Cases {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each(cases) => write!(out, "Each({})", cases.len()),
            Self::Drawn(_) => out.write_str("Drawn"),
            Self::EachAndDrawn(cases, _) => write!(out, "EachAndDrawn({})", cases.len()),
        }
    }
}
