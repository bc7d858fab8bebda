//! A body that is passed on and copied at the same time.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

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
    /// Not all of it, because nothing came for this time.
    Silent(Duration),
}

/// A body that is passed on frame by frame.
///
/// `end` is called before the last frame is passed on. A client that has read the answer therefore finds it
/// counted. If nothing comes for `wait`, it breaks off.
pub(crate) struct Tap<B: Body> {
    inner: B,
    wait: Duration,
    /// Set while the next frame is waited for.
    ///
    /// A frame that is there counts, however late it is asked for: a slow client does not make a server silent.
    pause: Option<Pin<Box<Sleep>>>,
    copy: Option<Vec<Bytes>>,
    length: usize,
    end: Option<Box<dyn FnOnce(Seen) + Send>>,
}

impl<B: Body<Data = Bytes> + Unpin> Tap<B> {
    /// A tap of `inner`, which keeps a copy if `copies` is set.
    pub(crate) fn new(
        inner: B,
        copies: bool,
        wait: Duration,
        end: impl FnOnce(Seen) + Send + 'static,
    ) -> Self {
        let mut tap = Self {
            inner,
            wait,
            pause: None,
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
        let seen = match self.copy.take() {
            _ if !whole => Seen::Broken,
            None => Seen::TooLong,
            Some(parts) => Seen::Whole(joined(parts)),
        };
        self.end_with(seen);
    }

    fn end_with(&mut self, seen: Seen) {
        if let Some(end) = self.end.take() {
            end(seen);
        }
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

impl<B> Body for Tap<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                let wait = self.wait;
                let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(wait)));
                ready!(pause.as_mut().poll(context));
                self.end_with(Seen::Silent(wait));
                let why = format!("nothing of the body came for {wait:?}");
                return Poll::Ready(Some(Err(why.into())));
            }
        };
        self.pause = None;
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
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
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

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use tokio::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    const WAIT: Duration = Duration::from_secs(10);

    /// A body of the parts that are sent to it.
    struct Parts(Receiver<Bytes>);

    impl Body for Parts {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            let part = ready!(self.0.poll_recv(context));
            Poll::Ready(part.map(|part| Ok(Frame::data(part))))
        }
    }

    /// The sender of parts, the tap that passes them on, and the receiver of how the body ended.
    fn tap() -> (Sender<Bytes>, Tap<Parts>, Receiver<Seen>) {
        let (send, parts) = channel(9);
        let (tell, told) = channel(1);
        let tap = Tap::new(Parts(parts), true, WAIT, move |seen| {
            tell.try_send(seen).unwrap();
        });
        (send, tap, told)
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_falls_silent_breaks_off() {
        let (send, mut tap, mut told) = tap();
        send.send(Bytes::from_static(b"{")).await.unwrap();
        assert!(tap.frame().await.unwrap().is_ok());
        let broken = tap.frame().await.unwrap().unwrap_err().to_string();
        assert_eq!(broken, "nothing of the body came for 10s");
        assert!(matches!(told.recv().await, Some(Seen::Silent(WAIT))));
        drop(send);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_slowly_or_is_read_slowly_is_whole() {
        let (send, mut tap, mut told) = tap();
        let slow = tokio::spawn(async move {
            for _ in 0..20 {
                sleep(WAIT * 9 / 10).await;
                send.send(Bytes::from_static(b"1")).await.unwrap();
            }
        });
        let mut read = 0;
        while let Some(frame) = tap.frame().await {
            read += frame.unwrap().into_data().unwrap().len();
            if read == 10 {
                // The client pauses. The next part is there when it asks again.
                sleep(WAIT * 3).await;
            }
        }
        slow.await.unwrap();
        assert_eq!(read, 20);
        let seen = told.recv().await;
        assert!(matches!(seen, Some(Seen::Whole(body)) if body.len() == 20));
    }
}
