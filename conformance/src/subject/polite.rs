//! A polite client waits if the server asks for it, and repeats a request once if its connection was closed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use super::{Lost, Reply, Request, Subject};

/// A subject that is asked politely.
///
/// After a 429 with `Retry-After`, the request is repeated after the wait. A request without an answer, or
/// with an incomplete one, is repeated once.
pub struct Polite<S> {
    inner: S,
    waited: AtomicU64,
    resent: AtomicU64,
}

impl<S: Subject> Polite<S> {
    /// The number of waits of one request before a 429 counts as its answer.
    const TRIES: u32 = 5;
    /// The longest wait that a `Retry-After` may ask for.
    const LONGEST: Duration = Duration::from_mins(1);

    /// `inner`, asked politely.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            waited: AtomicU64::new(0),
            resent: AtomicU64::new(0),
        }
    }

    /// The number of 429 answers after which a request waited.
    pub fn waited(&self) -> u64 {
        self.waited.load(Ordering::Relaxed)
    }

    /// The number of requests that were repeated because no answer came.
    pub fn resent(&self) -> u64 {
        self.resent.load(Ordering::Relaxed)
    }

    fn once_more(&self, request: &Request) -> Result<Reply, Lost> {
        let first = self.inner.send(request);
        let came = |reply: &Reply| reply.missing(request).is_none();
        if first.as_ref().is_ok_and(came) {
            return first;
        }
        self.resent.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request)
    }
}

impl<S: Subject> Subject for Polite<S> {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        for _ in 0..Self::TRIES {
            let reply = self.once_more(request)?;
            let asked_to_wait = (reply.status == 429)
                .then(|| retry_after(&reply, SystemTime::now()))
                .flatten();
            let Some(wait) = asked_to_wait else {
                return Ok(reply);
            };
            self.waited.fetch_add(1, Ordering::Relaxed);
            thread::sleep(wait.min(Self::LONGEST));
        }
        self.once_more(request)
    }
}

/// The wait that `Retry-After` asks for: seconds, or until a date (RFC 9110, 10.2.3).
///
/// A date before `now` means no wait. Any other value means one second.
fn retry_after(reply: &Reply, now: SystemTime) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim();
    let seconds = text.parse().map(Duration::from_secs).ok();
    let moment = || httpdate::parse_http_date(text).ok();
    let until = || Some(moment()?.duration_since(now).unwrap_or_default());
    Some(seconds.or_else(until).unwrap_or(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, retry_after: Option<&str>) -> Reply {
        let mut headers = ::http::HeaderMap::new();
        if let Some(seconds) = retry_after {
            headers.insert("retry-after", seconds.parse().unwrap());
        }
        Reply {
            status,
            headers,
            body: bytes::Bytes::new(),
        }
    }

    fn request() -> Request {
        Request {
            method: "GET".into(),
            target: "/".into(),
            headers: Vec::new(),
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn a_request_waits_after_a_429() {
        let asked = AtomicU64::new(0);
        let polite = Polite::new(|_: &Request| {
            Ok(match asked.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => reply(429, Some("0")),
                _ => reply(200, None),
            })
        });
        assert_eq!(polite.send(&request()).unwrap().status, 200);
        assert_eq!(polite.waited(), 2);
    }

    #[test]
    fn a_429_without_retry_after_is_the_answer() {
        let polite = Polite::new(|_: &Request| Ok(reply(429, None)));
        assert_eq!(polite.send(&request()).unwrap().status, 429);
    }

    #[test]
    fn a_wait_is_in_seconds_or_until_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let waits = |text| retry_after(&reply(429, Some(text)), now).map(|wait| wait.as_secs());
        assert_eq!(waits("7"), Some(7));
        assert_eq!(waits("Sun, 06 Nov 1994 08:49:57 GMT"), Some(20));
        assert_eq!(waits("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(waits("soon"), Some(1));
        assert_eq!(retry_after(&reply(429, None), now), None);
    }

    #[test]
    fn a_request_on_a_dropped_connection_is_repeated_only_once() {
        let asked = AtomicU64::new(0);
        let polite = Polite::new(|_: &Request| {
            asked.fetch_add(1, Ordering::Relaxed);
            Err(Lost {
                reason: "connection reset".into(),
            })
        });
        assert!(polite.send(&request()).is_err());
        assert_eq!(asked.into_inner(), 2);
    }
}
