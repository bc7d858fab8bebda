//! What a page says of other pages and of the whole list, as clients read it.

use bytes::Bytes;
use fixtures::Scenario;
use http::{HeaderMap, Request};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::{Value, json};

/// A list that anyone with a key in the query may read, and the operation that reads one row.
fn mock(answer: &str, pagination: &str) -> Mock {
    let text = format!(
        "
openapi: 3.1.0
security: [{{ key: [] }}]
paths:
  /rooms/{{room}}/log:
    get:
      operationId: log
      parameters: [{{ name: room, in: path, required: true, schema: {{ type: integer, minimum: 1 }} }}, {{ name: size, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}, {{ name: page, in: query, schema: {{ type: integer }} }}, {{ name: tag, in: query, schema: {{ type: array, items: {{ type: string }} }} }}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {answer} }} }} }} }}
      x-pagination: {{ key: $.id, parent: {{ parameter: room }}, style: page, request: {{ page: {{ in: query, name: page }}, limit: {{ in: query, name: size }} }}, {pagination} }}
  /rooms/{{room}}/log/{{row}}:
    get:
      operationId: readRow
      parameters: [{{ name: room, in: path, required: true, schema: {{ type: integer, minimum: 1 }} }}, {{ name: row, in: path, required: true, schema: {{ type: string }} }}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Row' }} }} }} }}, 404: {{ description: '' }} }}
components:
  securitySchemes: {{ key: {{ type: apiKey, in: query, name: key }} }}
  schemas:
    Row: {{ type: object, required: [id, text], properties: {{ id: {{ type: string }}, text: {{ type: string }} }} }}
"
    );
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let scenario = Scenario::bundled()
        .unwrap()
        .limited_to(&openapi::Names::of([]));
    let plan = Plan::new(document.contracts().unwrap(), scenario, 1, now());
    Mock::new(plan.unwrap()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// The answer to a request for the longest list, whose path is `{}` in the target.
fn get(mock: &Mock, target: &str) -> (u16, HeaderMap, Value) {
    let cards = mock.world().resources(now());
    let longest = cards.iter().max_by_key(|card| card.events).unwrap();
    let token = mock
        .world()
        .owners()
        .find(|(name, _)| *name == longest.owner);
    let target = target.replace("{}", &format!("/rooms/{}/log", longest.id));
    let mark = if target.contains('?') { '&' } else { '?' };
    let target = format!("{target}{mark}key={}", token.unwrap().1);
    let request = Request::get(&target).header("host", "mock.example:99");
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now());
    let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
    let body = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
    (status, headers, body)
}

const ROWS: &str = "{ type: array, items: { $ref: '#/components/schemas/Row' } }";

fn in_body(next: &str) -> Mock {
    let answer = format!(
        "{{ type: object, required: [rows, count], properties: {{ count: {{ type: integer }}, pages: {{ type: string }}, rows: {ROWS}, next: {next} }} }}"
    );
    mock(
        &answer,
        "items: $.rows, next: { url: $.next }, totals: { items: $.count, pages: $.pages }, item: { operation: readRow }",
    )
}

#[test]
fn a_url_leads_back_to_the_host_and_keeps_all_but_the_place_and_the_key() {
    let mock = in_body("{ type: [string, 'null'], format: uri }");
    let (status, _, body) = get(&mock, "{}?tag=a&size=1&page=1&tag=b%2Cc");
    assert_eq!(status, 200, "{body}");
    let next = body["next"].as_str().unwrap();
    let (path, query) = next.split_once('?').unwrap();
    assert!(path.starts_with("http://mock.example:99/rooms/"), "{next}");
    assert_eq!(query, "tag=a&size=1&tag=b%2Cc&page=2");
}

#[test]
fn a_url_is_well_formed_whatever_the_request_has_in_its_query() {
    let mock = in_body("{ type: [string, 'null'], format: uri }");
    let sent = [
        "tag[]=a",
        "tag={}",
        "tag=a|b",
        "tag=%zz",
        "tag=\u{fc}",
        "tag=a\\",
    ];
    for query in sent {
        let (status, _, body) = get(&mock, &format!("{{}}?{query}&size=1"));
        let next = body["next"].as_str().unwrap_or_default();
        assert!(
            next.starts_with("http://mock.example:99/"),
            "{query}: {status}, {body}"
        );
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>[\\]^`{|}".contains(&byte);
        assert!(next.bytes().all(is_allowed), "{next}");
        let again = next.split_once(":99").unwrap().1;
        let (status, _, page) = get(&mock, again);
        assert_eq!(status, 200, "{next}");
        assert_ne!(body["rows"], page["rows"], "{next}");
    }
}

#[test]
fn a_url_is_relative_where_its_example_is() {
    let mock = in_body("{ type: string, example: /rooms/1/log }");
    let (_, _, body) = get(&mock, "{}?size=1");
    assert!(
        body["next"].as_str().unwrap().starts_with("/rooms/"),
        "{body}"
    );
}

/// The member `next` of a page without items; `None` if it is left out.
fn end_of(next: &str, place: &str, required: &str) -> Option<Value> {
    let answer = format!(
        "{{ type: object, required: [rows{required}], properties: {{ rows: {ROWS}, next: {next} }} }}"
    );
    let mock = mock(&answer, &format!("items: $.rows, next: {{ url: {place} }}"));
    let (status, _, body) = get(&mock, "{}?size=9&page=900");
    assert_eq!(status, 200, "{body}");
    body.get("next").cloned()
}

#[test]
fn the_end_is_said_as_the_schema_allows() {
    // Clients may need the member: they read it before they compare it with null.
    assert_eq!(
        end_of("{ type: [string, 'null'] }", "$.next", ""),
        Some(json!(null))
    );
    let required = ", next";
    assert_eq!(
        end_of("{ type: [string, 'null'] }", "$.next", required),
        Some(json!(null))
    );
    assert_eq!(end_of("{ type: string }", "$.next", ""), None);
    assert_eq!(
        end_of("{ type: string }", "$.next", required),
        Some(json!(""))
    );
    let inner = "properties: { href: { type: string }, title: { type: string } }";
    let object = format!("{{ type: object, required: [href], {inner} }}");
    assert_eq!(end_of(&object, "$.next.href", ""), None);
    let nullable = format!("{{ type: [object, 'null'], {inner} }}");
    assert_eq!(
        end_of(&nullable, "$.next.href", required),
        Some(json!(null))
    );
}

#[test]
fn totals_do_not_depend_on_the_page() {
    let mock = in_body("{ type: string }");
    let (_, _, first) = get(&mock, "{}?size=2");
    let (_, _, beyond) = get(&mock, "{}?size=2&page=900");
    let count = first["count"].as_u64().unwrap();
    assert!(count > 2, "{first}");
    assert_eq!(first["pages"], count.div_ceil(2).to_string());
    assert_eq!(
        [&first["count"], &first["pages"]],
        [&beyond["count"], &beyond["pages"]]
    );
}

#[test]
fn links_are_parted_by_a_comma_and_a_space() {
    let mock = mock(
        ROWS,
        "items: $, next: { link: next }, totals: { header: X-Total-Count, link: last }",
    );
    let (_, headers, body) = get(&mock, "{}?size=1&page=2");
    let link = headers["link"].to_str().unwrap();
    let relations: Vec<_> = link
        .split(", ")
        .map(|link| link.split_once("; ").unwrap().1)
        .collect();
    let expect = [
        "rel=\"first\"",
        "rel=\"prev\"",
        "rel=\"next\"",
        "rel=\"last\"",
    ];
    assert_eq!(relations, expect, "{link}");
    assert_eq!(body.as_array().unwrap().len(), 1);
    assert!(
        headers["x-total-count"]
            .to_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
            > 2
    );
}

#[test]
fn an_item_is_read_alone_by_its_key() {
    let mock = in_body("{ type: string }");
    let (_, _, page) = get(&mock, "{}?size=2");
    let row = &page["rows"][1];
    let (status, _, alone) = get(&mock, &format!("{{}}/{}", row["id"].as_str().unwrap()));
    assert_eq!((status, &alone), (200, row));
    let (status, _, _) = get(&mock, "{}/01KBRK6S80ZX8Q9V7T5R3P1N0M");
    assert_eq!(status, 404);
}
