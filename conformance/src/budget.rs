//! The budget: how much a run may cost the subject and its caller.

use std::time::Duration;

/// How much a run may cost, for each timeline.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// How many requests are sent at most.
    pub requests: u64,
    /// How long it may take.
    pub time: Duration,
    /// How long to wait for a live timeline to grow by itself, if no hook adds events.
    pub patience: Duration,
}

impl Default for Budget {
    /// No bound on requests and time, and no waiting.
    fn default() -> Self {
        Self {
            requests: u64::MAX,
            time: Duration::MAX,
            patience: Duration::ZERO,
        }
    }
}
