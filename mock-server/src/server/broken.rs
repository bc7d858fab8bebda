//! A body that breaks off. The headers promise the whole body, but half of it or nothing is sent before the
//! connection ends.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

/// The state of a body that breaks off.
pub(crate) enum Broken {
    /// This part is not sent yet.
    Part(Bytes),
    /// The part is being sent. An error now would discard it.
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
