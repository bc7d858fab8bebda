//! Documents without a scenario, which page in other dialects.

use std::collections::HashSet;

use bytes::Bytes;
use fixtures::Scenario;
use http::{Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Contract, Document, Source};
use serde_json::{Value, json};

/// A document of one paged operation; `operation` and `item` replace what a dialect has of its own.
fn document(operation: &Value, item: &Value, body: &Value) -> Vec<Contract> {
    let mut paths = json!({ "/things/{thing}/entries": { "get": {
        "operationId": "list",
        "security": [{ "key": [] }],
        "parameters": [
            { "name": "thing", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } },
            { "name": "from", "in": "query", "schema": { "type": "string" } },
            { "name": "size", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 7, "default": 3 } },
            { "name": "colour", "in": "query", "required": true, "schema": { "enum": ["red", "green"] } },
        ],
        "responses": {
            "200": { "description": "", "content": { "application/json": { "schema": body } } },
            "400": { "description": "", "content": { "application/json": { "schema": {
                "type": "object", "properties": { "code": { "type": "integer", "minimum": 400, "maximum": 499 } },
                "required": ["code"],
            } } } },
        },
    } } });
    let get = paths["/things/{thing}/entries"]["get"]
        .as_object_mut()
        .unwrap();
    get.extend(operation.as_object().unwrap().clone());
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": paths,
        "components": {
            "schemas": { "Entry": item },
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" } },
        },
    });
    let source = Source::new("own.json", document.to_string());
    Document::read(source, &[]).unwrap().contracts().unwrap()
}

fn entry() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "minLength": 30, "maxLength": 40 },
            "id": { "type": "string" },
            "size": { "type": "number", "exclusiveMinimum": 0, "maximum": 1 },
            "even": { "type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2 },
            "when": { "type": "string", "format": "date-time" },
            "mail": { "type": "string", "format": "email" },
            "either": { "oneOf": [{ "type": "integer", "maximum": 0 }, { "type": "string", "minLength": 1 }] },
            "parts": { "type": "array", "minItems": 2, "maxItems": 3, "items": { "$ref": "#/components/schemas/Entry" } },
            "both": { "allOf": [
                { "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] },
                { "type": "object", "properties": { "a": { "minimum": 5, "maximum": 6 }, "b": { "const": "b" } }, "required": ["b"] },
            ] },
        },
        "required": ["id", "size"],
        "additionalProperties": false,
    })
}

fn body() -> Value {
    json!({
        "type": "object",
        "properties": {
            "page": {
                "type": "object",
                "properties": {
                    "entries": { "type": "array", "items": { "$ref": "#/components/schemas/Entry" } },
                    "cursor": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
                },
                "required": ["entries", "cursor"],
            },
            "thing": { "type": "integer" },
        },
        "required": ["page", "thing"],
    })
}

fn pagination() -> Value {
    json!({ "x-pagination": {
        "style": "cursor",
        "items": "$.page.entries",
        "key": "$.id",
        "request": { "cursor": { "in": "query", "name": "from" }, "limit": { "in": "query", "name": "size" } },
        "next": { "cursor": "$.page.cursor" },
        "parent": { "parameter": "thing", "echo": "$.thing" },
    } })
}

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(contracts: Vec<Contract>) -> Mock {
    let scenario = Scenario::bundled()
        .unwrap()
        .limited_to(&openapi::Names::of([]));
    Mock::new(Plan::new(contracts, scenario, 1, now()).unwrap()).unwrap()
}

fn get(mock: &Mock, target: &str) -> (StatusCode, Value) {
    let request = Request::get(target).header("x-key", "token-of-ada");
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now());
    let status = answer.status;
    (
        status,
        serde_json::from_slice(&answer.into_bytes()).unwrap(),
    )
}

/// Walks every job of the first owner by the cursor that each page hands out: every page suits the
/// document, and each event is met once.
fn walk(contracts: Vec<Contract>) {
    let contract = contracts[0].clone();
    let mock = mock(contracts);
    let jobs = mock.world().resources(now());
    assert!(jobs.len() > 8, "{jobs:?}");
    for job in jobs.iter().filter(|job| job.owner == "ada") {
        let mut seen = HashSet::new();
        let mut from = String::new();
        loop {
            let target = format!("/things/{}/entries?colour=red{from}", job.id);
            let (status, page) = get(&mock, &target);
            assert_eq!(status, 200, "{target}: {page}");
            assert_eq!(contract.body().violations(&page), [], "{target}: {page}");
            let items = contract.items(&page).unwrap();
            assert!(items.len() <= 3);
            for item in items {
                assert!(seen.insert(contract.key(item).unwrap()), "{target}");
            }
            match page["page"].get("cursor") {
                Some(Value::String(next)) if !items.is_empty() => from = format!("&from={next}"),
                Some(Value::Number(next)) if !items.is_empty() => from = format!("&from={next}"),
                _ => break,
            }
        }
        assert_eq!(seen.len() as u64, job.events, "{job:?}");
    }
}

#[test]
fn a_cursor_beside_the_items_ends_with_nothing() {
    walk(document(&pagination(), &entry(), &body()));
}

#[test]
fn a_scheme_whose_name_cannot_be_sent_counts_as_a_bearer_token() {
    let known = document(&pagination(), &entry(), &body());
    let mut text = known[0].document().at("#").unwrap().clone();
    text["components"]["securitySchemes"]["key"] = json!({ "type": "http", "scheme": "É" });
    let source = Source::new("own.json", text.to_string());
    let read = Document::read(source, &[]).unwrap();
    let mock = mock(read.contracts().unwrap());
    let request = Request::get("/things/1/entries?colour=red").body(Bytes::new());
    let answer = answer(&mock, &request.unwrap(), now());
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
}

#[test]
fn the_newest_may_come_first() {
    let mut operation = pagination();
    operation["x-pagination"]["order"] = json!({ "direction": "descending" });
    walk(document(&operation, &entry(), &body()));
}

#[test]
fn a_cursor_may_name_the_first_item_of_the_next_page() {
    let mut operation = pagination();
    operation["x-pagination"]["cursor"] = json!({ "bound": "inclusive" });
    walk(document(&operation, &entry(), &body()));
}

#[test]
fn integer_keys_are_sequence_numbers() {
    let mut item = entry();
    item["properties"]["id"] = json!({ "type": "integer" });
    let mut body = body();
    body["properties"]["page"]["properties"]["cursor"] = json!({ "type": ["integer", "null"] });
    walk(document(&pagination(), &item, &body));
}

#[test]
fn a_refusal_without_an_example_suits_its_schema() {
    let contracts = document(&pagination(), &entry(), &body());
    let schema = contracts[0].refusal(400).unwrap().schema.clone().unwrap();
    let mock = mock(contracts);
    for query in ["", "?colour=blue", "?colour=red&size=0"] {
        let (status, body) = get(&mock, &format!("/things/1/entries{query}"));
        assert_eq!(status, 400, "{query}");
        assert!(schema.is_valid(&body), "{body}");
    }
}

#[test]
fn an_unknown_cursor_is_refused_where_the_contract_says_so() {
    let mut operation = pagination();
    operation["x-pagination"]["cursor"] = json!({ "unknown": 400 });
    let mock = mock(document(&operation, &entry(), &body()));
    let id = &mock.world().resources(now())[0].id;
    let target = format!("/things/{id}/entries?colour=red&from=nobody");
    assert_eq!(get(&mock, &target).0, 400);
}

#[test]
fn an_endless_schema_is_refused_alone() {
    let mut item = entry();
    item["required"] = json!(["id", "size", "parts"]);
    let mock = mock(document(&pagination(), &item, &body()));
    let (status, body) = get(&mock, "/things/1/entries?colour=red");
    assert_eq!(status, 501, "{body}");
    assert!(mock.world().defect(0).is_some());
}
