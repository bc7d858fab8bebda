//! A body that is passed on and copied at the same time.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

/// The longest body that is copied.
const LONGEST: usize = 16 * 1024 * 1024;

/// The part of a body that was passed on.
#[derive(Debug)]
pub(crate) enum Seen {
    /// All of it.
    Whole(Bytes),
    /// More than is copied.
    TooLong,
    /// Not all of it, because one side closed the connection.
    Broken,
}

/// A body that is passed on frame by frame.
///
/// `end` is called before the last frame is passed on. A client that has read the answer therefore finds it
/// counted.
pub(crate) struct Tap<B: Body> {
    inner: B,
    copy: Option<Vec<Bytes>>,
    length: usize,
    end: Option<Box<dyn FnOnce(Seen) + Send>>,
}

impl<B: Body<Data = Bytes> + Unpin> Tap<B> {
    /// A tap of `inner`, which keeps a copy if `copies` is set.
    pub(crate) fn new(inner: B, copies: bool, end: impl FnOnce(Seen) + Send + 'static) -> Self {
        let mut tap = Self {
            inner,
            copy: copies.then(Vec::new),
            length: 0,
            end: Some(Box::new(end)),
        };
        if tap.inner.is_end_stream() {
            tap.end(true);
        }
        tap
    }
}

impl<B: Body> Tap<B> {
    fn copy(&mut self, data: &Bytes) {
        self.length = self.length.saturating_add(data.len());
        if self.length > LONGEST {
            self.copy = None;
        }
        if let Some(copy) = &mut self.copy {
            copy.push(data.clone());
        }
    }

    fn end(&mut self, whole: bool) {
        let Some(end) = self.end.take() else {
            return;
        };
        let seen = match self.copy.take() {
            _ if !whole => Seen::Broken,
            None => Seen::TooLong,
            Some(parts) => Seen::Whole(joined(parts)),
        };
        end(seen);
    }
}

fn joined(mut parts: Vec<Bytes>) -> Bytes {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut whole = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    for part in parts {
        whole.extend_from_slice(&part);
    }
    whole.freeze()
}

impl<B: Body<Data = Bytes> + Unpin> Body for Tap<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            None => self.end(true),
            Some(Err(_)) => self.end(false),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.copy(data);
                }
                // Trailers are the last frame, though the body may not know yet that it has ended.
                if frame.is_trailers() || self.inner.is_end_stream() {
                    self.end(true);
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B: Body> Drop for Tap<B> {
    fn drop(&mut self) {
        let whole = self.inner.is_end_stream();
        self.end(whole);
    }
}
