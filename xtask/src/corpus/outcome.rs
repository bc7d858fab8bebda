//! What came of asking an operation.

use std::collections::BTreeMap;

/// What came of a request; the worst of several seeds counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// A declared answer with a valid body.
    Valid,
    /// 501 with the place of what cannot be satisfied.
    Unserved(String),
    /// No valid request is known.
    Unasked(String),
    /// A request that should be valid is refused, or 501 says no place.
    Refused(String),
    /// The body or a header breaks the document.
    Invalid(String),
}

/// The outcomes of a document's operations.
#[derive(Debug, Default, Clone)]
pub(crate) struct Tally {
    pub(crate) valid: usize,
    pub(crate) unserved: usize,
    pub(crate) unasked: usize,
    pub(crate) refused: usize,
    pub(crate) invalid: usize,
    /// A request that the mock can be asked: a path and a query.
    pub(crate) target: Option<String>,
    /// By operation, what is not valid.
    pub(crate) failed: BTreeMap<String, Outcome>,
}

impl Tally {
    /// Counts an operation.
    pub(crate) fn count(&mut self, operation: &str, outcome: Outcome) {
        let counter = match &outcome {
            Outcome::Valid => &mut self.valid,
            Outcome::Unserved(_) => &mut self.unserved,
            Outcome::Unasked(_) => &mut self.unasked,
            Outcome::Refused(_) => &mut self.refused,
            Outcome::Invalid(_) => &mut self.invalid,
        };
        *counter += 1;
        if outcome != Outcome::Valid {
            self.failed.insert(operation.to_owned(), outcome);
        }
    }

    /// The counts of several documents together.
    pub(crate) fn sum<'t>(tallies: impl Iterator<Item = &'t Self>) -> Self {
        tallies.fold(Self::default(), |sum, one| Self {
            valid: sum.valid + one.valid,
            unserved: sum.unserved + one.unserved,
            unasked: sum.unasked + one.unasked,
            refused: sum.refused + one.refused,
            invalid: sum.invalid + one.invalid,
            ..Self::default()
        })
    }

    /// All operations.
    pub(crate) fn operations(&self) -> usize {
        self.valid + self.unserved + self.unasked + self.refused + self.invalid
    }

    /// The share of the operations that are answered validly.
    #[expect(clippy::cast_precision_loss, reason = "shown with a few digits")]
    pub(crate) fn share(&self) -> f64 {
        match self.operations() {
            0 => 1.0,
            all => self.valid as f64 / all as f64,
        }
    }
}

impl Outcome {
    /// One word, and the reason.
    pub(crate) fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Valid => ("valid", ""),
            Self::Unserved(reason) => ("501", reason),
            Self::Unasked(reason) => ("unasked", reason),
            Self::Refused(reason) => ("refused", reason),
            Self::Invalid(reason) => ("invalid", reason),
        }
    }
}
