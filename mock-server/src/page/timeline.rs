//! The page of a timeline that a request gets, and the headers in which it says how to go on.

use bytes::Bytes;
use fixtures::{Page, Place, Timeline, Unseen};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use openapi::{Contract, PageFacts, Paging, Position, UnknownCursor};

use crate::answer::{Answer, Body};
use crate::fault::{CursorFault, PageFaults};
use crate::kind::TimelineRoute;
use crate::parameters::Ask;
use crate::refusal::Refusal;
use crate::world_path::WorldPath;

/// The answer with the page that `ask` asks for. `base` is where the mock's URLs lead to.
pub(super) fn answer(
    route: &TimelineRoute,
    timeline: Timeline,
    ask: &Ask,
    faults: PageFaults,
    (base, request): (&str, &Request<Bytes>),
) -> Result<Answer, Refusal> {
    let timeline = match ask.direction {
        Some(direction) => timeline.in_direction(direction),
        None => timeline,
    };
    // What a token holds goes before what the request says.
    let timeline = timeline.in_order_of(&ask.at);
    let start = start(&route.contract, &timeline, ask, faults)?;
    let start = match &ask.above {
        Some(value) => timeline.above_value(start, value),
        None => start,
    };
    let timeline = if faults.expired {
        timeline.with_expired_urls()
    } else {
        timeline
    };
    let paging = route.contract.paging();
    let page = page(paging, &timeline, start, ask);
    if let Some(refusal) = beyond(route, &timeline, &page, ask) {
        return Err(refusal);
    }
    if page.is_empty() && !timeline.may_be_empty() {
        return Err(Refusal::Unseen(Unseen::Missing));
    }
    if !paging.depends_on_request() {
        return Ok(Answer::of_page(route.media_type.clone(), page));
    }
    let called = called(request);
    let facts = PageFacts {
        base: called.as_deref().unwrap_or(base),
        ..facts(&route.contract, ask, &page, &timeline, request)
    };
    let page = page.saying(paging.given(&facts));
    // A range of keys does not say where it begins in the list, so only what remains behind it makes it a part.
    let has_others = if paging.has_key_ranges() {
        facts.more
    } else {
        facts.items < facts.total
    };
    let is_part = ask.is_range && has_others;
    let has_no_other = || {
        let declared = route.contract.operation().page_answer();
        declared.is_some_and(|answer| answer.status == "206")
    };
    let mut answer = Answer::of_page(route.media_type.clone(), page);
    if route.serves_parts && (is_part || has_no_other()) {
        answer.status = StatusCode::PARTIAL_CONTENT;
    }
    answer.headers.extend(headers(&route.contract, &facts));
    Ok(answer)
}

/// The refusal of a range that begins behind the end, where the document declares one (RFC 9110, 15.5.17).
fn beyond(route: &TimelineRoute, timeline: &Timeline, page: &Page, ask: &Ask) -> Option<Refusal> {
    let is_of_places = ask.is_range && route.contract.paging().has_ranges();
    if !is_of_places || !page.is_empty() || ask.at.is_start() {
        return None;
    }
    let contract = &route.contract;
    let declared = contract.operation().response(416)?;
    let said = contract.paging().unsatisfied_range(timeline.len());
    (declared.status != "default").then_some(Refusal::Beyond(said))
}

/// The page that starts at a place, or that ends there.
fn page(paging: &Paging, timeline: &Timeline, place: Place, ask: &Ask) -> Page {
    if !ask.at.is_backward() {
        return timeline.page(place, ask.limit);
    }
    let page = timeline.page_before(place, ask.limit);
    if paging.more_is_onward() {
        return page;
    }
    let more = page.before() + page.len() < timeline.len();
    page.with_more(more)
}

/// Whether a page is valid. A long one, which is written while it is sent, is not read again.
pub(super) fn is_valid(contract: &Contract, answer: &Answer) -> bool {
    let Body::Whole(bytes) = &answer.body else {
        return true;
    };
    let page = serde_json::from_slice(bytes);
    page.is_ok_and(|page| contract.body().is_valid(&page))
}

/// The place at which the page starts.
///
/// The contract says where an unknown cursor leads. If it does not say, the page is empty: an unknown
/// cursor never leads back to the first page.
fn start(
    contract: &Contract,
    timeline: &Timeline,
    ask: &Ask,
    faults: PageFaults,
) -> Result<Place, Refusal> {
    if ask.at.is_start() {
        return Ok(timeline.start());
    }
    let place = timeline.locate(&ask.at, ask.limit);
    let expiry = contract.pagination().cursor.expires.as_ref();
    if let Some(expiry) =
        expiry.filter(|_| faults.cursor == CursorFault::Expired && place.is_some())
    {
        let sent = text(contract, &ask.at);
        return Err(Refusal::Expired(expiry.clone(), sent));
    }
    // A contract that does not say what an expired cursor leads to does not tell it from an unknown one.
    let place = place.filter(|_| faults.cursor == CursorFault::None);
    match (place, contract.pagination().cursor.unknown) {
        (Some(place), _) if faults.repeated => Ok(timeline.sooner(place)),
        (Some(place), _) => Ok(place),
        (None, Some(UnknownCursor::Status(status))) => {
            Err(Refusal::Cursor(status, text(contract, &ask.at)))
        }
        // The page before the start is empty, too.
        (None, Some(UnknownCursor::Page(_)) | None) if ask.at.is_backward() => Ok(timeline.start()),
        (None, Some(UnknownCursor::Page(_)) | None) => Ok(timeline.end()),
    }
}

/// A place as the text that was sent for it.
fn text(contract: &Contract, at: &Position) -> String {
    let written = contract.paging().write(at).unwrap_or_default();
    let sent = written.into_iter().next().map(|(_, text)| text);
    sent.unwrap_or_default()
}

/// Scheme, host and port that the client called, and the path that names its world. URLs lead back there.
fn called(request: &Request<Bytes>) -> Option<String> {
    let host = request.headers().get(header::HOST)?;
    let world = WorldPath::of(request);
    Some(format!("http://{}{world}", host.to_str().ok()?))
}

/// What is known of a page, where it says how to go on.
fn facts<'r>(
    contract: &Contract,
    ask: &'r Ask,
    page: &Page,
    timeline: &Timeline,
    request: &'r Request<Bytes>,
) -> PageFacts<'r> {
    let target = request.uri().path_and_query();
    let (total, before, items) = (timeline.len(), page.before(), page.len());
    let limit = page.limit();
    let paging = contract.paging();
    let position = |behind| timeline.position(contract, behind, limit);
    let last = limit.filter(|limit| *limit > 0);
    let last = last.map(|limit| total.saturating_sub(1) / limit * limit);
    // The flag of a page before a place may be about the items before it.
    let follow = if ask.at.is_backward() {
        before + items < total
    } else {
        page.more()
    };
    let previous = || {
        if paging.goes_backward() {
            timeline.position_before(contract, before)
        } else {
            position(before.saturating_sub(ask.limit?))
        }
    };
    PageFacts {
        base: "",
        target: target.map_or("/", |target| target.as_str()),
        at: &ask.at,
        limit,
        more: page.more(),
        total,
        before,
        items,
        next: follow.then(|| position(before + items)).flatten(),
        // A token is sealed for each place, so only places that the page says are looked for.
        previous: (before > 0 && paging.says_previous())
            .then(previous)
            .flatten(),
        last: last.filter(|_| paging.says_last()).and_then(position),
        marked: follow
            .then(|| timeline.marked(contract, before + items, limit))
            .flatten(),
    }
}

/// The headers in which a page says how to go on, and how long the list is.
fn headers(contract: &Contract, facts: &PageFacts<'_>) -> HeaderMap {
    let written = contract.paging().headers(facts);
    let headers = written.into_iter().filter_map(|(name, text)| {
        let name = HeaderName::try_from(name).ok()?;
        Some((name, HeaderValue::from_str(&text).ok()?))
    });
    headers.collect()
}
