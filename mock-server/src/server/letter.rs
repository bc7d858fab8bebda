//! Rules of HTTP that hold for every request on a socket, whatever operation it asks for.

use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, Request, StatusCode, Version, header};

use crate::answer::Answer;

/// The methods that some operation may take.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// The request, with the `Host` that counts; or the answer, if no operation may see it.
pub(crate) fn checked<B>(mut request: Request<B>) -> Result<Request<B>, Box<Answer>> {
    if let Some(answer) = answer(&request) {
        return Err(Box::new(answer));
    }
    // RFC 9112, 3.2.2: the host of an absolute URL counts, and not the header.
    let authority = request.uri().authority();
    let host = authority.and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
    Ok(request)
}

/// The answer to a request that no operation may see.
fn answer<B>(request: &Request<B>) -> Option<Answer> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (host, another) = (hosts.next(), hosts.next());
    let cure = "send `Host: HOST:PORT`, as in `Host: 127.0.0.1:4010`";
    // RFC 9112, 3.2: such a request may be read as one for another host.
    if another.is_some() {
        return Some(malformed("the request has two `Host` headers", cure));
    }
    if host.is_none() && request.version() == Version::HTTP_11 {
        return Some(malformed("the request has no `Host` header", cure));
    }
    if host.is_some_and(|host| !host.is_empty() && !is_authority(host)) {
        return Some(malformed("`Host` is no host with an optional port", cure));
    }
    if request.method() == Method::CONNECT {
        let detail = "this server is no tunnel to another one";
        let answer = Answer::problem(StatusCode::METHOD_NOT_ALLOWED, Some(detail), None);
        return Some(answer.with_allow(METHODS));
    }
    if request.method() == Method::OPTIONS && request.uri().path() == "*" {
        let mut answer = Answer::new(StatusCode::NO_CONTENT, "", bytes::Bytes::new());
        answer.headers.remove(header::CONTENT_TYPE);
        return Some(answer.with_allow(METHODS));
    }
    let expects = request.headers().get(header::EXPECT);
    if expects.is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
        return Some(Answer::problem(
            StatusCode::EXPECTATION_FAILED,
            Some("`Expect` asks for something else than `100-continue`"),
            Some("leave the header out"),
        ));
    }
    None
}

fn is_authority(host: &HeaderValue) -> bool {
    let authority = host.to_str().ok().and_then(|host| host.parse().ok());
    authority.is_some_and(|authority: Authority| !authority.as_str().contains('@'))
}

/// The refusal of a request whose sender and receiver may disagree. It ends the connection, because they may
/// disagree about what follows, too.
fn malformed(detail: &str, cure: &str) -> Answer {
    let mut answer = Answer::problem(StatusCode::BAD_REQUEST, Some(detail), Some(cure));
    let close = HeaderValue::from_static("close");
    answer.headers.insert(header::CONNECTION, close);
    answer
}
