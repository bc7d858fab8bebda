//! A subject is anything that answers a request.

mod http;
mod paced;
mod parameters;
mod raw;
#[cfg(feature = "service")]
mod service;

use std::fmt;
use std::time::Instant;

use ::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

pub use self::http::Http;
pub use paced::Paced;
pub(crate) use parameters::{FORM, add_cookie, body_with, cookies, is_form};
pub(crate) use raw::head;
#[cfg(feature = "service")]
pub use service::Service;

/// Anything that answers a request: an HTTP server, a tower service in process, a closure.
pub trait Subject: Send + Sync {
    /// Sends a request, and waits for the answer.
    fn send(&self, request: &Request) -> Result<Reply, Lost>;

    /// The URL before every target: scheme, host, port, and the path before the paths of operations.
    ///
    /// `None` for a subject without an address, such as a closure.
    fn base(&self) -> Option<&str> {
        None
    }

    /// Sends a request on these terms, and waits for the answer.
    ///
    /// A subject without connections, such as a closure, sends it as any other.
    fn send_on(&self, request: &Request, _terms: Terms) -> Result<Reply, Lost> {
        self.send(request)
    }
}

/// The terms on which a request is sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// The connection that carries it.
    pub connection: Connection,
    /// The time at which the answer is no longer waited for. `None` leaves it to the subject.
    pub until: Option<Instant>,
}

/// The connection that carries a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Connection {
    /// A kept one, if there is one. The server may have closed it meanwhile.
    #[default]
    Kept,
    /// A new one, which carries no other request.
    Fresh,
}

impl<F: Fn(&Request) -> Result<Reply, Lost> + Send + Sync> Subject for F {
    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self(request)
    }
}

/// A request as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// Path and query, percent-encoded, as sent.
    pub target: String,
    /// Headers as sent, without those that belong to the connection.
    pub headers: Vec<(String, String)>,
    /// The body. It is empty for requests that only read.
    pub body: Bytes,
}

/// The longest body that is judged, in bytes. Of a longer one, only one more byte is read, to detect it.
pub const LONGEST_BODY: usize = 16 << 20;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as received.
    pub body: Bytes,
}

/// The subject could not be asked: there was no answer, or it was no HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The reason.
    pub reason: String,
    /// The kind of reason.
    pub cause: Cause,
}

/// The kind of reason why there was no answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cause {
    /// The connection failed, or carried no HTTP.
    #[default]
    Connection,
    /// No whole answer came in time.
    Time,
}

impl Lost {
    /// The connection failed, for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        let (reason, cause) = (reason.into(), Cause::Connection);
        Self { reason, cause }
    }

    /// No whole answer came in time.
    pub fn late(reason: impl Into<String>) -> Self {
        let (reason, cause) = (reason.into(), Cause::Time);
        Self { reason, cause }
    }
}

impl Request {
    /// Whether the method by itself only reads, so that the request may be repeated (RFC 9110, 9.2.1).
    pub fn only_reads(&self) -> bool {
        matches!(
            self.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "QUERY" | "TRACE"
        )
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query's parameters, decoded, in order.
    pub fn query(&self) -> Vec<(String, String)> {
        query_of(&self.target)
    }

    /// The same request with other parameters in the query.
    #[must_use]
    pub fn with_query(&self, query: &[(String, String)]) -> Request {
        let mut request = self.clone();
        request.target = target(self.path(), query);
        request
    }

    /// A header's value. The case of names does not count.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// All characters except the unreserved ones of RFC 3986.
const UNRESERVED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// As [`UNRESERVED`], and the comma, which separates the items of a list.
const IN_QUERY: &percent_encoding::AsciiSet = &UNRESERVED.remove(b',');

/// A text as it stands in a path, or a name of a query.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The parameters in the query of a target, decoded as a form.
fn query_of(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, text)| (decode(name), decode(text)))
        .collect()
}

/// Path and query as they are sent. `path` is already encoded.
pub(crate) fn target(path: &str, query: &[(String, String)]) -> String {
    let pairs: Vec<_> = query
        .iter()
        .map(|(name, text)| {
            let text = percent_encoding::utf8_percent_encode(text, IN_QUERY);
            format!("{}={text}", encoded(name))
        })
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// Path and query of a URL of an answer, absolute or relative to `path`, as a target of the subject at `base`.
///
/// The URL's own host is left out, so that a request for the target stays with the subject.
pub(crate) fn target_of(url: &str, path: &str, base: Option<&str>) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let behind_host = |rest: &str| {
        let start = rest.find(['/', '?']).unwrap_or(rest.len());
        rest[start..].to_owned()
    };
    let absolute = match (url.split_once("://"), url.strip_prefix("//")) {
        (Some((_, rest)), _) | (None, Some(rest)) => behind_host(rest),
        (None, None) => url.to_owned(),
    };
    match absolute.as_str() {
        "" => path.to_owned(),
        whole if whole.starts_with('/') => {
            let prefix = base.map(path_of_base).unwrap_or_default();
            let inner = whole.strip_prefix(prefix.as_str()).unwrap_or(whole);
            let is_inner = inner.starts_with('/') || inner.starts_with('?');
            if is_inner { inner } else { whole }.to_owned()
        }
        query if query.starts_with('?') => format!("{path}{query}"),
        relative => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{relative}")
        }
    }
}

/// The path of a base, without a slash at its end.
fn path_of_base(base: &str) -> String {
    let behind = base.split_once("://").map_or(base, |(_, behind)| behind);
    let path = behind.find('/').map_or("", |start| &behind[start..]);
    path.trim_end_matches('/').to_owned()
}

/// Scheme, host and port of an absolute URL, in one spelling. `None` for a relative one.
pub(crate) fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next()?;
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let host = host.strip_suffix(usual).unwrap_or(host);
    Some(format!("{scheme}://{host}").to_ascii_lowercase())
}

impl Reply {
    /// Reads the answer to `request` from all bytes of a connection that the server then closed.
    ///
    /// A body that ends before the length that its head names is kept as it came. Fails if the bytes are no HTTP.
    pub fn read(bytes: &[u8], request: &Request) -> Result<Self, Lost> {
        raw::received(bytes, request)
    }

    /// The body as JSON, if it is.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header's value as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The number of missing bytes of the body, by the answer's Content-Length.
    ///
    /// `None` if all bytes came, or if the rest was not read (see [`LONGEST_BODY`]).
    pub fn missing(&self, request: &Request) -> Option<usize> {
        let bodiless = is_bodiless(request, self.status);
        let length: usize = self.header("content-length")?.parse().ok()?;
        let missing = length.checked_sub(self.body.len())?;
        (missing > 0 && !bodiless && self.body.len() <= LONGEST_BODY).then_some(missing)
    }

    /// The same answer with another JSON body.
    #[must_use]
    pub fn with_json(mut self, body: &Value) -> Reply {
        self.body = body.to_string().into();
        self.headers.remove(::http::header::CONTENT_LENGTH);
        self
    }
}

/// Whether the answer has no body, even if it has a body's length (RFC 9110, 8.6).
fn is_bodiless(request: &Request, status: u16) -> bool {
    request.method == "HEAD" || matches!(status, 100..200 | 204 | 304)
}

impl fmt::Display for Lost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}

impl std::error::Error for Lost {}

#[cfg(test)]
mod tests {
    use super::{origin, target_of};

    #[test]
    fn a_url_is_followed_on_the_subject_only() {
        let check = |url: &str, expect: &str| {
            assert_eq!(
                target_of(url, "/rows", Some("http://a:1/v1")),
                expect,
                "{url}"
            );
        };
        check("http://a:1/v1/rows?page=2", "/rows?page=2");
        check("https://elsewhere.example/x?y#z", "/x?y");
        check("//elsewhere.example/x", "/x");
        check("/v1/rows?page=2", "/rows?page=2");
        check("/v12/rows", "/v12/rows");
        check("?page=2", "/rows?page=2");
        check("rows?page=2", "/rows?page=2");
        check("http://a?page=2", "/rows?page=2");
        check("http://a", "/rows");
    }

    #[test]
    fn origins_are_compared_in_one_spelling() {
        assert_eq!(origin("HTTP://A:80/x"), origin("http://a"));
        assert_eq!(origin("https://a:443?x"), origin("https://a/"));
        assert_ne!(origin("http://a:8080"), origin("http://a"));
        assert_ne!(origin("http://b@a"), origin("http://b"));
        assert_eq!(origin("/x"), None);
    }
}
