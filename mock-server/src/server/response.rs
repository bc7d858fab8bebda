//! The HTTP response of an answer: whole, in chunks, slowed down, or broken off.

use std::io;
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
pub(crate) fn response(answer: Answer, strike: &Strike, entry: Option<Entry>) -> Response<Sent> {
    let (status, mut headers) = (answer.status, answer.headers);
    let body = match answer.body {
        Body::Whole(whole) if strike.dropped || strike.truncated => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
            broken(&whole, strike.dropped, entry.as_ref())
        }
        // A long page has no length beforehand.
        Body::Stream(_) if strike.dropped => broken(&Bytes::new(), true, entry.as_ref()),
        body => sent(body, strike.truncated, entry),
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

fn sent(body: Body, breaks: bool, entry: Option<Entry>) -> Sent {
    match body {
        Body::Whole(bytes) => {
            if let Some(entry) = entry {
                entry.log(bytes.len());
            }
            Sent::from(bytes)
        }
        Body::Stream(page) => Sent::new(Chunks {
            page,
            breaks,
            broken: None,
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
    /// Whether it breaks off behind half of the items.
    breaks: bool,
    /// The rest, once it breaks off.
    broken: Option<Broken>,
    entry: Option<Entry>,
    sent: usize,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(broken) = &mut self.broken {
            return Pin::new(broken).poll_frame(context);
        }
        let chunk = self.page.next().map(Bytes::from);
        if self.breaks && self.page.left() <= self.page.len() / 2 {
            let mut broken = Broken::off(&chunk.unwrap_or_default());
            let part = Pin::new(&mut broken).poll_frame(context);
            self.broken = Some(broken);
            return part;
        }
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
