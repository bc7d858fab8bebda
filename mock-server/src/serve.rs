//! The rim: sockets, the clock, CORS and the log around [`answer`].

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, Method, Request, Response, header};
use bytes::Bytes;
use fixtures::Page;
use http_body::Frame;
use jiff::Timestamp;
use tower::ServiceExt as _;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use crate::answer::{Answer, Body, answer};
use crate::mock::Mock;

/// Where `now` comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

#[derive(Clone)]
struct Shared {
    mock: Arc<Mock>,
    clock: Clock,
}

/// A router that answers everything; it may be asked without a socket, as any tower service.
pub fn router(mock: Arc<Mock>, clock: Clock) -> Router {
    let plain = Router::new()
        .fallback(respond)
        .with_state(Shared { mock, clock });
    let shared = plain.clone().layer(cors());
    Router::new().fallback_service(tower::service_fn(move |request: Request<_>| {
        // The layer takes every OPTIONS for a preflight; others are asked for `Allow`.
        let asks = |name| request.headers().contains_key(name);
        let preflight = asks(header::ORIGIN) && asks(header::ACCESS_CONTROL_REQUEST_METHOD);
        let router = if request.method() == Method::OPTIONS && !preflight {
            plain.clone()
        } else {
            shared.clone()
        };
        router.oneshot(request)
    }))
}

/// Serves `router` on `listener` until `stop` is done, then lets answers under way end.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
}

/// A page on any origin may ask, with credentials in a header of its own making.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(AllowMethods::mirror_request())
        // A wildcard would not cover `Authorization` (Fetch standard, CORS-preflight fetch).
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            header::ALLOW,
            header::CONTENT_LENGTH,
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("date"),
        ])
        .max_age(Duration::from_mins(10))
}

async fn respond(
    State(shared): State<Shared>,
    request: Request<axum::body::Body>,
) -> Result<Response<axum::body::Body>, Infallible> {
    let began = Instant::now();
    // No operation reads a body.
    let request = request.map(|_| Bytes::new());
    let answer = answer(&shared.mock, &request, (shared.clock)());
    let entry = Entry {
        began,
        method: request.method().clone(),
        target: request.uri().to_string(),
        route: answer.route.clone().unwrap_or_default(),
        status: answer.status.as_u16(),
    };
    Ok(response(answer, entry))
}

fn response(answer: Answer, entry: Entry) -> Response<axum::body::Body> {
    let body = match answer.body {
        Body::Whole(bytes) => {
            entry.log(bytes.len());
            axum::body::Body::from(bytes)
        }
        Body::Stream(page) => axum::body::Body::new(Chunks {
            page,
            entry,
            sent: 0,
        }),
    };
    let mut response = Response::new(body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// A line of the log.
struct Entry {
    began: Instant,
    method: Method,
    target: String,
    route: String,
    status: u16,
}

impl Entry {
    fn log(&self, bytes: usize) {
        let micros = self.began.elapsed().as_micros();
        tracing::info!(
            method = %self.method,
            target = %self.target,
            route = %self.route,
            status = self.status,
            bytes,
            micros,
            "answered"
        );
    }
}

/// A long page as a body: each chunk is written when the socket has room for it.
struct Chunks {
    page: Box<Page>,
    entry: Entry,
    sent: usize,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.page.next().map(Bytes::from);
        self.sent += chunk.as_ref().map_or(0, Bytes::len);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.entry.log(self.sent);
    }
}
