//! The cases in which a law is tried. They are listed one by one, or drawn by proptest.

use std::fmt;

use proptest::strategy::BoxedStrategy;

use crate::case::Case;

/// The cases in which a law is tried.
pub enum Cases {
    /// These, in this order, smallest first.
    Each(Vec<Case>),
    /// As many as the run allows, drawn and shrunk by proptest.
    Drawn(BoxedStrategy<Case>),
    /// These first, because a run with few cases must not miss them. Then drawn ones, as many as the run
    /// allows.
    EachAndDrawn(Vec<Case>, BoxedStrategy<Case>),
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
