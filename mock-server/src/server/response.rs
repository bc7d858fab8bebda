//! The HTTP response of an answer: whole, in chunks, slowed down, or broken off.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body as Sent;
use axum::http::{HeaderValue, Response, header};
use bytes::Bytes;
use fixtures::Page;
use http_body::Frame;

use crate::answer::{Answer, Body};
use crate::server::broken::Broken;
use crate::server::faults::Strike;
use crate::server::log::Entry;
use crate::server::slow::Slow;

/// The response of `answer`, changed by `strike`. It is logged after it was written.
pub(crate) fn response(
    mut answer: Answer,
    strike: &Strike,
    entry: Option<Entry>,
) -> Response<Sent> {
    let (status, mut headers) = (answer.status, std::mem::take(&mut answer.headers));
    let body = if strike.dropped || strike.truncated {
        let whole = answer.into_bytes();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
        broken(&whole, strike.dropped, entry.as_ref())
    } else {
        sent(answer.body, entry)
    };
    let body = match strike.slow {
        Some(rate) => Sent::new(Slow::new(body, rate)),
        None => body,
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn sent(body: Body, entry: Option<Entry>) -> Sent {
    match body {
        Body::Whole(bytes) => {
            if let Some(entry) = entry {
                entry.log(bytes.len());
            }
            Sent::from(bytes)
        }
        Body::Stream(page) => Sent::new(Chunks {
            page,
            entry,
            sent: 0,
        }),
    }
}

/// A body that breaks off in the middle, or before its first byte.
fn broken(whole: &Bytes, dropped: bool, entry: Option<&Entry>) -> Sent {
    let (body, sent) = if dropped {
        (Broken::End, 0)
    } else {
        (Broken::off(whole), whole.len() / 2)
    };
    if let Some(entry) = entry {
        entry.log(sent);
    }
    Sent::new(body)
}

/// A long page as a body. Each chunk is written when the socket has room for it.
struct Chunks {
    page: Box<Page>,
    entry: Option<Entry>,
    sent: usize,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.page.next().map(Bytes::from);
        self.sent += chunk.as_ref().map_or(0, Bytes::len);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if let Some(entry) = &self.entry {
            entry.log(self.sent);
        }
    }
}
