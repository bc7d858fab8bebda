//! The level of a law, in the words of RFC 2119.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How serious a breach is (RFC 2119).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// A breach is reported, and never fails the run.
    Info,
    /// A breach fails the run only if it is strict.
    Should,
    /// A breach fails the run.
    Must,
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
