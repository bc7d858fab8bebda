//! One line of the log for each request, written when its answer has been.

use std::time::Instant;

use bytes::Bytes;
use http::{Method, Request};
use tracing::Level;

use crate::answer::Answer;
use crate::faults::Strike;
use crate::journal::verdict;

/// A line of the log.
pub(crate) struct Entry {
    began: Instant,
    method: Method,
    target: String,
    route: String,
    status: u16,
    /// What was wrong with the request; empty if nothing.
    wrong: String,
    /// What struck on purpose; empty if nothing.
    faults: String,
    /// Whether what struck broke the contract.
    breaks: bool,
}

impl Entry {
    /// The line of an answer on its way out; `None` where nobody would read it.
    pub(crate) fn of(
        began: Instant,
        request: &Request<Bytes>,
        answer: &Answer,
        strike: &Strike,
    ) -> Option<Self> {
        tracing::enabled!(Level::INFO).then(|| Self {
            began,
            method: request.method().clone(),
            target: request.uri().to_string(),
            route: answer.route.as_deref().unwrap_or_default().to_owned(),
            status: answer.status.as_u16(),
            wrong: answer.wrong.join("; "),
            faults: strike.rules().join("; "),
            breaks: strike.breaks,
        })
    }

    /// Writes it, `bytes` of the body having been sent. A contract that was broken on purpose is a
    /// warning, for it looks like a defect to whoever forgot that it was wanted.
    pub(crate) fn log(&self, bytes: usize) {
        let micros = self.began.elapsed().as_micros();
        macro_rules! line {
            ($level:expr, $message:literal) => {
                tracing::event!(
                    $level,
                    method = %self.method,
                    target = %self.target,
                    route = %self.route,
                    status = self.status,
                    verdict = verdict(self.status, self.wrong.is_empty()),
                    wrong = %self.wrong,
                    faults = %self.faults,
                    breaks = self.breaks,
                    bytes,
                    micros,
                    $message
                )
            };
        }
        if self.breaks {
            line!(Level::WARN, "broke the contract on purpose");
        } else {
            line!(Level::INFO, "answered");
        }
    }
}
