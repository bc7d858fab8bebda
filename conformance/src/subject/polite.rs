//! What a well-behaved client does before it complains: waits when told to, and asks once more when a kept
//! connection turned out to be closed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use super::{Lost, Reply, Request, Subject};

/// A subject asked with patience: 429 with `Retry-After` is waited for and asked again, and a request that
/// got no answer, or none that was whole, is sent once more.
pub struct Polite<S> {
    inner: S,
    waited: AtomicU64,
    resent: AtomicU64,
}

impl<S: Subject> Polite<S> {
    /// How often one request waits for the same 429 before the 429 is taken for the answer.
    const TRIES: u32 = 5;
    /// The longest wait that a `Retry-After` is believed.
    const LONGEST: Duration = Duration::from_mins(1);

    /// `inner`, asked with patience.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            waited: AtomicU64::new(0),
            resent: AtomicU64::new(0),
        }
    }

    /// How many answers were 429 and waited for.
    pub fn waited(&self) -> u64 {
        self.waited.load(Ordering::Relaxed)
    }

    /// How many requests were sent once more because no answer came.
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

/// How long `Retry-After` asks to wait: seconds, or a moment (RFC 9110, 10.2.3), which lies behind `now`, or
/// in the past and is no wait. Anything else asks for no time in particular: a second.
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
    fn a_429_is_waited_for() {
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
    fn a_429_that_names_no_wait_is_the_answer() {
        let polite = Polite::new(|_: &Request| Ok(reply(429, None)));
        assert_eq!(polite.send(&request()).unwrap().status, 429);
    }

    #[test]
    fn a_wait_is_named_in_seconds_or_as_a_moment() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let waits = |text| retry_after(&reply(429, Some(text)), now).map(|wait| wait.as_secs());
        assert_eq!(waits("7"), Some(7));
        assert_eq!(waits("Sun, 06 Nov 1994 08:49:57 GMT"), Some(20));
        assert_eq!(waits("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(waits("soon"), Some(1));
        assert_eq!(retry_after(&reply(429, None), now), None);
    }

    #[test]
    fn a_dropped_connection_is_tried_once_more_and_only_once() {
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
