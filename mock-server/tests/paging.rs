//! The mock in each dialect of paging: a ten-line document, walked as a client would walk it.

use std::collections::HashSet;

use bytes::Bytes;
use fixtures::Scenario;
use http::{HeaderMap, Request};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Contract, Document, Location, PageRequest, Position, Reply, Role, Source, Way};
use serde_json::{Value, json};

/// A list whose request and answer are said by `pagination`, `parameters` and `body`.
fn contract(pagination: &str, parameters: &str, body: &str) -> Contract {
    let text = format!(
        "
openapi: 3.1.0
paths:
  /rooms/{{room}}/log:
    get:
      operationId: log
      parameters: [{{ name: room, in: path, required: true, schema: {{ type: integer, minimum: 1 }} }}, {{ name: size, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}{parameters}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {body} }} }} }}, 422: {{ description: '' }} }}
      x-pagination: {{ key: $.id, parent: {{ parameter: room }}, {pagination} }}
components:
  schemas:
    Row: {{ type: object, required: [id, text], properties: {{ id: {{ type: string }}, text: {{ type: string }} }} }}
"
    );
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    document.contracts().unwrap().remove(0)
}

const ROWS: &str = "{ type: array, items: { $ref: '#/components/schemas/Row' } }";

fn token(order: &str) -> Contract {
    let body = format!(
        "{{ type: object, required: [rows], properties: {{ rows: {ROWS}, next: {{ type: [string, 'null'] }} }} }}"
    );
    let pagination = format!(
        "style: token, items: $.rows, request: {{ cursor: {{ in: query, name: token }}, limit: {{ in: query, name: size }} }}, next: {{ cursor: $.next }}{order}"
    );
    let parameters = ", { name: token, in: query, schema: { type: string } }";
    contract(&pagination, parameters, &body)
}

fn page(next: &str) -> Contract {
    let pagination = format!(
        "style: page, items: $, request: {{ page: {{ in: query, name: page }}, limit: {{ in: query, name: size }} }}{next}"
    );
    let parameters = ", { name: page, in: query, schema: { type: integer } }";
    contract(&pagination, parameters, ROWS)
}

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(contract: &Contract) -> Mock {
    let scenario = Scenario::bundled()
        .unwrap()
        .limited_to(&openapi::Names::of([]));
    let plan = Plan::new(vec![contract.clone()], scenario, 1, now());
    Mock::new(plan.unwrap()).unwrap()
}

fn get(mock: &Mock, target: &str) -> (u16, HeaderMap, Value) {
    let request = Request::get(target).header("host", "mock.example:99");
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now());
    let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
    let body = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
    (status, headers, body)
}

fn target(contract: &Contract, id: &str, at: &Position, limit: u64) -> String {
    let path = contract.operation().path.expand(|_| id.to_owned());
    let mut target = format!("{path}?size={limit}");
    for (place, text) in contract.paging().write(at).unwrap() {
        assert_eq!(place.location, Location::Query);
        target += &format!("&{}={text}", place.name);
    }
    target
}

/// Walks every resource: every page suits the document, and each item is met once.
fn walk(contract: &Contract) {
    let mock = mock(contract);
    for card in mock.world().resources(now()) {
        let mut seen = HashSet::new();
        let mut at = Position::Start;
        for _ in 0..100 {
            let target = target(contract, &card.id, &at, 2);
            let (status, headers, body) = get(&mock, &target);
            assert_eq!(status, 200, "{target}: {body}");
            assert_eq!(contract.body().violations(&body), [], "{target}: {body}");
            for item in contract.items(&body).unwrap() {
                assert!(seen.insert(contract.key(item).unwrap()), "{target}");
            }
            let reply = Reply {
                headers: &headers,
                body: &body,
            };
            let request = PageRequest {
                at,
                limit: Some(2),
                ..PageRequest::default()
            };
            assert_eq!(contract.paging().disagreement(&reply, &request), None);
            match contract.paging().info(&reply, &request).next {
                Way::To(next) => at = next,
                Way::End(_) | Way::Unsaid => break,
            }
            if seen.len() > 40 {
                break;
            }
        }
        let all = seen.len() as u64 == card.events || seen.len() > 40;
        assert!(all, "{} of {card:?}", seen.len());
    }
}

#[test]
fn tokens_lead_through_the_list() {
    walk(&token(""));
    walk(&token(", order: { direction: descending }"));
}

#[test]
fn page_numbers_and_their_links_lead_through_the_list() {
    walk(&page(", next: { link: next }"));
    let newest_first = ", next: { link: next }, order: { direction: descending }";
    walk(&page(newest_first));
    walk(&page(", next: { link: next }, page: { first: 0 }"));
}

#[test]
fn pages_may_be_counted_by_the_client() {
    walk(&page(""));
}

#[test]
fn links_lead_back_to_where_the_client_called() {
    let contract = page(", next: { link: next }");
    let mock = mock(&contract);
    let cards = mock.world().resources(now());
    let card = cards.iter().find(|card| card.events > 4).unwrap();
    let (_, headers, _) = get(&mock, &target(&contract, &card.id, &Position::Start, 2));
    let link = headers[http::header::LINK].to_str().unwrap();
    let next = format!(
        "<http://mock.example:99/rooms/{}/log?size=2&page=2>",
        card.id
    );
    assert!(link.starts_with(&next), "{link}");
}

/// A token of another resource, a forged one, and one with a letter changed name nothing.
#[test]
fn a_token_that_was_not_handed_out_here_leads_nowhere() {
    let contract = token("");
    let mock = mock(&contract);
    let cards = mock.world().resources(now());
    let long: Vec<_> = cards.iter().filter(|card| card.events > 3).collect();
    let (one, other) = (&long[0].id, &long[1].id);
    let (_, _, body) = get(&mock, &target(&contract, one, &Position::Start, 2));
    let token = body["next"].as_str().unwrap().to_owned();
    let (_, _, own) = get(
        &mock,
        &target(&contract, one, &Position::Token(token.clone()), 2),
    );
    assert_eq!(own["rows"].as_array().unwrap().len(), 2);
    let last = if token.ends_with('0') { "1" } else { "0" };
    let edited = format!("{}{last}", &token[..token.len() - 1]);
    for (id, token) in [(other, token), (one, edited), (one, "forged".to_owned())] {
        let (status, _, body) = get(&mock, &target(&contract, id, &Position::Token(token), 2));
        assert_eq!((status, &body["rows"]), (200, &json!([])));
    }
}

#[test]
fn what_is_no_page_number_is_refused() {
    let contract = page("");
    let mock = mock(&contract);
    let id = mock.world().resources(now())[0].id.clone();
    assert!(contract.paging().parameter(Role::Page).is_some());
    for wrong in ["0", "-1", "two", "1.5"] {
        let (status, _, _) = get(&mock, &format!("/rooms/{id}/log?page={wrong}"));
        assert_eq!(status, 422, "{wrong}");
    }
}

#[test]
fn a_limit_above_the_maximum_is_clamped_where_the_contract_says_so() {
    let contract = token(", limit: { over: clamp }");
    let mock = mock(&contract);
    let cards = mock.world().resources(now());
    let card = cards.iter().max_by_key(|card| card.events).unwrap();
    let most = usize::try_from(card.events.min(9)).unwrap();
    let rows = |size: &str| {
        let (status, _, body) = get(&mock, &format!("/rooms/{}/log?size={size}", card.id));
        (status, body["rows"].as_array().map_or(0, Vec::len))
    };
    for above in ["9", "10", "18446744073709551616"] {
        assert_eq!(rows(above), (200, most), "{above}");
    }
    for wrong in ["0", "-1", "ten"] {
        assert_eq!(rows(wrong), (422, 0), "{wrong}");
    }
}

/// The cursor may stand in the body of a request that asks for a list.
#[test]
fn a_place_in_the_body_is_read() {
    let text = "
openapi: 3.1.0
paths:
  /search:
    post:
      requestBody: { content: { application/json: { schema: { properties: { page: { properties: { after: { type: string }, size: { type: integer, default: 3 } } } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, next: { type: string } } } } } }, 422: { description: '' } }
      x-pagination: { style: token, items: $.rows, key: $.id, request: { cursor: { in: body, at: /page/after }, limit: { in: body, at: /page/size } }, next: { cursor: $.next } }
";
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let contract = document.contracts().unwrap().remove(0);
    let mock = mock(&contract);
    let post = |body: &Value| {
        let request = Request::post("/search").body(Bytes::from(body.to_string()));
        let answer = answer(&mock, &request.unwrap(), now());
        let status = answer.status.as_u16();
        let body: Value = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
        (status, body)
    };
    let (_, first) = post(&json!({ "page": { "size": 2 } }));
    let rows = first["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let (_, second) = post(&json!({ "page": { "size": 4, "after": first["next"] } }));
    let rows_behind = second["rows"].as_array().unwrap();
    assert_eq!(rows_behind.len(), 4);
    assert!(rows_behind.iter().all(|row| !rows.contains(row)));
    assert_eq!(post(&json!({ "page": { "size": "2" } })).0, 422);
}
