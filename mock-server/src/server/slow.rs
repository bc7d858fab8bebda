//! A body that is sent slowly, at so many bytes per second.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// The number of pieces per second, if a piece has at least one byte.
const PIECES: u64 = 10;

/// A body, slowed down.
pub(crate) struct Slow {
    body: Body,
    /// The bytes that wait to be sent.
    left: Bytes,
    /// Bytes per second, at least one.
    rate: u64,
    rest: Pin<Box<Sleep>>,
}

impl Slow {
    pub(crate) fn new(body: Body, rate: u64) -> Self {
        Self {
            body,
            left: Bytes::new(),
            rate: rate.max(1),
            rest: Box::pin(sleep(Duration::ZERO)),
        }
    }

    /// The next piece. It also sets the pause after it.
    fn piece(&mut self) -> Bytes {
        let piece = usize::try_from(self.rate / PIECES).unwrap_or(usize::MAX);
        let piece = self.left.split_to(piece.clamp(1, self.left.len()));
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let rest = Duration::from_nanos(length.saturating_mul(1_000_000_000) / self.rate);
        self.rest.as_mut().reset(Instant::now() + rest);
        piece
    }
}

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        while self.left.is_empty() {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.left = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        ready!(self.rest.as_mut().poll(context));
        Poll::Ready(Some(Ok(Frame::data(self.piece()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let left = u64::try_from(self.left.len()).unwrap_or(u64::MAX);
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(left));
        }
        hint.set_lower(body.lower().saturating_add(left));
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_whole_body_is_sent_at_the_given_rate() {
        let whole: Vec<u8> = (0..=249).cycle().take(5_000).collect();
        let body = Body::new(Slow::new(Body::from(whole.clone()), 1_000));
        let began = Instant::now();
        let read = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(read, whole);
        let took = began.elapsed().as_millis();
        assert!((4_800..=5_200).contains(&took), "{took}");
    }

    #[test]
    fn a_slow_body_keeps_its_length() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().unwrap();
        let _entered = runtime.enter();
        let slow = Slow::new(Body::from("twelve bytes"), 1);
        assert_eq!(http_body::Body::size_hint(&slow).exact(), Some(12));
    }
}
