//! Spans of time, as people write them.

use std::time::Duration;

use jiff::SignedDuration;

/// The span that an argument stands for: `500ms`, `30s` or `2m`.
pub(crate) fn duration(argument: &str) -> Result<Duration, String> {
    let parsed: Result<SignedDuration, _> = argument.parse();
    let positive = parsed
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok());
    positive.ok_or_else(|| "write it as 500ms, 30s or 2m".to_owned())
}
