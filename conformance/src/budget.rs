//! The budget limits the cost of a run for the subject and its caller.

use std::time::Duration;

/// The limits of a run.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// The greatest number of requests for each timeline.
    pub requests: u64,
    /// The longest time of the whole run. It cuts every wait.
    pub time: Duration,
    /// The longest wait for an event to show that a hook added, or for a live timeline to grow by itself.
    pub patience: Duration,
    /// The longest wait before a request is repeated, in all its repeats together.
    pub wait: Duration,
}

impl Default for Budget {
    /// No bound on requests and time, no waiting for events, and half a minute for each request.
    fn default() -> Self {
        Self {
            requests: u64::MAX,
            time: Duration::MAX,
            patience: Duration::ZERO,
            wait: Duration::from_secs(30),
        }
    }
}
