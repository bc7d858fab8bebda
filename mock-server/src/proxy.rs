//! A proxy that checks real traffic against the documents.
//!
//! It passes requests and answers on unchanged, and reports those that differ from their operation. No
//! traffic waits for a check: a body is passed on while it is copied, and findings are counted before its
//! last byte is passed on. Credentials are passed on, and are stored nowhere.

mod exchange;
mod finding;
mod tally;
mod tap;
pub(crate) mod upstream;
mod watched;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use openapi::{Document, Problem, ServerChoice};

use self::exchange::Exchange;
use self::upstream::{Lost, Upstream};
use self::watched::AllWatched;
use crate::answer::Answer;
use crate::server::access::{self, ControlFrom};

pub use self::tally::Tally;

/// The path at which the proxy reports its findings.
const VIOLATIONS: &str = "/__mock/violations";

/// A proxy in front of a real server.
#[derive(Debug, Clone)]
pub struct Proxy {
    upstream: Arc<Upstream>,
    watched: Arc<AllWatched>,
    tally: Arc<Tally>,
    from: ControlFrom,
    /// The longest wait for an answer to begin, and for each part of its body.
    wait: Duration,
}

impl Proxy {
    /// A proxy in front of the server at `upstream`: scheme, host, port, and a path prefix for operations.
    ///
    /// Fails if `upstream` is not such a URL, or if no certificate can be checked.
    pub fn new(documents: &[Document], upstream: &str) -> Result<Self, Problem> {
        Self::at_server(documents, upstream, &ServerChoice::default())
    }

    /// The same as [`Proxy::new`], with operations below the base path of this server of the documents.
    ///
    /// It is for clients that write the base path themselves. Requests without it are checked, too.
    pub fn at_server(
        documents: &[Document],
        upstream: &str,
        server: &ServerChoice,
    ) -> Result<Self, Problem> {
        server.check(documents)?;
        Ok(Self {
            upstream: Arc::new(Upstream::new(upstream)?),
            watched: Arc::new(AllWatched::new(documents, server)),
            tally: Arc::default(),
            from: ControlFrom::Loopback,
            wait: Duration::from_mins(10),
        })
    }

    /// The same proxy with findings that these callers may read.
    #[must_use]
    pub fn controlled_from(mut self, from: ControlFrom) -> Self {
        self.from = from;
        self
    }

    /// The same proxy, which waits this long for an answer to begin, and for each next part of its body. The usual time
    /// is ten minutes.
    ///
    /// A client that went away cannot be told from one that still reads, so a silent server would hold a connection.
    #[must_use]
    pub fn waiting(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// The findings so far, which grow while the proxy runs.
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// A router that passes every request on. Like any tower service it also works without a socket.
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
    let sent = proxy.upstream.send(request, exchange.is_watched());
    let sent = tokio::time::timeout(proxy.wait, sent).await;
    match sent.unwrap_or_else(|_| Err(Lost::late(proxy.wait))) {
        Ok(answer) => exchange.watch(answer, proxy.wait),
        Err(lost) => {
            let answer = bad_gateway(&proxy.upstream, &lost);
            exchange.lost(&lost);
            answer
        }
    }
}

impl Proxy {
    /// The answer to a request for the proxy itself.
    fn own(&self, request: &Request<Body>) -> Response<Body> {
        if let Some(refused) = access::refused(self.from, request) {
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

fn plain(answer: Answer) -> Response<Body> {
    let (status, headers) = (answer.status, answer.headers.clone());
    (status, headers, answer.into_bytes()).into_response()
}

/// The answer if the real server gives none.
fn bad_gateway(upstream: &Upstream, lost: &Lost) -> Response<Body> {
    let detail = format!("{upstream} cannot be reached: {lost}");
    plain(Answer::problem(
        StatusCode::BAD_GATEWAY,
        Some(&detail),
        Some(upstream.cure()),
    ))
}
