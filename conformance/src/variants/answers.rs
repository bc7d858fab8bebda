//! The ways in which an answer says how to go on, and how long the list is: the judge upholds the mock of a
//! small document for each, and catches its liars.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;

use super::dialects::{caught_in, made_up, mock, mock_of};
use crate::session::{Run, Session};
use crate::testing::{NOW, ask, described, verdict};
use crate::{Budget, Law, Liar, Lost, Reply, Request, Subject, Verdict, catalogue};

/// The part that all of these documents share: a list of a room, and an item.
macro_rules! rooms {
    ($parameters:literal, $answer:literal, $pagination:literal) => {
        concat!(
            "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, ",
            $parameters,
            "]
      responses: { 200: { description: '', content: { application/json: { schema: ",
            $answer,
            " } } }, 401: { description: '' }, 404: { description: '' }, 410: { description: '', content: { application/json: { schema: { type: object, properties: { next: { type: string } } } } } }, 422: { description: '' } }
      x-pagination: { name: rooms, key: $.id, parent: { parameter: room, missing: 404, foreign: 404 }, ",
            $pagination,
            " }
  /rooms/{room}/log/{row}:
    get:
      operationId: readRow
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: row, in: path, required: true, schema: { type: string } }]
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Row' } } } }, 401: { description: '' }, 404: { description: '' } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
"
        )
    };
}

/// Page numbers, URLs of the pages around in the body, and totals, as Django services have them.
const URLS: &str = rooms!(
    "{ name: page, in: query, schema: { type: integer, minimum: 1 } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [count, next, previous, rows], properties: { count: { type: integer }, pages: { type: integer }, page: { type: integer }, next: { type: [string, 'null'], format: uri }, previous: { type: [string, 'null'], format: uri }, rows: { type: array, items: { $ref: '#/components/schemas/Row' } } } }",
    "style: page, items: $.rows, request: { page: { in: query, name: page }, limit: { in: query, name: size } }, next: { url: $.next }, previous: { url: $.previous }, totals: { items: $.count, pages: $.pages }, echo: { page: $.page }"
);

/// Tokens with a remaining count, as Kubernetes has them.
const REMAINING: &str = rooms!(
    "{ name: continue, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [items, metadata], properties: { metadata: { type: object, properties: { continue: { type: string }, remainingItemCount: { type: integer } } }, items: { type: array, items: { $ref: '#/components/schemas/Row' } } } }",
    "style: token, items: $.items, request: { cursor: { in: query, name: continue }, limit: { in: query, name: limit } }, next: { cursor: $.metadata.continue }, totals: { remaining: $.metadata.remainingItemCount }"
);

/// An iterator that is there to the end, beside a flag that says that all is done.
const DONE: &str = rooms!(
    "{ name: iterator, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [data, iterator, done], properties: { data: { type: array, items: { $ref: '#/components/schemas/Row' } }, iterator: { type: [string, 'null'] }, done: { type: boolean } } }",
    "style: token, items: $.data, request: { cursor: { in: query, name: iterator }, limit: { in: query, name: limit } }, next: { cursor: $.iterator, done: $.done, trailing-empty-page: never }, cursor: { resume: true }"
);

/// A bare list, a `Link` header to four pages, and the total in a header.
const LINKS: &str = rooms!(
    "{ name: page, in: query, schema: { type: integer, minimum: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: array, items: { $ref: '#/components/schemas/Row' } }",
    "style: page, items: $, request: { page: { in: query, name: page }, limit: { in: query, name: per_page } }, next: { link: next }, previous: { link: prev }, totals: { header: X-Total-Count, link: last }, item: { operation: readRow }"
);

/// Connections: edges with a cursor each, and a page object.
const EDGES: &str = rooms!(
    "{ name: after, in: query, schema: { type: string } }, { name: first, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [edges, pageInfo], properties: { edges: { type: array, items: { type: object, required: [cursor, node], properties: { cursor: { type: string }, node: { $ref: '#/components/schemas/Row' } } } }, pageInfo: { type: object, required: [hasNextPage, hasPreviousPage], properties: { hasNextPage: { type: boolean }, hasPreviousPage: { type: boolean }, endCursor: { type: [string, 'null'] } } }, totalCount: { type: integer } } }",
    "style: token, items: '$.edges[*].node', request: { cursor: { in: query, name: after }, limit: { in: query, name: first } }, item: { cursor: $.cursor }, next: { cursor: $.pageInfo.endCursor, more: $.pageInfo.hasNextPage }, previous: { more: $.pageInfo.hasPreviousPage }, totals: { items: $.totalCount }"
);

/// Tokens that keep their limit, and that may expire.
const CARRIED: &str = rooms!(
    "{ name: token, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, next: { type: string } } }",
    "style: token, items: $.rows, request: { cursor: { in: query, name: token }, limit: { in: query, name: size } }, next: { cursor: $.next }, cursor: { carries: [limit], expires: { status: 410, resume: $.next } }"
);

/// A URL that names its place in a parameter that the document does not declare.
const FOLLOWED: &str = rooms!(
    "{ name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    "{ type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, links: { type: object, properties: { next: { type: string, example: /rooms } } } } }",
    "style: follow, items: $.rows, request: { limit: { in: query, name: size } }, next: { url: $.links.next }"
);

/// Every document of this kind.
pub(super) const ALL: [(&str, &str); 7] = [
    ("carried", CARRIED),
    ("followed", FOLLOWED),
    ("urls", URLS),
    ("remaining", REMAINING),
    ("done", DONE),
    ("links", LINKS),
    ("edges", EDGES),
];

/// The link to the last page is held to the list as it is, and not as it was when it was listed.
#[test]
fn a_list_that_grew_since_it_was_listed_is_not_blamed() {
    const LATER: Duration = Duration::from_mins(10);
    let law = catalogue::law("links-lead-where-they-say").unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let (contract, facts, mock) = mock_of(LINKS, &made_up());
    let (asked, listed) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
    let grown = |request: &Request| {
        let is_late = asked.fetch_add(1, Ordering::Relaxed) >= listed.load(Ordering::Relaxed);
        ask(&mock, request, if is_late { now + LATER } else { now })
    };
    let run = Run::new(&contract, &facts, &grown, Vec::new(), Budget::default());
    let session = Session::new(&run);
    let length = || {
        let resources = session.resources().iter();
        let listings = resources.map(|one| session.read_listing(&one.name).unwrap());
        listings.map(|listing| listing.keys.len()).sum::<usize>()
    };
    let before = length();
    // The judge lists everything first, too.
    listed.store(asked.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    match verdict(law, &contract, &facts, &grown) {
        Verdict::Upheld { .. } | Verdict::Unjudged { .. } => {}
        other => panic!("{other:#?}"),
    }
    assert!(length() > before, "nothing grew");
}

/// The counterexamples with which the liar about a law is caught, in each of the dialects where it is in force.
pub(crate) fn caught(law: &'static Law) -> String {
    let mut text = String::new();
    for (name, document) in ALL {
        let (contract, facts, honest) = mock(document, &made_up());
        match verdict(law, &contract, &facts, &honest) {
            Verdict::Upheld { .. } => {}
            Verdict::NotInForce { .. } => continue,
            other => panic!("the mock does not uphold {} of {name}: {other:#?}", law.id),
        }
        let liar = Liar::new(contract.clone(), law.lie, honest);
        match verdict(law, &contract, &facts, &liar) {
            Verdict::Broken(found) => {
                let _ = write!(text, "{name}: {}", described(&contract, &found));
            }
            other => panic!("the liar about {} of {name} got away: {other:#?}", law.id),
        }
    }
    assert!(!text.is_empty(), "{} is in force for no document", law.id);
    text
}

#[test]
fn urls_in_the_body_are_judged() {
    let caught = caught_in(&made_up(), URLS, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn remaining_counts_are_judged() {
    let caught = caught_in(&made_up(), REMAINING, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn iterators_that_are_done_are_judged() {
    let caught = caught_in(&made_up(), DONE, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn links_to_four_pages_are_judged() {
    let caught = caught_in(&made_up(), LINKS, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn connections_are_judged() {
    // A liar has no cursor to hand out where the honest server has none: more without a way on is moot.
    let caught = caught_in(&made_up(), EDGES, &["has-more-only-when-more-remain"]);
    assert!(caught > 35, "{caught}");
}

/// A server decides how long its answers are, and not how much of them is kept.
#[test]
fn a_listing_keeps_a_bounded_number_of_bytes() {
    // More than is kept of a listing.
    const PADDING: u64 = 9 << 20;
    let small = CARRIED.replace("maximum: 9, default: 3", "maximum: 2, default: 2");
    let (contract, facts, honest) = mock(&small, &made_up());
    let sent = AtomicU64::new(0);
    let padded = |request: &Request| -> Result<Reply, Lost> {
        let mut reply = honest.send(request)?;
        let mut body = reply.body.to_vec();
        body.extend(std::iter::repeat_n(b' ', usize::try_from(PADDING).unwrap()));
        sent.fetch_add(body.len() as u64, Ordering::Relaxed);
        reply.body = body.into();
        Ok(reply)
    };
    let run = Run::new(&contract, &facts, &padded, Vec::new(), Budget::default());
    let session = Session::new(&run);
    let mut cut = 0;
    for resource in session.resources() {
        sent.store(0, Ordering::Relaxed);
        let listing = session.read_listing(&resource.name).unwrap();
        let sent = sent.load(Ordering::Relaxed);
        assert!(sent < 2 * PADDING, "more than the first page: {sent}");
        cut += u32::from(!listing.complete && !listing.keys.is_empty());
    }
    assert!(cut > 0, "no list is long enough");
}

#[test]
fn tokens_that_keep_their_limit_are_judged() {
    let caught = caught_in(&made_up(), CARRIED, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn urls_that_are_followed_are_judged() {
    let caught = caught_in(&made_up(), FOLLOWED, &[]);
    assert!(caught > 30, "{caught}");
}

/// The counterexample with which the liar about a law is caught, where the honest server never shows it.
pub(crate) fn caught_though_unseen(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(CARRIED, &made_up());
    let found = verdict(law, &contract, &facts, &honest);
    assert!(matches!(found, Verdict::NotInForce { .. }), "{found:#?}");
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

/// Holds a server to a law whose cursors expire at every other request, with a fresh one in the refusal.
pub(crate) fn resumed(law: &'static Law) {
    let (contract, facts, honest) = mock(CARRIED, &made_up());
    let turn = AtomicU64::new(0);
    let server = |request: &Request| -> Result<Reply, Lost> {
        let sent = request
            .query()
            .into_iter()
            .find(|(name, _)| name == "token");
        let Some((_, token)) =
            sent.filter(|_| turn.fetch_add(1, Ordering::Relaxed).is_multiple_of(2))
        else {
            return honest.send(request);
        };
        let mut reply = honest.send(request)?;
        reply.status = 410;
        Ok(reply.with_json(&json!({ "next": token })))
    };
    let found = verdict(law, &contract, &facts, &server);
    assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
}

/// A server with an address.
struct Addressed<S>(S, &'static str);

impl<S: Subject> Subject for Addressed<S> {
    fn base(&self) -> Option<&str> {
        Some(self.1)
    }

    fn send(&self, request: &Request) -> Result<Reply, Lost> {
        self.0.send(request)
    }
}

/// As [`caught`], of a server with an address.
pub(crate) fn caught_at_its_address(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(URLS, &made_up());
    let honest = Addressed(honest, "http://127.0.0.1:4010/");
    let found = verdict(law, &contract, &facts, &honest);
    assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}
