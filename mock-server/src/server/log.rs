//! The log line of a request, written after its answer.

use std::time::Instant;

use bytes::Bytes;
use http::{Method, Request};
use openapi::shown::{clean, shortened};
use tracing::Level;

use crate::answer::Answer;
use crate::server::faults::Strike;
use crate::server::request_log::verdict;

/// A line of the log.
pub(crate) struct Entry {
    began: Instant,
    method: Method,
    target: String,
    route: String,
    status: u16,
    /// How the request differs from the contract; empty if it does not.
    wrong: String,
    /// The faults that struck; empty if none did.
    faults: String,
    /// Whether a fault broke the contract.
    breaks: bool,
}

impl Entry {
    /// The line of an answer that is about to be sent; `None` if the log is off. `target` has no credentials.
    pub(crate) fn of(
        began: Instant,
        request: &Request<Bytes>,
        target: &str,
        answer: &Answer,
        strike: &Strike,
    ) -> Option<Self> {
        tracing::enabled!(Level::INFO).then(|| Self {
            began,
            method: request.method().clone(),
            target: shown(target),
            route: shown(answer.route.as_deref().unwrap_or_default()),
            status: answer.status.as_u16(),
            wrong: shown(&answer.wrong.join("; ")),
            faults: shown(&strike.rules().join("; ")),
            breaks: strike.breaks,
        })
    }

    /// Writes the line. `bytes` is the number of bytes of the body that were sent.
    ///
    /// A fault that breaks the contract is a warning, because people may take it for a defect.
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

/// A text of a client, safe to show and not long.
fn shown(text: &str) -> String {
    shortened(&clean(text))
}
