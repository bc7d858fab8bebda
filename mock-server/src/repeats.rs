//! Answers to requests with an idempotency key, so that a repeated request gets the answer of the first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fixtures::Caller;
use http::{HeaderMap, StatusCode};

use crate::answer::Answer;

/// How many answers are kept. The oldest are forgotten first.
const MOST: usize = 10_000;

/// A request's operation, its caller, and its idempotency key.
pub(crate) type Key = (Arc<str>, Caller, String);

/// The answers to requests with an idempotency key.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Mutex<Kept>);

/// The answers that are kept.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    answers: HashMap<Key, First>,
    /// The keys, the oldest first.
    order: VecDeque<Key>,
}

/// A first request, and its answer.
#[derive(Debug)]
struct First {
    sent: Bytes,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// What is known of a request.
pub(crate) enum Known {
    /// It is the first with its key.
    New,
    /// It repeats a request that got this answer.
    Repeated(Answer),
    /// An earlier request with its key had another body.
    Differs,
}

impl Repeats {
    /// The answers that are kept. Requests with a key wait for each other, so that only one of them acts.
    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all answers.
    pub(crate) fn reset(&self) {
        *self.kept() = Kept::default();
    }
}

impl Kept {
    /// What is known of a request with this key and this body.
    pub(crate) fn known(&self, key: &Key, sent: &Bytes) -> Known {
        match self.answers.get(key) {
            None => Known::New,
            Some(first) if first.sent != *sent => Known::Differs,
            Some(first) => Known::Repeated(first.answer()),
        }
    }

    /// Keeps the answer to a first request, and returns it.
    pub(crate) fn keep(&mut self, key: Key, sent: Bytes, answer: Answer) -> Answer {
        let (status, headers) = (answer.status, answer.headers.clone());
        let first = First {
            sent,
            status,
            headers,
            body: answer.into_bytes(),
        };
        let again = first.answer();
        if self.order.len() >= MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.answers.insert(key, first);
        again
    }
}

impl First {
    fn answer(&self) -> Answer {
        let mut answer = Answer::new(self.status, "", self.body.clone());
        answer.headers = self.headers.clone();
        answer
    }
}
