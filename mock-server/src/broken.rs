//! A body that breaks off: the headers promise all of it, half of it comes or nothing, and the connection
//! ends.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

/// A body, up to where it breaks.
pub(crate) enum Broken {
    /// This part is still to come.
    Part(Bytes),
    /// What came is yet to be sent: an error at once would swallow it.
    Sending,
    /// The end of the connection.
    End,
}

impl Broken {
    /// The first half of `whole`.
    pub(crate) fn off(whole: &Bytes) -> Self {
        Self::Part(whole.slice(..whole.len() / 2))
    }
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(&mut *self, Self::End) {
            Self::Part(part) => {
                *self = Self::Sending;
                Poll::Ready(Some(Ok(Frame::data(part))))
            }
            Self::Sending => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::End => Poll::Ready(Some(Err(io::Error::other("broken off on purpose")))),
        }
    }
}
