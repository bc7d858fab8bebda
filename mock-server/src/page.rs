//! The answer to a request, as one function.
//!
//! It is synchronous: an answer depends on the mock, the request and `now`, and changes nothing but a count
//! of reads. Sockets, clocks and logs are elsewhere. Every request is answered, whatever its bytes are.

mod collection;
mod item;
mod timeline;

use std::sync::Arc;

use bytes::Bytes;
use fixtures::Timeline;
use http::{Method, Request};
use jiff::Timestamp;
use openapi::Contract;

use crate::answer::Answer;
use crate::artifact;
use crate::credentials;
use crate::declared;
use crate::example::{Call, Example};
use crate::fault::PageFaults;
use crate::filtering::{self, Wanted};
use crate::kind::Kind;
use crate::mock::Mock;
use crate::parameters::{Ask, Captures, Chosen};
use crate::preference::Preferences;
use crate::projection;
use crate::refusal::Refusal;
use crate::request_body;
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
        Ok(answer) => (answer, Vec::new()),
        Err(refusal) => {
            let words = refusal.words();
            (declared::refused(refusal, reached.route), words)
        }
    };
    let route = reached.route;
    if let Some(route) = route {
        answer = projection::of(mock, route, request, answer);
        route.complete(answer.status, &mut answer.headers);
    }
    if !mock.strict {
        let errors = route
            .into_iter()
            .flat_map(|route| undeclared(route, request));
        wrong.extend(errors.map(|error| format!("query `{}`: {UNDECLARED}", error.name)));
    }
    Answer {
        route: match route {
            Some(route) => Some(Arc::clone(&route.label)),
            None => answer.route,
        },
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

/// The order of these lines is the order of precedence among refusals, for operations of every kind.
fn page<'m>(
    mock: &'m Mock,
    request: &Request<Bytes>,
    now: Timestamp,
    faults: PageFaults,
    reached: &mut Reached<'m>,
) -> Result<Answer, Refusal> {
    let (route, captures) = match mock.routes.find(request) {
        Ok(found) => found,
        Err(none) => {
            let oauth = mock.oauth.answer(&mock.world, request);
            return oauth.ok_or(Refusal::NoRoute(none));
        }
    };
    reached.route = Some(route);
    let caller = credentials::caller(&mock.world, mock.auth, route, request)?;
    let ask = parameters(mock.strict, route, request, &captures)?;
    match &route.kind {
        Kind::Timeline(paged) => {
            let defect = mock.world.defect(paged.place).cloned();
            let defect = defect.or_else(|| route.headers().err().cloned());
            let prefers = request.headers().contains_key("prefer")
                && Preferences::of(request.headers()).names_an_answer();
            match (&paged.example, defect) {
                // An assumption may be wrong, and the document has an answer all the same.
                (Some(example), defect) if defect.is_some() || prefers => {
                    return of_example(mock, (route, example), request, &captures);
                }
                (None, Some(problem)) => return Err(Refusal::Unserved(problem)),
                _ => {}
            }
            let edits = mock.edits();
            let timeline = mock.see_list(route, paged, caller, &captures, now);
            let timeline = timeline.map_err(Refusal::Unseen)?;
            let timeline = filtered(
                mock,
                route,
                (&paged.contract, false, paged.place),
                (request, &captures, ask.chosen()),
                (timeline, edits),
            )?;
            reached.timeline = true;
            let sent = (mock.world.base(), request);
            let answer = timeline::answer(paged, timeline, &ask, faults, sent)?;
            if let Some(example) = &paged.example
                && !timeline::is_valid(&paged.contract, &answer)
            {
                return of_example(mock, (route, example), request, &captures);
            }
            mock.count_read();
            Ok(answer)
        }
        Kind::Example(example) => {
            let asked = collection::Asked {
                mock,
                route,
                example,
                caller,
                captures: &captures,
                request,
                now,
            };
            let is_preferred = || Preferences::of(request.headers()).names_an_answer();
            // A collection knows what was changed by hand; an item of a list alone does not.
            let own = !request.headers().contains_key("prefer") || !is_preferred();
            let item = own.then(|| {
                let kept = collection::answer(asked);
                kept.or_else(|| item::answer(mock, route, caller, &captures, now))
            });
            item.flatten()
                .unwrap_or_else(|| of_example(mock, (route, example), request, &captures))
        }
    }
}

/// The list as the request wants it.
fn filtered(
    mock: &Mock,
    route: &Route,
    (list, is_whole, place): (&Contract, bool, usize),
    (request, captures, chosen): (&Request<Bytes>, &Captures<'_>, Chosen<'_>),
    (timeline, edits): (Timeline, u64),
) -> Result<Timeline, Refusal> {
    if request.uri().query().is_none() && chosen.sorted.is_none() {
        return Ok(timeline);
    }
    let filters = route.filters(list);
    let Some(wanted) = Wanted::of(list, filters, request, captures, chosen) else {
        return Ok(timeline);
    };
    let timeline = match chosen.direction.or(wanted.direction) {
        Some(direction) => timeline.in_direction(direction),
        None => timeline,
    };
    if !wanted.selects() {
        return Ok(timeline);
    }
    let key = (is_whole, place, timeline.resource_key().into());
    let too_long = || {
        let problem = route.document.problem(
            &list.operation().pointer,
            filtering::too_long(filters, &timeline),
        );
        Refusal::Unserved(
            problem.cure("leave them out, or give the list fewer items in a scenario"),
        )
    };
    if timeline.places() > filtering::MOST {
        let ranged = mock.indexes.select_range(key, &timeline, &wanted, edits);
        return ranged.ok_or_else(too_long);
    }
    Ok(mock.indexes.select(key, timeline, &wanted, edits))
}

/// The answer of an operation that does not page.
fn of_example(
    mock: &Mock,
    (route, example): (&Route, &Example),
    request: &Request<Bytes>,
    captures: &Captures<'_>,
) -> Result<Answer, Refusal> {
    let sent = request_body::read(route.request_body(), request)?;
    example.answer(Call {
        document: &route.document,
        operation: route.operation(),
        captures,
        request,
        sent: sent.as_ref(),
        value: None,
        base: mock.world.base(),
        locale: mock.plan.scenario.locale(),
    })
}

/// The request for a page. A strict mock lists undeclared parameters after all other validation errors, as
/// FastAPI services do.
fn parameters(
    strict: bool,
    route: &Route,
    request: &Request<Bytes>,
    captures: &Captures<'_>,
) -> Result<Ask, Refusal> {
    let read = route.checks().read(request, captures);
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
    // A URL that the mock hands out names its place in a parameter that no document declares.
    let contract = route.contract();
    let is_known = |name: &str| contract.is_some_and(|one| one.paging().has_undeclared(name));
    undeclared::errors(route.operation(), query, is_known)
}
