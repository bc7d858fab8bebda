//! Which guesses of how lists page are taken.

use crate::Certainty;

/// Which proposals are taken for what the document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assume {
    /// The least certainty.
    pub least: Certainty,
    /// Whether lists that are asked for with POST are taken, too. Another reading of the method may change data.
    pub posts: bool,
}

impl Default for Assume {
    fn default() -> Self {
        Self {
            least: Certainty::Sure,
            posts: false,
        }
    }
}
