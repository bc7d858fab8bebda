//! Answers to requests with an idempotency key, so that a repeated request gets the answer of the first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use fixtures::Caller;
use http::{HeaderMap, StatusCode};

use crate::answer::Answer;

/// How many answers are kept. The oldest are forgotten first.
const MOST: usize = 10_000;

/// How many bytes of bodies are kept.
const MOST_BYTES: usize = 16 << 20;

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
    /// The length of all bodies that are kept.
    bytes: usize,
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
        self.bytes += first.bytes();
        while (self.order.len() >= MOST || self.bytes > MOST_BYTES)
            && let Some(oldest) = self.order.pop_front()
            && let Some(forgotten) = self.answers.remove(&oldest)
        {
            self.bytes -= forgotten.bytes();
        }
        self.order.push_back(key.clone());
        self.answers.insert(key, first);
        again
    }
}

impl First {
    fn bytes(&self) -> usize {
        self.sent.len() + self.body.len()
    }

    fn answer(&self) -> Answer {
        let mut answer = Answer::new(self.status, "", self.body.clone());
        answer.headers = self.headers.clone();
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_answers_are_forgotten_if_their_bodies_are_long() {
        let repeats = Repeats::default();
        let key =
            |number: usize| -> Key { ("POST /things".into(), Caller::Anyone, number.to_string()) };
        let long = Bytes::from(vec![b' '; MOST_BYTES / 4]);
        for number in 0..5 {
            let answer = Answer::new(StatusCode::CREATED, "text/plain", Bytes::new());
            repeats.kept().keep(key(number), long.clone(), answer);
        }
        let kept = repeats.kept();
        let is_known =
            |number: usize| matches!(kept.known(&key(number), &long), Known::Repeated(_));
        let known: Vec<_> = (0..5).filter(|number| is_known(*number)).collect();
        assert_eq!(known, [1, 2, 3, 4]);
        assert_eq!(kept.bytes, MOST_BYTES);
    }
}
