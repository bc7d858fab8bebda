//! The limits for clients as arguments, the same for each program that serves.

use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::Limits;

/// What clients may take of the server, as arguments of a program.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArguments {
    /// The number of connections at the same time; others wait
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_connections: u32,
    /// The time for the head of a request, and on an idle connection until the next one
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = span)]
    head_timeout: Duration,
    /// The time for the next part of a request's body
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = span)]
    body_timeout: Duration,
    /// The time in which a client reads the next part of an answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = span)]
    answer_timeout: Duration,
    /// How long answers may go on after the server is told to stop; a second signal ends them at once
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = span)]
    stop_timeout: Duration,
}

impl LimitArguments {
    /// The limits that the arguments set.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            connections: usize::try_from(self.max_connections).unwrap_or(usize::MAX),
            head: self.head_timeout,
            body: self.body_timeout,
            answer: self.answer_timeout,
            stop: self.stop_timeout,
        }
    }
}

/// A span of a day at most, and more than none, as a person writes it: `30s`.
///
/// Fails with what to write.
pub fn span(text: &str) -> Result<Duration, String> {
    let span: Option<SignedDuration> = text.parse().ok();
    let span = span.and_then(|span| Duration::try_from(span).ok());
    span.filter(|span| !span.is_zero() && *span <= Duration::from_hours(24))
        .ok_or_else(|| "write a span of a day at most, as in `30s` or `500ms`".to_owned())
}
