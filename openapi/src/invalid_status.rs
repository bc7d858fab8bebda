//! The statuses with which a server may refuse wrong parameters.
//!
//! OpenAPI has no words for this. `x-validation-errors` names the status. Without it, 422 and 400 are those
//! that documents declare for wrong parameters. If a document declares neither by number, any client error is
//! as good as another: a range (`4XX`), a `default` or nothing at all does not choose.

use std::fmt;

use crate::Operation;

/// The statuses with which a server may refuse wrong parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidStatus {
    /// The statuses that the document names; empty if it leaves the choice to the server.
    named: Vec<u16>,
}

impl InvalidStatus {
    /// The statuses of an operation without `x-validation-errors`.
    pub fn of_operation(operation: &Operation) -> Self {
        Self::of(operation, None)
    }

    /// The statuses of `operation`; `said` is that of its `x-validation-errors`.
    pub(crate) fn of(operation: &Operation, said: Option<u16>) -> Self {
        let is_named = |status: &u16| operation.statuses().any(|one| one == status.to_string());
        Self {
            named: match said {
                Some(status) => vec![status],
                None => [422, 400].into_iter().filter(is_named).collect(),
            },
        }
    }

    /// Whether an answer with this status may refuse wrong parameters.
    ///
    /// Where the document leaves the choice, a refusal of the caller (401, 403, 407) or of the pace (429) is
    /// still none of the parameters.
    pub fn allows(&self, status: u16) -> bool {
        if self.named.is_empty() {
            (400..500).contains(&status) && ![401, 403, 407, 429].contains(&status)
        } else {
            self.named.contains(&status)
        }
    }

    /// The one to answer with: 422 if the document does not name another.
    pub fn usual(&self) -> u16 {
        self.named.first().copied().unwrap_or(422)
    }
}

/// `422`, `422 or 400`, `4xx`.
impl fmt::Display for InvalidStatus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.named.is_empty() {
            return out.write_str("4xx");
        }
        let named: Vec<_> = self.named.iter().map(u16::to_string).collect();
        out.write_str(&named.join(" or "))
    }
}
