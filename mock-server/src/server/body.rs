//! The body of a request, read within bounds of length and time.

use axum::body::Body;
use axum::http::HeaderMap;
use bytes::Bytes;
use serving::UnreadBody;

use crate::request_body::Unread;

/// All of `body`, if it has at most `longest` bytes and arrives in time.
pub(crate) async fn read(headers: &HeaderMap, body: Body, longest: usize) -> Result<Bytes, Unread> {
    let read = serving::read_body(headers, body, longest).await;
    read.map_err(|why| match why {
        UnreadBody::TooLong => Unread::TooLong,
        UnreadBody::TooSlow => Unread::TooSlow,
        UnreadBody::BrokenOff => Unread::BrokenOff,
    })
}
