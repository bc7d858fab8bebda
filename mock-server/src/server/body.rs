//! The body of a request, read within bounds of length and time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;

use crate::request_body::Unread;

/// The time for all of a body. A client that sends a byte now and then would hold its connection for ever.
const TIME: Duration = Duration::from_mins(2);

/// All of `body`, if it has at most `longest` bytes and arrives in time.
///
/// If the head says that it is longer, nothing is read.
pub(crate) async fn read(headers: &HeaderMap, body: Body, longest: usize) -> Result<Bytes, Unread> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |one| one > longest)) {
        return Err(Unread::TooLong);
    }
    match tokio::time::timeout(TIME, axum::body::to_bytes(body, longest)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) => Err(why(&error)),
        Err(_) => Err(Unread::TooSlow),
    }
}

/// Why a body was not read. Its error is the last of a chain of causes.
fn why(error: &axum::Error) -> Unread {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if one.is::<http_body_util::LengthLimitError>() {
            return Unread::TooLong;
        }
        if one.is::<tower_http::timeout::TimeoutError>() {
            return Unread::TooSlow;
        }
        cause = one.source();
    }
    Unread::BrokenOff
}
