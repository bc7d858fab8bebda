//! How requests ask for pages: by counts, by values, forward and backward, each in a ten-line document.

use bytes::Bytes;
use fixtures::Scenario;
use http::{HeaderMap, Request};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{
    Contract, Document, Names, PageInfo, PageRequest, Parameter, Position, Reply, Source, Way,
};
use serde_json::{Value, json};

/// A list whose items have an integer and a text as keys; every parameter that a test may want is declared.
fn contract(pagination: &str) -> Contract {
    let text = format!(
        "
openapi: 3.1.0
paths:
  /rooms/{{room}}/log:
    get:
      parameters:
        - {{ name: room, in: path, required: true, schema: {{ type: integer, minimum: 1 }} }}
        - {{ name: size, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}
        - {{ name: last, in: query, schema: {{ type: integer, minimum: 1, maximum: 9 }} }}
        - {{ name: skip, in: query, schema: {{ type: integer, minimum: 0 }} }}
        - {{ name: after, in: query, schema: {{ type: string }} }}
        - {{ name: before, in: query, schema: {{ type: string }} }}
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }}, 422: {{ description: '' }} }}
      x-pagination: {{ items: $.rows, parent: {{ parameter: room }}, {pagination} }}
components:
  schemas:
    Page: {{ type: object, required: [rows], properties: {{ rows: {{ type: array, items: {{ $ref: '#/components/schemas/Row' }} }}, more: {{ type: boolean }}, newer: {{ type: boolean }}, total: {{ type: integer }}, next: {{ type: [string, 'null'] }}, previous: {{ type: [string, 'null'] }} }} }}
    Row: {{ type: object, required: [id, number, text], properties: {{ id: {{ type: string }}, number: {{ type: integer }}, text: {{ type: string }} }} }}
"
    );
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let contracts = document.contracts();
    contracts
        .unwrap_or_else(|problem| panic!("{problem:?}"))
        .remove(0)
}

const SIZE: &str = "limit: { in: query, name: size }";
const AFTER: &str = "cursor: { in: query, name: after }";
const BEFORE: &str = "backward: { cursor: { in: query, name: before } }";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A client of the longest list of a mock.
struct Client {
    contract: Contract,
    mock: Mock,
    room: String,
    events: u64,
}

struct Read {
    keys: Vec<String>,
    info: PageInfo,
    body: Value,
}

impl Client {
    fn new(pagination: &str) -> Self {
        let contract = contract(pagination);
        let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
        let plan = Plan::new(vec![contract.clone()], scenario, 1, now());
        let mock = Mock::new(plan.unwrap()).unwrap();
        let cards = mock.world().resources(now());
        let card = cards.iter().filter(|card| card.events < 90);
        let card = card.max_by_key(|card| card.events).unwrap().clone();
        Self {
            contract,
            room: card.id,
            events: card.events,
            mock,
        }
    }

    fn get(&self, query: &str) -> (u16, HeaderMap, Value) {
        let request = Request::get(format!("/rooms/{}/log?{query}", self.room));
        let answer = answer(&self.mock, &request.body(Bytes::new()).unwrap(), now());
        let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
        let body = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
        (status, headers, body)
    }

    fn page(&self, at: &Position, limit: u64) -> Read {
        let paging = self.contract.paging();
        let written = paging
            .write(at)
            .unwrap_or_else(|| panic!("{at:?} is not sent"));
        let limited = paging.limit_from(at).map(|one| (one, limit.to_string()));
        let pair = |(parameter, text): (&Parameter, String)| format!("{}={text}", parameter.name);
        let query: Vec<_> = written.into_iter().chain(limited).map(pair).collect();
        let query = query.join("&");
        let (status, headers, body) = self.get(&query);
        assert_eq!(status, 200, "{query}: {body}");
        assert_eq!(
            self.contract.body().violations(&body),
            [],
            "{query}: {body}"
        );
        let items = self.contract.items(&body).unwrap();
        let reply = Reply {
            headers: &headers,
            body: &body,
        };
        let request = PageRequest {
            at: at.clone(),
            limit: Some(limit),
            order: None,
        };
        Read {
            keys: items
                .iter()
                .map(|one| self.contract.key(one).unwrap())
                .collect(),
            info: paging.info(&reply, &request),
            body,
        }
    }

    /// All pages from here on, in the direction of the position.
    fn walk(&self, from: Position, limit: u64) -> Vec<Read> {
        let mut at = from;
        let mut pages = Vec::new();
        while pages.len() < 100 {
            let page = self.page(&at, limit);
            let next = page.info.next.clone();
            pages.push(page);
            match next {
                Way::To(next) => at = next,
                Way::End(_) | Way::Unsaid => return pages,
            }
        }
        panic!("the walk does not end");
    }

    /// The keys of the whole list, which every walk meets once.
    fn list(&self) -> Vec<String> {
        let walks = [1, 4, 9].map(|limit| joined(&self.walk(Position::Start, limit)));
        assert_eq!(walks[0], walks[1]);
        assert_eq!(walks[0], walks[2]);
        assert_eq!(walks[0].len() as u64, self.events);
        walks[0].clone()
    }
}

fn joined(pages: &[Read]) -> Vec<String> {
    pages.iter().flat_map(|page| page.keys.clone()).collect()
}

/// Walks forward, and backward from the end, in pages of several sizes.
fn both_ways(pagination: &str) {
    let client = Client::new(pagination);
    let list = client.list();
    let mut pages = client.walk(Position::Start, 4);
    // A full last page may be followed by one without items.
    pages.retain(|page| !page.keys.is_empty());
    let final_page = pages.pop().unwrap();
    // The last page says how to go back, or its first item does.
    let from = match final_page.info.previous {
        Way::To(from) => from,
        _ => client
            .contract
            .paging()
            .before(&final_page.keys[0])
            .unwrap(),
    };
    let before = list.len() - final_page.keys.len();
    for limit in [1, 3, 9] {
        let mut pages = client.walk(from.clone(), limit);
        assert!(pages[0].keys.ends_with(&list[before - 1..before]));
        pages.reverse();
        assert_eq!(joined(&pages), list[..before], "{pagination}, by {limit}");
    }
}

#[test]
fn an_offset_skips_exactly() {
    for (order, end) in [
        ("", ""),
        (
            ", order: { direction: descending }",
            ", totals: { items: $.total }",
        ),
        ("", ", next: { more: $.more }"),
        ("", ", end: { by: [empty-page] }"),
    ] {
        let client = Client::new(&format!(
            "style: offset, key: $.id, request: {{ offset: {{ in: query, name: skip }}, {SIZE} }}{order}{end}"
        ));
        let list = client.list();
        for (skipped, limit) in [(0, 2), (1, 2), (5, 9), (list.len() - 1, 3)] {
            let at = Position::Skip(skipped as u64);
            let keys = client.page(&at, limit).keys;
            let behind = list
                .iter()
                .skip(skipped)
                .take(usize::try_from(limit).unwrap());
            assert_eq!(keys, behind.cloned().collect::<Vec<_>>());
        }
        for far in [client.events, client.events + 1, 1_000_000_000, u64::MAX] {
            let (status, _, body) = client.get(&format!("skip={far}"));
            assert_eq!((status, &body["rows"]), (200, &json!([])), "{far}");
        }
        for wrong in ["-1", "x", "1.5", "18446744073709551616"] {
            assert_eq!(client.get(&format!("skip={wrong}")).0, 422, "{wrong}");
        }
    }
}

#[test]
fn keys_lead_both_ways() {
    for order in ["ascending", "descending"] {
        both_ways(&format!(
            "style: cursor, key: $.id, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: '$.rows[-1:].id', more: $.more }}, order: {{ direction: {order} }}"
        ));
    }
}

#[test]
fn a_page_that_starts_at_its_cursor_is_preceded_by_one_that_ends_at_it() {
    let client = Client::new(&format!(
        "style: cursor, key: $.number, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: $.next }}, cursor: {{ bound: inclusive }}, order: {{ by: $.number, direction: descending, strict: true }}"
    ));
    let list = client.list();
    let at = client.contract.paging().before(&list[5]).unwrap();
    assert_eq!(client.page(&at, 3).keys, list[3..6]);
}

#[test]
fn tokens_lead_both_ways() {
    for order in ["ascending", "descending"] {
        both_ways(&format!(
            "style: token, key: $.id, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: $.next, more: $.more }}, previous: {{ cursor: $.previous, more: $.newer }}, order: {{ direction: {order} }}"
        ));
    }
}

#[test]
fn a_limit_alone_may_ask_for_the_end() {
    let client = Client::new(&format!(
        "style: token, key: $.id, request: {{ {AFTER}, {SIZE}, backward: {{ cursor: {{ in: query, name: before }}, limit: {{ in: query, name: last }} }} }}, next: {{ cursor: $.next }}, previous: {{ cursor: $.previous }}"
    ));
    let list = client.list();
    let mut pages = client.walk(Position::End.before(), 4);
    assert_eq!(pages[0].keys, list[list.len() - 4..]);
    pages.reverse();
    assert_eq!(joined(&pages), list);
}

#[test]
fn one_flag_is_about_the_direction_of_the_request() {
    let client = Client::new(&format!(
        "style: cursor, key: $.id, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: '$.rows[-1:].id', more: $.more }}"
    ));
    let list = client.list();
    let before = |index: usize| client.contract.paging().before(&list[index]).unwrap();
    assert_eq!(client.page(&before(3), 3).body["more"], false);
    assert_eq!(client.page(&before(4), 3).body["more"], true);
    assert_eq!(client.page(&before(0), 3).keys, [""; 0]);
}

/// As in a feed of statuses: newest first, pages of older and of newer ones, from any number.
#[test]
fn any_value_is_a_place_where_cursors_are_compared() {
    for (key, order) in [
        ("id", "descending"),
        ("number", "descending"),
        ("id", "ascending"),
    ] {
        let pagination = format!(
            "style: cursor, key: $.{key}, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: '$.rows[-1:].{key}' }}, order: {{ by: $.{key}, direction: {order}, strict: true }}, cursor: {{ unknown: by-value }}"
        );
        both_ways(&pagination);
        let client = Client::new(&pagination);
        let list = client.list();
        let numbers: Vec<u64> = list.iter().map(|key| key.parse().unwrap()).collect();
        let is_behind = |number: u64, value: u64| match order {
            "descending" => number < value,
            _ => number > value,
        };
        let greatest = *numbers.iter().max().unwrap();
        for value in (0..=greatest + 2).chain([u64::MAX]) {
            let behind = list
                .iter()
                .zip(&numbers)
                .filter(|(_, one)| is_behind(**one, value));
            let behind: Vec<_> = behind.map(|(key, _)| key.clone()).take(4).collect();
            assert_eq!(
                client.page(&Position::After(value.to_string()), 4).keys,
                behind,
                "{value}"
            );
            let before = list.iter().zip(&numbers);
            let before = before.filter(|(_, one)| **one != value && !is_behind(**one, value));
            let before: Vec<_> = before.map(|(key, _)| key.clone()).collect();
            let nearest = before[before.len().saturating_sub(4)..].to_vec();
            let at = client.contract.paging().before(&value.to_string()).unwrap();
            assert_eq!(client.page(&at, 4).keys, nearest, "before {value}");
        }
        assert_eq!(
            client.page(&Position::After("x".to_owned()), 4).keys,
            [""; 0]
        );
    }
}

#[test]
fn two_places_at_once_are_refused() {
    let client = Client::new(&format!(
        "style: cursor, key: $.id, request: {{ {AFTER}, {BEFORE}, {SIZE} }}, next: {{ cursor: '$.rows[-1:].id' }}"
    ));
    assert_eq!(client.get("after=a&before=b").0, 422);
    assert_eq!(client.get("after=&before=").0, 200);
}

#[test]
fn a_limit_of_zero_leads_where_the_contract_says() {
    let answer = |zero: &str| {
        let client = Client::new(&format!(
            "style: offset, key: $.id, request: {{ offset: {{ in: query, name: skip }}, {SIZE} }}, limit: {{ {zero} }}"
        ));
        let (status, _, body) = client.get("size=0");
        (status, body["rows"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(answer("zero: none"), (200, 0));
    assert_eq!(answer("zero: default"), (200, 3));
    assert_eq!(answer("zero: refuse"), (422, 0));
    assert_eq!(answer("over: refuse"), (422, 0));
}

#[test]
fn items_without_a_key_are_told_apart_by_all_that_they_have() {
    let client = Client::new(&format!(
        "style: token, request: {{ {AFTER}, {SIZE} }}, next: {{ cursor: $.next }}"
    ));
    assert!(client.list()[0].starts_with(r#"{"id":"#));
}
