//! The server around [`crate::answer`]: sockets, the clock, CORS, faults, logs and the control path.

pub(crate) mod access;
mod body;
mod broken;
pub(crate) mod clock;
pub(crate) mod connections;
mod console;
mod control;
mod faults;
mod letter;
mod log;
mod request_log;
mod response;
mod slow;
mod stage;
mod state;
mod subject;
mod told;
mod worlds;

use std::convert::Infallible;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::Guard;
use axum::Router;
use axum::http::{HeaderName, Method, Request, Response, header};
use bytes::Bytes;
use fixtures::ARTIFACTS;
use jiff::Timestamp;
use openapi::Problem;
use tower::{Layer as _, Service as _};
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use self::access::ControlFrom;
use self::clock::{Clock, Now};
use self::control::{Control, FOLDER};
use self::faults::{Faults, Strike, struck};
use self::log::Entry;
use self::request_log::{Line, RequestLog, kept, kept_of};
use self::response::response;
use self::stage::Stage;
use self::state::StateFile;
use self::told::Told;
use self::worlds::Worlds;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::mock::Mock;
use crate::plan::Plan;
use crate::request_body;
use crate::secrets::{SecretPlaces, hidden};

/// The future of a response.
type Answered =
    Pin<Box<dyn Future<Output = Result<Response<axum::body::Body>, Infallible>> + Send>>;

/// A mock with everything around it: a clock, faults, a request log and the control path.
#[derive(Debug, Clone)]
pub struct Rim {
    stage: Arc<Stage>,
    clock: Arc<Clock>,
    request_log: Arc<RequestLog>,
    faults: Arc<Faults>,
    told: Arc<Told>,
    from: ControlFrom,
    /// The worlds beside this one, if requests may name others.
    worlds: Option<Arc<Worlds>>,
}

impl Rim {
    /// A rim whose control path is open to this machine.
    pub fn new(mock: Arc<Mock>, clock: Clock) -> Self {
        let faults = Faults::new(1, Vec::new(), mock.faults());
        Self {
            stage: Arc::new(Stage::new(mock, clock.real())),
            clock: Arc::new(clock),
            request_log: Arc::default(),
            faults: Arc::new(faults),
            told: Arc::default(),
            from: ControlFrom::Loopback,
            worlds: None,
        }
    }

    /// The same rim with a control path that is open to these callers.
    #[must_use]
    pub fn controlled_from(mut self, from: ControlFrom) -> Self {
        self.from = from;
        self
    }

    /// The same rim with these faults in every scenario. `seed` decides which requests they strike.
    #[must_use]
    pub fn with_faults(mut self, seed: u64, faults: Vec<Fault>) -> Self {
        let faults = Faults::new(seed, faults, self.stage.mock().faults());
        self.faults = Arc::new(faults);
        self
    }

    /// The same rim with up to so many worlds beside the usual one. The header `X-Mock-World: NAME` of a request names
    /// its world, or a path that begins with `/__worlds/NAME`.
    #[must_use]
    pub fn with_worlds(mut self, most: usize) -> Self {
        self.worlds = Some(Arc::new(Worlds::new(most)));
        self
    }

    /// Another world, which is as this one was at the start.
    fn another(&self) -> Self {
        let mock = Arc::new(self.stage.start().another());
        Self {
            faults: Arc::new(self.faults.another(mock.faults())),
            stage: Arc::new(Stage::new(mock, self.clock.real())),
            clock: Arc::new(self.clock.another()),
            request_log: Arc::default(),
            told: Arc::clone(&self.told),
            from: self.from,
            worlds: None,
        }
    }

    /// Serves an edited plan. Manual changes stay as far as they suit it, and worlds beside the usual one begin anew.
    ///
    /// If the plan cannot be read or makes no world, the mock stays as it was, and the control path shows the
    /// reason.
    pub fn reload(&self, edited: Result<Plan, Problem>) -> Result<(), Problem> {
        let before = Guard::into_inner(self.stage.mock());
        let now = self.stage.reload(edited, self.clock.real())?;
        self.told.forget();
        if let Some(worlds) = &self.worlds {
            worlds.clear();
        }
        if now.faults() != before.faults() {
            self.faults.begin(now.faults());
        }
        Ok(())
    }

    /// Begins with the manual changes that a file holds, if it is there, and keeps them there from now on: the file is
    /// written again soon after each change, whole or not at all. [`Rim::save_state`] writes it at once.
    ///
    /// Fails if the file cannot be read or written, or holds changes that do not suit the documents.
    pub fn keep_state(&self, file: &Path) -> Result<(), Problem> {
        let kept = StateFile::new(file);
        let mock = Guard::into_inner(self.stage.mock());
        kept.load(&mock)?;
        kept.save(&mock)?;
        let stage = Arc::clone(&self.stage);
        let version = |mock: &Arc<Mock>| (Arc::as_ptr(mock).addr(), mock.edits());
        let mut saved = version(&mock);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(SAVING);
                let mock = Guard::into_inner(stage.mock());
                let now = version(&mock);
                if now != saved {
                    saved = now;
                    if let Err(problem) = kept.save(&mock) {
                        tracing::warn!("{problem}");
                    }
                }
            }
        });
        Ok(())
    }

    /// Writes the manual changes into a file, whole or not at all.
    pub fn save_state(&self, file: &Path) -> Result<(), Problem> {
        StateFile::new(file).save(&self.stage.mock())
    }

    /// The state that a request to the control path works on.
    fn control(&self) -> Control {
        Control {
            mock: Guard::into_inner(self.stage.mock()),
            stage: Arc::clone(&self.stage),
            clock: Arc::clone(&self.clock),
            request_log: Arc::clone(&self.request_log),
            faults: Arc::clone(&self.faults),
            worlds: self.worlds.clone(),
        }
    }

    /// A router that answers every request. Like any tower service it also works without a socket.
    pub fn router(self) -> Router {
        let rim = Arc::new(self);
        // Plain services and not nested routers, which would cost a request more than its page.
        let mut plain = tower::service_fn(move |request| respond(Arc::clone(&rim), request));
        let mut shared = cors().layer(plain.clone());
        Router::new().fallback_service(tower::service_fn(move |request: Request<_>| {
            // The layer treats every OPTIONS as a preflight. Other clients ask for `Allow`.
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

/// A router for a mock in the real time that `now` returns. Its control path is open to this machine.
pub fn router(mock: Arc<Mock>, now: Now) -> Router {
    Rim::new(mock, Clock::new(now)).router()
}

/// Web pages of every origin may send requests, with credentials in a header.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(AllowMethods::mirror_request())
        // A wildcard would not cover `Authorization` (Fetch standard, CORS-preflight fetch).
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            header::ALLOW,
            header::CONTENT_LENGTH,
            header::LINK,
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("x-mock-fault"),
            HeaderName::from_static("date"),
        ])
        .max_age(Duration::from_mins(10))
}

/// The answer of the world that a request names.
async fn respond(
    rim: Arc<Rim>,
    mut request: Request<axum::body::Body>,
) -> Result<Response<axum::body::Body>, Infallible> {
    let Some(worlds) = &rim.worlds else {
        return answered(rim, request).await;
    };
    match worlds.find(&rim, &mut request) {
        Ok(None) => answered(rim, request).await,
        Ok(Some((name, world))) => {
            let frees = request.method() == Method::POST && request.uri().path() == RESET;
            let response = answered(world, request).await;
            if frees && response.as_ref().is_ok_and(|one| one.status().is_success()) {
                worlds.free(&name);
            }
            response
        }
        Err(refused) => Ok(plain(*refused)),
    }
}

async fn answered(
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
        read(request).await
    };
    if controls {
        let refused = access::refused(rim.from, &request);
        let answer = refused.unwrap_or_else(|| rim.control().answer(&request));
        return Ok(plain(answer));
    }
    let now = rim.clock.now();
    let (mut answer, strike) = struck(&rim.faults, &rim.stage.mock(), &request, now);
    if !strike.delay.is_zero() {
        tokio::time::sleep(strike.delay).await;
    }
    rim.told.tell(&rim.stage.mock(), answer.route.as_ref());
    let shown = Shown::of(&rim.stage.mock().secrets, &request, &mut answer);
    let entry = Entry::of(began, &request, &shown.target, &answer, &strike);
    if rim.from != ControlFrom::Nobody {
        rim.request_log
            .write(line(began, now, &shown, &request, &mut answer, &strike));
    }
    Ok(response(answer, &strike, entry))
}

/// A response without faults and without a log line.
pub(crate) fn plain(answer: Answer) -> Response<axum::body::Body> {
    response(answer, &Strike::default(), None)
}

/// The texts of a request that logs show, without its credentials.
struct Shown {
    target: String,
    prefer: Option<String>,
}

impl Shown {
    /// The texts of `request`. Credentials are hidden in what `answer` says is wrong, too.
    fn of(places: &SecretPlaces, request: &Request<Bytes>, answer: &mut Answer) -> Self {
        let secrets = places.of_request(request);
        let secrets = secrets.as_deref();
        for sentence in &mut answer.wrong {
            *sentence = hidden(secrets, sentence);
        }
        let uri = request.uri();
        // A copy, because a slice would keep the whole read buffer alive.
        let target = match (uri.scheme(), uri.path_and_query()) {
            (None, Some(target)) => places.masked_target(target.as_str()),
            _ => places.masked_target(&uri.to_string()),
        };
        let prefer = request.headers().get("prefer");
        let prefer = prefer.and_then(|prefer| prefer.to_str().ok());
        Self {
            target: hidden(secrets, &target),
            prefer: prefer.map(|prefer| hidden(secrets, prefer)),
        }
    }
}

/// The line of a request in the request log.
fn line(
    began: Instant,
    now: Timestamp,
    shown: &Shown,
    request: &Request<Bytes>,
    answer: &mut Answer,
    strike: &Strike,
) -> Line {
    Line {
        at: now,
        took: began.elapsed(),
        method: request.method().clone(),
        target: kept(&shown.target),
        prefer: shown.prefer.as_deref().map(kept),
        route: answer.route.take(),
        status: answer.status.as_u16(),
        wrong: kept_of(std::mem::take(&mut answer.wrong)),
        faults: strike.rules(),
        breaks: strike.breaks,
    }
}

/// The request with its body. One that cannot be read is left out and marked.
async fn read(request: Request<axum::body::Body>) -> Request<Bytes> {
    let (mut head, body) = request.into_parts();
    if http_body::Body::is_end_stream(&body) {
        return Request::from_parts(head, Bytes::new());
    }
    let body = body::read(&head.headers, body, request_body::LONGEST).await;
    let body = body.unwrap_or_else(|unread| {
        head.extensions.insert(unread);
        Bytes::new()
    });
    Request::from_parts(head, body)
}

/// The control path's reset. One in a world that a request names also frees the world.
const RESET: &str = "/__mock/reset";

/// How long a change waits until the file of the state is written, at most.
const SAVING: Duration = Duration::from_millis(200);

/// The longest body that the control path reads. A state may have many changes.
const BODY: usize = 64 * 1024 * 1024;

/// The request with all of its body.
async fn whole(request: Request<axum::body::Body>) -> Result<Request<Bytes>, Box<Answer>> {
    let (head, body) = request.into_parts();
    match body::read(&head.headers, body, BODY).await {
        Ok(body) => Ok(Request::from_parts(head, body)),
        Err(unread) => {
            let (detail, cure) = unread.words("64 MiB");
            let answer = Answer::problem(unread.status(), Some(&detail), Some(cure));
            Err(Box::new(answer))
        }
    }
}
