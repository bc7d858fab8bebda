//! The rim: sockets, the clock, CORS and the log around [`answer`].

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use arc_swap::Guard;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use bytes::Bytes;
use fixtures::{ARTIFACTS, Page};
use http_body::Frame;
use jiff::Timestamp;
use tower::ServiceExt as _;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use crate::answer::{Answer, Body, answer};
use crate::broken::Broken;
use crate::control::{self, Control, FOLDER};
use crate::faults::{Fault, Faults, Strike};
use crate::journal::{Journal, Line, verdict};
use crate::mock::Mock;
use crate::refusal::declared;
use crate::stage::Stage;
use crate::time::Time;

/// Where `now` comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Who may use the control path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlFrom {
    /// Nobody: there is none.
    Nobody,
    /// The machine that the mock runs on, and whoever asks in process.
    Loopback,
    /// Everyone.
    Anywhere,
}

/// Everything around a mock.
#[derive(Debug, Clone)]
pub struct Rim {
    stage: Arc<Stage>,
    time: Arc<Time>,
    journal: Arc<Journal>,
    faults: Arc<Faults>,
    from: ControlFrom,
}

impl Rim {
    /// A rim with a control path for this machine.
    pub fn new(mock: Arc<Mock>, time: Time) -> Self {
        Self {
            stage: Arc::new(Stage::new(mock, time.real())),
            time: Arc::new(time),
            journal: Arc::default(),
            faults: Arc::new(Faults::new(1, Vec::new())),
            from: ControlFrom::Loopback,
        }
    }

    /// The same, with the control path open to others, or to nobody.
    #[must_use]
    pub fn controlled_from(mut self, from: ControlFrom) -> Self {
        self.from = from;
        self
    }

    /// The same, with these faults striking from the start; `seed` decides whom.
    #[must_use]
    pub fn with_faults(mut self, seed: u64, faults: Vec<Fault>) -> Self {
        self.faults = Arc::new(Faults::new(seed, faults));
        self
    }

    /// Where what is served is put in place of what was.
    pub fn stage(&self) -> Arc<Stage> {
        Arc::clone(&self.stage)
    }

    /// What is controlled by a request that comes now.
    fn control(&self) -> Control {
        Control {
            mock: Guard::into_inner(self.stage.mock()),
            stage: Arc::clone(&self.stage),
            time: Arc::clone(&self.time),
            journal: Arc::clone(&self.journal),
            faults: Arc::clone(&self.faults),
        }
    }

    /// A router that answers everything; it may be asked without a socket, as any tower service.
    pub fn router(self) -> Router {
        let plain = Router::new().fallback(respond).with_state(self);
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
}

/// A router for a mock whose time is that of `clock`, with a control path for this machine.
pub fn router(mock: Arc<Mock>, clock: Clock) -> Router {
    Rim::new(mock, Time::new(clock)).router()
}

/// Serves `router` on `listener` until `stop` is done, then lets answers under way end.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
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
            HeaderName::from_static("x-mock-fault"),
            HeaderName::from_static("date"),
        ])
        .max_age(Duration::from_mins(10))
}

async fn respond(
    State(rim): State<Rim>,
    request: Request<axum::body::Body>,
) -> Result<Response<axum::body::Body>, Infallible> {
    let began = Instant::now();
    let path = request.uri().path();
    let controls = rim.from != ControlFrom::Nobody
        && (path.starts_with(FOLDER) || FOLDER.strip_suffix('/') == Some(path))
        && !path.starts_with(ARTIFACTS);
    let request = if controls {
        match whole(request).await {
            Ok(request) => request,
            Err(answer) => return Ok(response(*answer, None)),
        }
    } else {
        // No operation reads a body.
        request.map(|_| Bytes::new())
    };
    if controls {
        let refused = trespass(rim.from, &request);
        let answer = refused.unwrap_or_else(|| rim.control().answer(&request));
        return Ok(response(answer, None));
    }
    let now = rim.time.now();
    let (answer, strike) = {
        let mock = rim.stage.mock();
        let answer = answer(&mock, &request, now);
        struck(&rim.faults, &mock, &request, answer)
    };
    if !strike.delay.is_zero() {
        tokio::time::sleep(strike.delay).await;
    }
    let entry = Entry {
        began,
        method: request.method().clone(),
        target: request.uri().to_string(),
        route: answer.route.as_deref().unwrap_or_default().to_owned(),
        status: answer.status.as_u16(),
        wrong: answer.wrong.join("; "),
        faults: strike.rules.join("; "),
    };
    if rim.from != ControlFrom::Nobody {
        rim.journal.write(&Line {
            at: now.to_string(),
            method: entry.method.as_str(),
            target: &entry.target,
            route: answer.route.as_deref(),
            status: entry.status,
            wrong: &answer.wrong,
            faults: &strike.rules,
        });
    }
    if strike.dropped || strike.truncated {
        return Ok(broken(answer, &entry, strike.dropped));
    }
    Ok(response(answer, Some(entry)))
}

/// What becomes of an operation's answer when faults strike; nothing else is struck.
fn struck(
    faults: &Faults,
    mock: &Mock,
    request: &Request<Bytes>,
    answer: Answer,
) -> (Answer, Strike) {
    let mut routes = mock.routes.iter();
    let Some(route) = routes.find(|route| answer.route.as_ref() == Some(&route.label)) else {
        return (answer, Strike::default());
    };
    let strike = faults.strike(request.headers());
    if strike.rules.is_empty() {
        return (answer, strike);
    }
    let mut answer = match strike.status {
        None => answer,
        Some(status) => {
            let mut refused = declared(route, status);
            let later = [
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::SERVICE_UNAVAILABLE,
            ];
            if later.contains(&status) {
                let second = HeaderValue::from_static("1");
                refused.headers.insert(header::RETRY_AFTER, second);
            }
            Answer {
                route: answer.route,
                wrong: answer.wrong,
                ..refused
            }
        }
    };
    // Whoever looks at the answer sees that it is the mock's doing.
    if let Ok(rules) = HeaderValue::from_str(&strike.rules.join("; ")) {
        answer.headers.insert("x-mock-fault", rules);
    }
    (answer, strike)
}

/// An answer that breaks off in the middle of its body, or before it begins.
fn broken(answer: Answer, entry: &Entry, dropped: bool) -> Response<axum::body::Body> {
    let (status, mut headers) = (answer.status, answer.headers.clone());
    let body = answer.into_bytes();
    let broken = if dropped {
        Broken::End
    } else {
        Broken::off(&body)
    };
    entry.log(if dropped { 0 } else { body.len() / 2 });
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let mut response = Response::new(axum::body::Body::new(broken));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// The longest body that the control path reads.
const BODY: usize = 1024 * 1024;

/// The request with all of its body.
async fn whole(request: Request<axum::body::Body>) -> Result<Request<Bytes>, Box<Answer>> {
    let (head, body) = request.into_parts();
    match axum::body::to_bytes(body, BODY).await {
        Ok(body) => Ok(Request::from_parts(head, body)),
        Err(_) => Err(Box::new(control::forbidden(
            "the body is longer than 1 MiB, or broke off",
            "send less",
        ))),
    }
}

/// The answer to whoever may not use the control path: another machine, or a page that was not loaded
/// from this one and has the visitor's browser ask.
fn trespass(from: ControlFrom, request: &Request<Bytes>) -> Option<Answer> {
    if from == ControlFrom::Anywhere {
        return None;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if peer.is_some_and(|ConnectInfo(peer)| !peer.ip().to_canonical().is_loopback()) {
        return Some(control::forbidden(
            "the control path answers only the machine that the mock runs on",
            "start the mock with `--control-from anywhere`",
        ));
    }
    let origin = request.headers().get(header::ORIGIN)?;
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.parse::<Uri>().ok());
    let near = host.as_ref().and_then(Uri::host).is_some_and(|host| {
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    });
    (!near).then(|| {
        control::forbidden(
            "the control path answers only pages that come from this machine",
            "load the page from localhost, or start the mock with `--control-from anywhere`",
        )
    })
}

fn response(answer: Answer, entry: Option<Entry>) -> Response<axum::body::Body> {
    let body = match answer.body {
        Body::Whole(bytes) => {
            if let Some(entry) = &entry {
                entry.log(bytes.len());
            }
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
    /// What was wrong with the request; empty if nothing.
    wrong: String,
    /// What struck on purpose; empty if nothing.
    faults: String,
}

impl Entry {
    fn log(&self, bytes: usize) {
        let micros = self.began.elapsed().as_micros();
        tracing::info!(
            method = %self.method,
            target = %self.target,
            route = %self.route,
            status = self.status,
            verdict = verdict(self.status, self.wrong.is_empty()),
            wrong = %self.wrong,
            faults = %self.faults,
            bytes,
            micros,
            "answered"
        );
    }
}

/// A long page as a body: each chunk is written when the socket has room for it.
struct Chunks {
    page: Box<Page>,
    entry: Option<Entry>,
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
        if let Some(entry) = &self.entry {
            entry.log(self.sent);
        }
    }
}
