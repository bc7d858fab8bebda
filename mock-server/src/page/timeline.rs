//! The page of a timeline that a request gets, and the headers in which it says how to go on.

use bytes::Bytes;
use fixtures::{Page, Place, Timeline};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Request};
use openapi::{Contract, PageFacts, UnknownCursor};

use crate::answer::{Answer, Body};
use crate::fault::PageFaults;
use crate::kind::TimelineRoute;
use crate::parameters::Ask;
use crate::refusal::Refusal;

/// The answer with the page that `ask` asks for. `base` is where the mock's URLs lead to.
pub(super) fn answer(
    route: &TimelineRoute,
    timeline: Timeline,
    ask: &Ask,
    faults: PageFaults,
    (base, request): (&str, &Request<Bytes>),
) -> Result<Answer, Refusal> {
    let start = start(&route.contract, &timeline, ask, faults)?;
    let timeline = if faults.expired {
        timeline.with_expired_urls()
    } else {
        timeline
    };
    let page = timeline.page(start, ask.limit);
    let links = links(&route.contract, ask, &page, &timeline, (base, request));
    let mut answer = Answer::of_page(route.media_type.clone(), page);
    answer.headers.extend(links);
    Ok(answer)
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
    let place = place.filter(|_| !faults.vanished);
    match (place, contract.pagination().cursor.unknown) {
        (Some(place), _) if faults.repeated => Ok(timeline.sooner(place)),
        (Some(place), _) => Ok(place),
        (None, Some(UnknownCursor::Status(status))) => {
            let written = contract.paging().write(&ask.at).unwrap_or_default();
            let sent = written.into_iter().next().map(|(_, text)| text);
            Err(Refusal::Cursor(status, sent.unwrap_or_default()))
        }
        (None, Some(UnknownCursor::Page(_)) | None) => Ok(timeline.end()),
    }
}

/// The headers in which a page says how to go on. Their URLs lead back to the host that the client called.
fn links(
    contract: &Contract,
    ask: &Ask,
    page: &Page,
    timeline: &Timeline,
    (base, request): (&str, &Request<Bytes>),
) -> HeaderMap {
    let paging = contract.paging();
    if !paging.has_headers() {
        return HeaderMap::new();
    }
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let called = host.map(|host| format!("http://{host}"));
    let target = request.uri().path_and_query();
    let (total, before, items) = (timeline.len(), page.before(), page.len());
    let position = |behind| timeline.position(contract, behind, ask.limit);
    let last = ask.limit.filter(|limit| *limit > 0);
    let last = last.map(|limit| total.saturating_sub(1) / limit * limit);
    let written = paging.headers(&PageFacts {
        base: called.as_deref().unwrap_or(base),
        target: target.map_or("/", |target| target.as_str()),
        at: &ask.at,
        limit: ask.limit,
        more: page.more(),
        total,
        before,
        items,
        next: page.more().then(|| position(before + items)).flatten(),
        previous: (before > 0)
            .then(|| position(before.saturating_sub(ask.limit?)))
            .flatten(),
        last: last.and_then(position),
    });
    let headers = written.into_iter().filter_map(|(name, text)| {
        let name = HeaderName::from_static(name);
        Some((name, HeaderValue::from_str(&text).ok()?))
    });
    headers.collect()
}
