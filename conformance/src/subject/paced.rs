//! A subject that is asked at a limited rate.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::{Lost, Reply, Request, Subject, Terms};
use crate::lock::lock;

/// A subject that all threads together ask at a limited rate.
pub struct Paced<S> {
    inner: S,
    gap: Duration,
    next: Mutex<Instant>,
}

impl<S: Subject> Paced<S> {
    /// `inner`, asked at most `rate` times a second. A rate of zero or less sets no bound.
    pub fn new(inner: S, rate: f64) -> Self {
        let gap = if rate > 0.0 {
            Duration::from_secs_f64(rate.recip())
        } else {
            Duration::ZERO
        };
        Self {
            inner,
            gap,
            next: Mutex::new(Instant::now()),
        }
    }
}

impl<S: Subject> Subject for Paced<S> {
    fn base(&self) -> Option<&str> {
        self.inner.base()
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.send_on(request, Terms::default())
    }

    fn send_on(&self, request: &Request, terms: Terms) -> Result<Reply, Lost> {
        let (now, turn) = {
            let mut next = lock(&self.next);
            let now = Instant::now();
            let turn = (*next).max(now);
            if terms.until.is_some_and(|until| until < turn) {
                return Err(Lost::late("the request's turn comes after the time limit"));
            }
            *next = turn + self.gap;
            (now, turn)
        };
        if turn > now {
            thread::sleep(turn - now);
        }
        self.inner.send_on(request, terms)
    }
}
