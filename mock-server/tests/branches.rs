//! Lists whose places are declared in branches of `allOf`, `anyOf` and `oneOf`.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// All pages of a list with this schema of its body and this place of the next cursor, walked two by two.
fn pages(body: &Value, next: &str, schemas: &Value) -> Vec<Value> {
    let query =
        |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let site = |name: &str| json!({ "in": "query", "name": name });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": { "/pins": { "get": {
            "parameters": [
                query("after", json!({ "type": "string" })),
                query("limit", json!({ "type": "integer", "minimum": 1, "maximum": 5 })),
            ],
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": body } } } },
            "x-pagination": {
                "style": "cursor", "items": "$.data", "key": "$.id",
                "request": { "cursor": site("after"), "limit": site("limit") },
                "next": { "cursor": next },
            },
        } } },
        "components": { "schemas": schemas },
    });
    let document = Document::read(Source::new("d.json", document.to_string()), &[]).unwrap();
    let schema = document.contracts().unwrap()[0].body().clone();
    let scenario = Scenario::read(Source::new(
        "s.yaml",
        "owners: [{ name: mia, token: mia-1 }]",
    ));
    let plan = Plan::of(&[document], scenario.unwrap(), 1, now()).unwrap();
    let mock = Mock::new(plan).unwrap();
    let next: openapi::Selector = next.parse().unwrap();
    let mut pages = Vec::new();
    let mut target = "/pins?limit=2".to_owned();
    for _ in 0..50 {
        let request = Request::get(&target).body(Bytes::new()).unwrap();
        let answer = answer(&mock, &request, now());
        assert_eq!(answer.status, 200, "{target}");
        let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
        assert_eq!(schema.violations(&page), [], "{page}");
        let cursor = next
            .get(&page)
            .and_then(Value::as_str)
            .map(ToOwned::to_owned);
        let is_empty = page["data"].as_array().is_none_or(Vec::is_empty);
        pages.push(page);
        match cursor.filter(|_| !is_empty) {
            Some(cursor) => target = format!("/pins?limit=2&after={cursor}"),
            None => return pages,
        }
    }
    pages
}

fn check(body: &Value, next: &str, schemas: &Value) -> Vec<Value> {
    let pages = pages(body, next, schemas);
    let items = pages
        .iter()
        .flat_map(|page| page["data"].as_array().cloned().unwrap_or_default());
    let items: Vec<Value> = items.collect();
    let mut keys: Vec<_> = items.iter().map(|item| item["id"].to_string()).collect();
    assert!(keys.len() > 3, "{pages:?}");
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), items.len(), "an item is repeated");
    items
}

#[test]
fn a_branch_that_refines_the_items_of_another_is_obeyed() {
    let schemas = json!({
        "Collection": { "type": "object", "required": ["data"], "properties": {
            "data": { "type": "array", "items": { "type": "object" } },
        } },
        "Pin": { "type": "object", "required": ["id", "colour"], "properties": {
            "id": { "type": "string" }, "colour": { "enum": ["red", "blue"] },
        } },
    });
    let refined =
        json!({ "properties": { "data": { "items": { "$ref": "#/components/schemas/Pin" } } } });
    let body = json!({ "allOf": [{ "$ref": "#/components/schemas/Collection" }, refined] });
    let items = check(&body, "$.data[-1:].id", &schemas);
    assert!(items.iter().all(|item| item["colour"].is_string()));
}

#[test]
fn items_that_may_be_of_several_kinds_are_valid() {
    let kind = |kind: &str| {
        json!({ "type": "object", "required": ["id", "kind"], "properties": {
        "id": { "type": "string" }, "kind": { "const": kind },
    } })
    };
    let schemas = json!({ "Red": kind("red"), "Blue": kind("blue") });
    let either = json!({ "oneOf": [
        { "$ref": "#/components/schemas/Red" }, { "$ref": "#/components/schemas/Blue" },
    ] });
    let body = json!({ "type": "object", "required": ["data"], "properties": {
        "data": { "type": "array", "items": either },
    } });
    let items = check(&body, "$.data[-1:].id", &schemas);
    assert!(items.iter().all(|item| item["kind"].is_string()));
}

#[test]
fn a_cursor_may_stand_in_an_object_that_may_be_null() {
    let paging =
        json!({ "type": "object", "properties": { "next": { "type": ["string", "null"] } } });
    let body = json!({ "type": "object", "required": ["data"], "properties": {
        "data": { "type": "array", "items": {
            "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
        } },
        "paging": { "anyOf": [{ "$ref": "#/components/schemas/Paging" }, { "type": "null" }] },
    } });
    check(&body, "$.paging.next", &json!({ "Paging": paging }));
}
