//! The budget limits the cost of a run for the subject and its caller.

use std::time::Duration;

/// The limits of a run, for each timeline.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// The greatest number of requests.
    pub requests: u64,
    /// The longest time.
    pub time: Duration,
    /// The longest wait for a live timeline to grow by itself, if no hook adds events.
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
