//! Lists without `x-pagination` are read by what they look like.

use openapi::{Contract, Document, Names, Source};
use serde_json::{Value, json};

fn document(paths: &Value) -> Document {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": paths,
    });
    Document::read(Source::new("d.json", document.to_string()), &[]).unwrap()
}

/// A document with one list: its parameters in the query as (name, type), and the fields of its 200 body.
fn list(parameters: &[(&str, &str)], body: &Value) -> Document {
    let parameters = parameters
        .iter()
        .map(|(name, kind)| json!({ "name": name, "in": "query", "schema": { "type": kind } }));
    let response =
        json!({ "description": "", "content": { "application/json": { "schema": body } } });
    document(&json!({ "/pins": { "get": {
        "operationId": "pins",
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": { "200": response },
    } } }))
}

fn pins() -> Value {
    json!({ "type": "array", "items": {
        "type": "object", "properties": { "id": { "type": "string" } },
    } })
}

fn envelope(fields: &Value) -> Value {
    let mut properties = fields.as_object().unwrap().clone();
    properties.insert("data".to_owned(), pins());
    json!({ "type": "object", "properties": properties })
}

/// The assumed list pages as this `x-pagination` says, which is given without its defaults.
fn check(parameters: &[(&str, &str)], body: &Value, expect: &Value) {
    let document = list(parameters, body);
    let assumed = document.assumed();
    let [contract] = assumed.as_slice() else {
        panic!("{parameters:?}: {assumed:?}");
    };
    let expect: openapi::Pagination = serde_json::from_value(expect.clone()).unwrap();
    assert_eq!(contract.pagination(), &expect, "{parameters:?}");
    assert!(!contract.reasons().is_empty());
    assert!(document.unread_paging(&assumed).is_none());
}

#[test]
fn a_cursor_is_the_last_key_or_a_token_that_the_body_hands_out() {
    let limit = json!({ "in": "query", "name": "limit" });
    let both = [("after", "string"), ("limit", "integer")];
    let cursor = json!({ "in": "query", "name": "after" });
    check(
        &both,
        &envelope(&json!({ "has_more": { "type": "boolean" }, "last_id": { "type": "string" } })),
        &json!({
            "style": "cursor", "items": "$.data", "key": "$.id",
            "request": { "cursor": cursor, "limit": limit },
            "next": {
                "cursor": "$.data[-1:].id", "more": "$.has_more",
                // The document does not say whether the flag is right.
                "trailing-empty-page": "allowed",
            },
            "echo": { "last": "$.last_id" },
        }),
    );
    let page = json!({ "type": "object", "properties": { "next_cursor": { "type": ["string", "null"] } } });
    check(
        &both,
        &envelope(&json!({ "page": page })),
        &json!({
            "style": "token", "items": "$.data", "key": "$.id",
            "request": { "cursor": cursor, "limit": limit },
            "next": { "cursor": "$.page.next_cursor" },
        }),
    );
    check(
        &both[..1],
        &pins(),
        &json!({
            "style": "cursor", "items": "$", "key": "$.id",
            "request": { "cursor": cursor }, "next": { "cursor": "$[-1:].id" },
        }),
    );
}

#[test]
fn a_page_is_counted_by_its_number() {
    check(
        &[("page", "integer"), ("per_page", "integer")],
        &pins(),
        &json!({
            "style": "page", "items": "$", "key": "$.id",
            "request": {
                "page": { "in": "query", "name": "page" },
                "limit": { "in": "query", "name": "per_page" },
            },
        }),
    );
}

#[test]
fn a_total_stays_where_the_limit_is_a_text() {
    check(
        &[("page", "integer"), ("count", "string")],
        &envelope(&json!({ "total": { "type": "integer" } })),
        &json!({
            "style": "page",
            "items": "$.data",
            "key": "$.id",
            "request": { "page": { "in": "query", "name": "page" } },
            "totals": { "items": "$.total" },
        }),
    );
}

#[test]
fn a_name_alone_is_not_enough() {
    let none = |parameters: &[(&str, &str)], body: &Value| {
        let document = list(parameters, body);
        assert!(document.assumed().is_empty(), "{parameters:?}");
        document
    };
    // A count that is no number, a page without a size, and a cursor that nothing hands out.
    none(&[("page", "string"), ("limit", "integer")], &pins());
    none(&[("page", "integer")], &pins());
    let unread = none(&[("cursor", "string")], &pins());
    let warning = unread.unread_paging(&[]).unwrap();
    assert!(
        warning.to_string().contains("`cursor` of GET /pins"),
        "{warning}"
    );
    // No list, a list of texts, items without a key, and two lists.
    none(&[("after", "string")], &json!({ "type": "object" }));
    none(
        &[("after", "string")],
        &json!({ "type": "array", "items": { "type": "string" } }),
    );
    none(
        &[("after", "string")],
        &json!({ "type": "array", "items": { "type": "object" } }),
    );
    let two = json!({ "type": "object", "properties": { "red": pins(), "blue": pins() } });
    none(&[("after", "string")], &two);
}

#[test]
fn an_unread_parameter_of_a_large_document_has_its_place() {
    let document = list(&[("cursor", "string")], &pins());
    let text = document.source().text();
    let long = format!(r#""title":"{}""#, "x".repeat(2 << 20));
    let large = text.replace(r#""title":"""#, &long);
    let document = Document::read(Source::new("d.json", large), &[]).unwrap();
    let place = document.unread_paging(&[]).unwrap().place().unwrap();
    let column = text.find(r#""name":"cursor""#).unwrap() + (2 << 20);
    assert!(place.starts_with("d.json:1:"), "{place}");
    let found: usize = place.rsplit(':').next().unwrap().parse().unwrap();
    assert!(found.abs_diff(column) < 10, "{place}, not {column}");
}

#[test]
fn a_time_filters_and_does_not_page() {
    let response =
        json!({ "description": "", "content": { "application/json": { "schema": pins() } } });
    let time = json!({ "name": "after", "in": "query", "schema": { "type": "string", "format": "date-time" } });
    let said = json!({ "name": "after", "in": "query", "description": "Created after this date", "schema": { "type": "string" } });
    for parameter in [time, said] {
        let paths = json!({ "/pins": { "get": { "parameters": [parameter], "responses": { "200": response } } } });
        assert!(document(&paths).assumed().is_empty());
    }
}

#[test]
fn what_the_document_says_goes_before_what_it_looks_like() {
    let response =
        json!({ "description": "", "content": { "application/json": { "schema": pins() } } });
    let operation = |id: &str| {
        json!({
            "operationId": id,
            "parameters": [{ "name": "after", "in": "query", "schema": { "type": "string" } }],
            "responses": { "200": response },
        })
    };
    let mut declared = operation("declared");
    declared["x-pagination"] = json!({
        "style": "token", "items": "$", "key": "$.id",
        "request": { "cursor": { "in": "query", "name": "after" } },
        "next": { "cursor": "$[-1:].id" },
    });
    let document = document(&json!({
        "/a": { "get": declared }, "/b": { "get": operation("b") }, "/c": { "get": operation("c") },
    }));
    let assumed = document.assumed();
    let names: Vec<_> = assumed.iter().map(Contract::name).collect();
    assert_eq!(names, ["d/b", "d/c"]);
    let all: Vec<_> = document
        .contracts()
        .unwrap()
        .into_iter()
        .chain(assumed)
        .collect();
    let names = Names::of(&all);
    assert_eq!(
        names.find("d"),
        Ok(0),
        "the short form is that of the declared one"
    );
    assert!(Names::of(&all[1..]).find("d").is_err());
}

#[test]
fn of_two_lists_with_one_name_the_first_is_taken() {
    let response =
        json!({ "description": "", "content": { "application/json": { "schema": pins() } } });
    let list = json!({
        "operationId": "pins",
        "parameters": [{ "name": "after", "in": "query", "schema": { "type": "string" } }],
        "responses": { "200": response },
    });
    let document = document(&json!({ "/a": { "get": list }, "/b": { "get": list } }));
    let paths: Vec<_> = document
        .assumed()
        .iter()
        .map(|one| one.operation().path.to_string())
        .collect();
    assert_eq!(paths, ["/a"]);
}
