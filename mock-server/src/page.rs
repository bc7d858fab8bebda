//! The answer to a request, as one function.
//!
//! It is synchronous: an answer depends on the mock, the request and `now`, and changes nothing but a count
//! of reads. Sockets, clocks and logs are elsewhere. Every request is answered, whatever its bytes are.

use std::sync::Arc;

use bytes::Bytes;
use fixtures::{Page, Place, Timeline, Wanted};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request};
use jiff::Timestamp;
use openapi::{PageFacts, Position, UnknownCursor};

use crate::answer::Answer;
use crate::artifact;
use crate::credentials;
use crate::declared;
use crate::fault::PageFaults;
use crate::mock::Mock;
use crate::parameters::{Ask, Captures};
use crate::refusal::Refusal;
use crate::route::Route;
use crate::undeclared;
use crate::wording::ValidationError;

/// The answer to `request` as of `now`.
pub fn answer(mock: &Mock, request: &Request<Bytes>, now: Timestamp) -> Answer {
    faulty(mock, request, now, PageFaults::default())
}

/// The answer to `request` as of `now`; if it is a page, the page has these `faults`.
pub(crate) fn faulty(
    mock: &Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    faults: PageFaults,
) -> Answer {
    let answer = artifact::answer(mock, request, now);
    let answer = answer.unwrap_or_else(|| documented(mock, request, now, faults));
    if request.method() == Method::HEAD {
        answer.without_body()
    } else {
        answer
    }
}

/// The answer of an operation, or the refusal of a request that is for none.
fn documented(mock: &Mock, request: &Request<Bytes>, now: Timestamp, faults: PageFaults) -> Answer {
    let mut reached = Reached::default();
    let (mut answer, mut wrong) = match page(mock, request, now, faults, &mut reached) {
        Ok(found) => {
            let links = links(mock, request, &found);
            let mut answer = Answer::of_page(found.route.media_type.clone(), found.page);
            answer.headers.extend(links);
            (answer, Vec::new())
        }
        Err(refusal) => {
            let words = refusal.words();
            (declared::refused(refusal, reached.route), words)
        }
    };
    let route = reached.route;
    if let Some(route) = route {
        route.complete(answer.status, &mut answer.headers);
    }
    if !mock.strict {
        let errors = route
            .into_iter()
            .flat_map(|route| undeclared(route, request));
        wrong.extend(errors.map(|error| format!("query `{}`: {UNDECLARED}", error.name)));
    }
    Answer {
        route: route.map(|route| Arc::clone(&route.label)),
        wrong,
        faulty: reached.timeline && faults != PageFaults::default(),
        ..answer
    }
}

/// The words for an undeclared parameter that is ignored.
const UNDECLARED: &str = "no parameter of this operation";

/// How far a request came.
#[derive(Default)]
struct Reached<'m> {
    route: Option<&'m Route>,
    timeline: bool,
}

/// The order of these lines is the order of precedence among refusals.
fn page<'m>(
    mock: &'m Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    faults: PageFaults,
    reached: &mut Reached<'m>,
) -> Result<Found<'m>, Refusal> {
    let (route, captures) = mock.routes.find(request).map_err(Refusal::NoRoute)?;
    reached.route = Some(route);
    let caller = credentials::caller(&mock.world, route, request)?;
    let ask = parameters(mock.strict, route, request, &captures)?;
    let timeline = mock.see(route, caller, Wanted::Path(&captures), now);
    let timeline = timeline.map_err(Refusal::Unseen)?;
    reached.timeline = true;
    let start = start(route, &timeline, &ask, faults)?;
    mock.count_read();
    let timeline = if faults.expired {
        timeline.with_expired_urls()
    } else {
        timeline
    };
    Ok(Found {
        route,
        page: timeline.page(start, ask.limit),
        at: ask.at,
        limit: ask.limit,
        total: timeline.len(),
    })
}

/// The page that a request gets.
struct Found<'m> {
    route: &'m Route,
    page: Page,
    /// Where it starts.
    at: Position,
    limit: Option<u64>,
    /// How many events the timeline has.
    total: u64,
}

/// The headers in which a page says how to go on. Their URLs lead back to the host that the client called.
fn links(mock: &Mock, request: &Request<Bytes>, found: &Found<'_>) -> HeaderMap {
    let paging = found.route.contract.paging();
    if !paging.has_headers() {
        return HeaderMap::new();
    }
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let called = host.map(|host| format!("http://{host}"));
    let target = request.uri().path_and_query();
    let written = paging.headers(&PageFacts {
        base: called.as_deref().unwrap_or(mock.world.base()),
        target: target.map_or("/", |target| target.as_str()),
        at: &found.at,
        limit: found.limit,
        more: found.page.more(),
        total: found.total,
    });
    let headers = written.into_iter().filter_map(|(name, text)| {
        let name = HeaderName::from_static(name);
        Some((name, HeaderValue::from_str(&text).ok()?))
    });
    headers.collect()
}

/// The request for a page. A strict mock lists undeclared parameters after all other validation errors, as
/// FastAPI services do.
fn parameters(
    strict: bool,
    route: &Route,
    request: &Request<Bytes>,
    captures: &Captures<'_>,
) -> Result<Ask, Refusal> {
    let read = route.checks.read(request, captures);
    let undeclared = if strict {
        undeclared(route, request)
    } else {
        Vec::new()
    };
    match read {
        Ok(ask) if undeclared.is_empty() => Ok(ask),
        Ok(_) => Err(Refusal::Invalid(undeclared)),
        Err(mut errors) => {
            errors.extend(undeclared);
            Err(Refusal::Invalid(errors))
        }
    }
}

fn undeclared(route: &Route, request: &Request<Bytes>) -> Vec<ValidationError> {
    let query = request.uri().query().unwrap_or_default();
    undeclared::errors(route.contract.operation(), query)
}

/// The place at which the page starts.
///
/// The contract says where an unknown cursor leads. If it does not say, the page is empty: an unknown
/// cursor never leads back to the first page.
fn start(
    route: &Route,
    timeline: &Timeline,
    ask: &Ask,
    faults: PageFaults,
) -> Result<Place, Refusal> {
    if ask.at.is_start() {
        return Ok(timeline.start());
    }
    let place = timeline.locate(&ask.at, ask.limit);
    let place = place.filter(|_| !faults.vanished);
    match (place, route.contract.pagination().cursor.unknown) {
        (Some(place), _) if faults.repeated => Ok(timeline.sooner(place)),
        (Some(place), _) => Ok(place),
        (None, Some(UnknownCursor::Status(status))) => {
            let written = route.contract.paging().write(&ask.at).unwrap_or_default();
            let sent = written.into_iter().next().map(|(_, text)| text);
            Err(Refusal::Cursor(status, sent.unwrap_or_default()))
        }
        (None, Some(UnknownCursor::Page(_)) | None) => Ok(timeline.end()),
    }
}
