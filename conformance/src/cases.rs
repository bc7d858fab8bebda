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
    /// Drawn ones first, because a small counterexample is found best among them. Then these, because luck
    /// must not decide.
    DrawnAndEach(BoxedStrategy<Case>, Vec<Case>),
    /// Drawn ones first. Then those for which the sweep of a list found an odd page, and that fit the law.
    DrawnAndSwept(BoxedStrategy<Case>, fn(&Case) -> bool),
    /// As the former, with any odd page. Then these, because a server may answer as the listing says now and then.
    DrawnSweptAndEach(BoxedStrategy<Case>, Vec<Case>),
}

impl Cases {
    /// Drawn ones, and any for which the sweep found an odd page.
    pub fn swept(drawn: BoxedStrategy<Case>) -> Self {
        Self::DrawnAndSwept(drawn, |_| true)
    }

    /// As [`Cases::swept`], but only those that start behind an item.
    pub fn swept_behind_items(drawn: BoxedStrategy<Case>) -> Self {
        Self::DrawnAndSwept(drawn, |case| !case.after.is_start())
    }
}

impl fmt::Debug for Cases {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each(cases) => write!(out, "Each({})", cases.len()),
            Self::Drawn(_) => out.write_str("Drawn"),
            Self::EachAndDrawn(cases, _) => write!(out, "EachAndDrawn({})", cases.len()),
            Self::DrawnAndEach(_, cases) => write!(out, "DrawnAndEach({})", cases.len()),
            Self::DrawnAndSwept(..) => out.write_str("DrawnAndSwept"),
            Self::DrawnSweptAndEach(_, cases) => {
                write!(out, "DrawnSweptAndEach({})", cases.len())
            }
        }
    }
}
