//! A proxy that holds real traffic against the documents: it passes on what it gets, as it is, and says
//! which answers, and which requests, are not as their operation declares.
//!
//! Nothing waits for a check: a body is passed on while a copy of it is gathered, and what was found is
//! counted before its last byte is handed out. Credentials go through, and nowhere else.

mod exchange;
mod finding;
mod tally;
mod tap;
mod upstream;
mod watched;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use openapi::{Document, Problem};
use serde_json::json;

use self::exchange::Exchange;
use self::upstream::{Lost, Upstream};
use self::watched::Watched;
use crate::trespass::{ControlFrom, trespass};

pub use self::tally::Tally;

/// Where the proxy says what it found.
const VIOLATIONS: &str = "/__mock/violations";

/// A proxy in front of a real server.
#[derive(Debug, Clone)]
pub struct Proxy {
    upstream: Arc<Upstream>,
    watched: Arc<[Watched]>,
    tally: Arc<Tally>,
    from: ControlFrom,
}

impl Proxy {
    /// A proxy in front of the server at `upstream`, a URL of scheme, host, port, and a path that goes
    /// before every operation's. Fails where that is no such URL, or no certificate can be checked.
    pub fn new(documents: &[Document], upstream: &str) -> Result<Self, Problem> {
        Ok(Self {
            upstream: Arc::new(Upstream::new(upstream)?),
            watched: watched::all(documents).into(),
            tally: Arc::default(),
            from: ControlFrom::Loopback,
        })
    }

    /// The same, with what it found told to others, or to nobody.
    #[must_use]
    pub fn controlled_from(mut self, from: ControlFrom) -> Self {
        self.from = from;
        self
    }

    /// What was found so far, and is found later.
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// A router that passes everything on; it may be asked without a socket, as any tower service.
    pub fn router(self) -> Router {
        Router::new().fallback(pass).with_state(self)
    }
}

async fn pass(State(proxy): State<Proxy>, request: Request<Body>) -> Response<Body> {
    if proxy.from != ControlFrom::Nobody && request.uri().path() == VIOLATIONS {
        return proxy.own(&request);
    }
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head.clone(), body);
    let head = Request::from_parts(head, Bytes::new());
    let exchange = Exchange::begin(&proxy.watched, &proxy.tally, &head);
    match proxy.upstream.send(request, exchange.is_watched()).await {
        Ok(answer) => exchange.watch(answer),
        Err(lost) => {
            let answer = bad_gateway(&proxy.upstream, &lost);
            exchange.lost(&lost);
            answer
        }
    }
}

impl Proxy {
    /// The answer to a request that is for the proxy itself.
    fn own(&self, request: &Request<Body>) -> Response<Body> {
        if let Some(refused) = trespass(self.from, request) {
            return plain(refused);
        }
        match *request.method() {
            Method::GET | Method::HEAD => {
                let headers = [
                    (header::CONTENT_TYPE, "application/json"),
                    (header::CACHE_CONTROL, "no-store"),
                ];
                (headers, self.tally.json().to_string()).into_response()
            }
            Method::DELETE => {
                self.tally.clear();
                StatusCode::NO_CONTENT.into_response()
            }
            _ => {
                let allow = [(header::ALLOW, "DELETE, GET, HEAD")];
                (StatusCode::METHOD_NOT_ALLOWED, allow).into_response()
            }
        }
    }
}

fn plain(answer: crate::Answer) -> Response<Body> {
    let (status, headers) = (answer.status, answer.headers.clone());
    (status, headers, answer.into_bytes()).into_response()
}

/// Nobody answered: problem details, RFC 9457.
fn bad_gateway(upstream: &Upstream, lost: &Lost) -> Response<Body> {
    let status = StatusCode::BAD_GATEWAY;
    let body = json!({
        "title": "Bad Gateway",
        "status": status.as_u16(),
        "detail": format!("{upstream} cannot be asked: {lost}"),
        "cure": upstream.cure(),
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}
