//! The outcome of one case: the law held, or a reason why this was not seen.
//!
//! These types stand below laws, sessions and lies, because all of them return outcomes.

use crate::subject::Lost;

/// A breach of a law by the subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The result that the law expects in this case.
    pub expected: String,
    /// The subject's behaviour.
    pub actual: String,
    /// The place of the document that it breaks, if that is not the law's own.
    pub citation: Option<String>,
}

impl Breach {
    /// A breach of what the law cites.
    pub fn of(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            actual: actual.into(),
            citation: None,
        }
    }

    /// The same breach, of this place of the document.
    #[must_use]
    pub fn citing(self, citation: String) -> Self {
        let citation = Some(citation);
        Self { citation, ..self }
    }
}

/// Whether a law holds in a case.
pub type Outcome = Result<(), Stop>;

/// The reason why a law was not seen to hold in a case.
#[derive(Debug, Clone)]
pub enum Stop {
    /// The subject broke it.
    Breach(Breach),
    /// The case shows nothing, for this reason.
    Moot(String),
    /// The law does not apply to this subject, because the contract leaves the choice to it.
    NotInForce(String),
    /// The subject could not be asked.
    Lost(Lost),
}

/// The reason why a law is not tried at all.
#[derive(Debug, Clone)]
pub enum Skip {
    /// The contract or the subject file does not declare what the law needs.
    NotInForce(String),
    /// The law is in force, but there is no case to try it on.
    Stopped(Stop),
}

impl From<Stop> for Skip {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

/// A breach, as the error of a law.
pub fn broken<T>(expected: impl Into<String>, actual: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Breach(Breach::of(expected, actual)))
}

/// A case that shows nothing, as the error of a law.
pub fn moot<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Moot(reason.into()))
}

/// A case without the content that the law is about, as the error of a law.
///
/// If no case has it, the law is not in force.
pub fn never_occurs<T>(what: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::NotInForce(what.into()))
}

/// A law that is not in force, as the error of its cases.
pub fn not_in_force<T>(reason: impl Into<String>) -> Result<T, Skip> {
    Err(Skip::NotInForce(reason.into()))
}
