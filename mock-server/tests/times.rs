//! Items of a made-up list say when they were made, in the order of the list.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::Value;

/// The page of a list whose items have `property`, and a text that only a search finds.
fn page(property: &str) -> Vec<Value> {
    let name = property.split(':').next().unwrap();
    let document = format!(
        "
openapi: 3.1.0
paths:
  /rows:
    get:
      parameters: [{{ name: after, in: query, schema: {{ type: string }} }}]
      responses: {{ 200: {{ content: {{ application/json: {{ schema: {{ type: object, required: [data, more], properties: {{ more: {{ type: boolean }}, data: {{ type: array, items: {{ $ref: '#/components/schemas/Row' }} }} }} }} }} }} }} }}
      x-pagination: {{ style: cursor, items: $.data, key: $.id, request: {{ cursor: {{ in: query, name: after }} }}, next: {{ cursor: '$.data[-1:].id', more: $.more }} }}
components:
  schemas:
    Row:
      type: object
      required: [id, {name}, code]
      properties: {{ id: {{ type: string }}, code: {{ type: string, pattern: '^[a-z]{{3}}-[0-9]{{4}}$' }}, {property} }}
"
    );
    let document = Document::read(Source::new("rows.yaml", document), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let plan = Plan::of(&[document], scenario, 1, now).unwrap();
    let mock = Mock::new(plan).unwrap();
    let request = Request::get("/rows").body(Bytes::new()).unwrap();
    let answer = answer(&mock, &request, now);
    assert_eq!(answer.status, 200, "{property}");
    let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
    page["data"].as_array().unwrap().clone()
}

#[test]
fn times_of_creation_follow_the_order() {
    for property in [
        "created_at: { type: string, format: date-time }",
        "createdAt: { type: [string, 'null'], format: date-time, readOnly: true }",
        "created: { type: integer, format: unix-time }",
    ] {
        let name = property.split(':').next().unwrap();
        let rows = page(property);
        let times: Vec<_> = rows.iter().map(|row| row[name].to_string()).collect();
        assert!(times.len() > 2, "{property}: {times:?}");
        assert!(times.is_sorted(), "{property}: {times:?}");
        assert_ne!(times.first(), times.last(), "{property}");
    }
}

#[test]
fn a_time_with_bounds_of_its_own_keeps_them() {
    let rows = page("created: { type: integer, format: unix-time, maximum: 5 }");
    assert!(rows.len() > 2);
    assert!(rows.iter().all(|row| row["created"].as_i64() <= Some(5)));
}
