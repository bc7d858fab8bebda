//! How much a breach weighs, in the words of RFC 2119.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
