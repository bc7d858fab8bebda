//! A law is a constant: a sentence, its reason and source, its cases, its check, and a lie that breaks it.
//!
//! A law carries its own liar: an honest server, seen through [`Law::lie`], breaks this law and only this
//! law (and laws that follow from it). A check that never failed proves nothing. With the liar, this
//! project's tests and a team's own gate can show that a breach is caught.

use std::fmt;

use openapi::Contract;
use schemars::JsonSchema;
use serde::Serialize;

use crate::lie::Lie;
use crate::outcome::{Outcome, Skip};
use crate::session::{Session, Watch};
use crate::{Case, Cases, Level};

/// A sentence about every paginated timeline, and the check that a server keeps it.
#[derive(Debug)]
pub struct Law {
    /// The sentence in kebab case; also the name of its file.
    pub id: &'static str,
    /// The subject of the law.
    pub group: Group,
    /// The sentence that holds.
    pub title: &'static str,
    /// The harm to a client if the law does not hold.
    pub why: &'static str,
    /// How serious a breach is.
    pub level: Level,
    /// The authority for the law.
    pub basis: Basis,
    /// The place of that authority for this contract.
    pub citation: fn(&Contract) -> String,
    /// The cases in which the law is tried, smallest first, or the reason why it is not in force.
    pub cases: fn(&Session<'_>) -> Result<Cases, Skip>,
    /// Whether the law holds in one case.
    pub holds: fn(&Session<'_>, &Case) -> Outcome,
    /// The check of every exchange of the whole run, for laws about every answer.
    pub watch: Option<Watch>,
    /// Effects of a trial on the subject and on laws that are judged at the same time.
    pub conduct: Conduct,
    /// The lie that breaks the law.
    pub lie: Lie,
}

/// The effects of trying a law, known without trying it.
///
/// A run uses them to decide which laws are judged at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the properties are independent, and a law may have any of them"
)]
pub struct Conduct {
    /// Events are added, by a hook or by waiting for them.
    pub adds_events: bool,
    /// The subject's counts of reads are compared, so other laws must not read meanwhile.
    pub counts_reads: bool,
    /// The times of answers are compared, so other laws must not send requests meanwhile.
    pub measures_time: bool,
    /// Several threads send requests. Their order is not determined.
    pub starts_threads: bool,
    /// Methods that may change data are sent, if the subject file or a flag allows it: undeclared ones, or those of
    /// declared operations for items that the law itself created.
    pub may_change_data: bool,
    /// Only items are changed that the law itself created, and it deletes them again.
    pub only_own_items: bool,
}

impl Conduct {
    /// The law sends requests one by one, and they only read.
    pub const READS: Self = Self {
        adds_events: false,
        counts_reads: false,
        measures_time: false,
        starts_threads: false,
        may_change_data: false,
        only_own_items: false,
    };

    /// The law creates items, changes and deletes them, and leaves all others alone.
    pub const CHANGES: Self = Self {
        may_change_data: true,
        only_own_items: true,
        ..Self::READS
    };

    /// Whether no other law may be judged at the same time.
    pub fn runs_alone(self) -> bool {
        self.adds_events || self.counts_reads || self.measures_time
    }

    /// Whether the same server always gets the same verdict, even if it fails only sometimes.
    pub fn is_steady(self) -> bool {
        !(self.measures_time || self.starts_threads)
    }
}

/// The subject of a law. Reports are ordered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// The form of a body.
    Shape,
    /// The fields around the items.
    Envelope,
    /// The number of items.
    Limit,
    /// The start of a page.
    Cursor,
    /// A sequence of pages.
    Walk,
    /// The effects of added events.
    Growth,
    /// Resources that do not exist, or belong to another owner.
    MissingResource,
    /// Requests with and without credentials.
    Authentication,
    /// Refusals of wrong requests.
    Refusal,
    /// The values of properties.
    Values,
    /// Items that are created, changed and deleted.
    Changes,
}

/// The authority for a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The document, or its overlay, says so.
    Document,
    /// It follows from the document, for this reason.
    Inferred(&'static str),
    /// A standard of HTTP, cited by clause.
    Standard(&'static str),
}

impl Group {
    /// The heading of its laws in reports.
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
            Self::Changes => "Changes",
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
            (self.may_change_data, "sends methods that may change data"),
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
