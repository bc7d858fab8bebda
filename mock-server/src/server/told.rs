//! Wrong values of a document, told in the log when their operation is first asked.
//!
//! To look for all of them at the start takes seconds for a large document.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::Level;

use crate::mock::Mock;

/// The operations whose wrong values were told, by their names in logs.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<HashSet<Arc<str>>>);

impl Told {
    /// Logs which values of the document the answers of an operation pass over, unless that was logged before.
    pub(crate) fn tell(&self, mock: &Mock, operation: Option<&Arc<str>>) {
        let Some(label) = operation.filter(|_| tracing::enabled!(Level::WARN)) else {
            return;
        };
        if self.labels().contains(label) || !self.labels().insert(Arc::clone(label)) {
            return;
        }
        for operation in mock.operations().filter(|one| one.label() == label) {
            for (place, message) in operation.misplaced_values() {
                tracing::warn!(operation = %label, %place, "{message}; answers pass over it");
            }
        }
    }

    /// Tells everything again: the documents were edited.
    pub(crate) fn forget(&self) {
        self.labels().clear();
    }

    fn labels(&self) -> MutexGuard<'_, HashSet<Arc<str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
