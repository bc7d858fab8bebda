//! Values that several commands take.

use clap::ValueEnum;
use jiff::SignedDuration;
use mock_server::ControlFrom;

/// Who may use the control path.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum From {
    /// The machine that the mock runs on
    Loopback,
    /// Everyone who reaches the port
    Anywhere,
}

impl From {
    /// The access rule that `--control-from` and `--no-control` make together.
    pub(crate) fn unless(self, no_control: bool) -> ControlFrom {
        match self {
            _ if no_control => ControlFrom::Nobody,
            Self::Loopback => ControlFrom::Loopback,
            Self::Anywhere => ControlFrom::Anywhere,
        }
    }
}

/// How requests are logged.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Log {
    /// Not at all.
    Off,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A span in whole seconds, at least one.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let span: Option<SignedDuration> = text.parse().ok();
    let seconds = span.and_then(|span| u64::try_from(span.as_secs()).ok());
    seconds
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| "write a span of a second or more, as in `5m`".to_owned())
}
