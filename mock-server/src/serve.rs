//! The rim: sockets, the clock, CORS and the log around [`crate::answer`].

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::Guard;
use axum::Router;
use axum::http::{HeaderName, Method, Request, Response, header};
use bytes::Bytes;
use fixtures::{ARTIFACTS, Scenario};
use jiff::Timestamp;
use openapi::{Contract, Problem};
use tower::{Layer as _, Service as _};
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use crate::answer::Answer;
use crate::control::{self, Control, FOLDER};
use crate::faults::{Fault, Faults, Strike, struck};
use crate::journal::{Journal, Line};
use crate::log::Entry;
use crate::mock::Mock;
use crate::response::response;
use crate::stage::Stage;
use crate::time::Time;
use crate::trespass::{ControlFrom, trespass};

/// Where `now` comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A response that is on its way.
type Answered =
    Pin<Box<dyn Future<Output = Result<Response<axum::body::Body>, Infallible>> + Send>>;

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
        let faults = Faults::new(1, Vec::new(), mock.faults());
        Self {
            stage: Arc::new(Stage::new(mock, time.real())),
            time: Arc::new(time),
            journal: Arc::default(),
            faults: Arc::new(faults),
            from: ControlFrom::Loopback,
        }
    }

    /// The same, with the control path open to others, or to nobody.
    #[must_use]
    pub fn controlled_from(mut self, from: ControlFrom) -> Self {
        self.from = from;
        self
    }

    /// The same, with these faults striking beside those of any scenario; `seed` decides whom.
    #[must_use]
    pub fn with_faults(mut self, seed: u64, faults: Vec<Fault>) -> Self {
        let faults = Faults::new(seed, faults, self.stage.mock().faults());
        self.faults = Arc::new(faults);
        self
    }

    /// Serves what was edited instead of what is served; if it cannot be read, or no world can be made of
    /// it, what is served stays, and the control path says why.
    ///
    /// What was done by hand is gone with the world that it was done in.
    pub fn reload(
        &self,
        edited: Result<(Vec<Contract>, Scenario), Problem>,
    ) -> Result<(), Problem> {
        let before = Guard::into_inner(self.stage.mock());
        let now = self.stage.reload(edited, self.time.real())?;
        if now.faults() != before.faults() {
            self.faults.begin(now.faults());
        }
        Ok(())
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
        let rim = Arc::new(self);
        // Services that are always ready, and no routers: each would cost a request more than its page.
        let mut plain = tower::service_fn(move |request| respond(Arc::clone(&rim), request));
        let mut shared = cors().layer(plain.clone());
        Router::new().fallback_service(tower::service_fn(move |request: Request<_>| {
            // The layer takes every OPTIONS for a preflight; others are asked for `Allow`.
            let asks = |name| request.headers().contains_key(name);
            let preflight = asks(header::ORIGIN) && asks(header::ACCESS_CONTROL_REQUEST_METHOD);
            let answered: Answered = if request.method() == Method::OPTIONS && !preflight {
                Box::pin(plain.call(request))
            } else {
                Box::pin(shared.call(request))
            };
            answered
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
    rim: Arc<Rim>,
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
            Err(answer) => return Ok(plain(*answer)),
        }
    } else {
        // No operation reads a body.
        request.map(|_| Bytes::new())
    };
    if controls {
        let refused = trespass(rim.from, &request);
        let answer = refused.unwrap_or_else(|| rim.control().answer(&request));
        return Ok(plain(answer));
    }
    let now = rim.time.now();
    let (mut answer, strike) = struck(&rim.faults, &rim.stage.mock(), &request, now);
    if !strike.delay.is_zero() {
        tokio::time::sleep(strike.delay).await;
    }
    let entry = Entry::of(began, &request, &answer, &strike);
    if rim.from != ControlFrom::Nobody {
        rim.journal
            .write(line(began, now, &request, &mut answer, &strike));
    }
    Ok(response(answer, &strike, entry))
}

/// A response that nothing strikes and no log tells of.
fn plain(answer: Answer) -> Response<axum::body::Body> {
    response(answer, &Strike::default(), None)
}

/// What is kept of a request.
fn line(
    began: Instant,
    now: Timestamp,
    request: &Request<Bytes>,
    answer: &mut Answer,
    strike: &Strike,
) -> Line {
    let uri = request.uri();
    // A copy: a part of the buffer that it was read into would hold all of it.
    let target = match (uri.scheme(), uri.path_and_query()) {
        (None, Some(target)) => target.as_str().into(),
        _ => uri.to_string().into(),
    };
    let prefer = request.headers().get("prefer");
    Line {
        at: now,
        took: began.elapsed(),
        method: request.method().clone(),
        target,
        prefer: prefer.and_then(|prefer| prefer.to_str().ok().map(Into::into)),
        route: answer.route.take(),
        status: answer.status.as_u16(),
        wrong: std::mem::take(&mut answer.wrong),
        faults: strike.rules(),
        breaks: strike.breaks,
    }
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
