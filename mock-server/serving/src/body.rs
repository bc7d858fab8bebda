//! The body of a request, read within bounds of length and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::LengthLimitError;
use tower_http::timeout::TimeoutError;

/// The time for all of a body. A client that sends a byte now and then would hold its connection for ever.
const TIME: Duration = Duration::from_mins(2);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadBody {
    /// It is longer than it may be.
    TooLong,
    /// It does not come in time.
    TooSlow,
    /// It ends before its end.
    BrokenOff,
}

/// All of `body`, if it has at most `longest` bytes and arrives in time.
///
/// If the head says that it is longer, nothing is read.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    longest: usize,
) -> Result<Bytes, UnreadBody> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |one| one > longest)) {
        return Err(UnreadBody::TooLong);
    }
    match tokio::time::timeout(TIME, axum::body::to_bytes(body, longest)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(why(&error)),
        Err(_) => Err(UnreadBody::TooSlow),
    }
}

/// Why a body was not read. Its error is the last of a chain of causes.
fn why(error: &axum::Error) -> UnreadBody {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if one.is::<LengthLimitError>() {
            return UnreadBody::TooLong;
        }
        if one.is::<TimeoutError>() {
            return UnreadBody::TooSlow;
        }
        cause = one.source();
    }
    UnreadBody::BrokenOff
}
