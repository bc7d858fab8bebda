//! What looks like paging and is none, and what has another meaning than its name.

use openapi::Certainty::{Likely, Sure};
use serde_json::json;

use crate::{body, check, check_none, document, guess, operation, pins};

#[test]
fn envelopes_without_a_parameter() {
    check_none(
        &[],
        &body(&[
            "data: []",
            "has_more: boolean",
            "total: integer",
            "next_page: integer",
        ]),
    );
    check_none(&["limit: integer"], &pins());
    check_none(&["q: string"], &body(&["data: []", "next_cursor: string"]));
}

#[test]
fn times_that_filter() {
    for word in [
        "after: string/date-time",
        "since: string/date-time",
        "from: string/date",
        "before: string/date-time",
        "after: string: Created after this date",
        "start: integer: The Unix timestamp to begin at",
        "since: integer: In seconds since the epoch",
    ] {
        check_none(&[word, "limit: integer"], &pins());
        // Beside a real cursor they filter, too.
        let list = body(&["data: []", "next_cursor: string"]);
        check(
            &[word, "cursor: string"],
            &list,
            &[("/request/cursor/name", "cursor")],
            Sure,
        );
    }
}

#[test]
fn operations_that_are_no_lists() {
    let one = json!({ "type": "object", "properties": { "id": { "type": "string" }, "next_token": { "type": "string" } } });
    check_none(&["next_token: string", "per_page: integer"], &one);
    // A page of something else is embedded in a resource.
    let paths = json!({ "/albums/{id}": { "get": operation(&[], &body(&["tracks.items: []", "tracks.next: url"])) } });
    assert!(guess(&document(&paths)).is_none());
}

#[test]
fn parameters_that_are_copied_onto_everything() {
    let said = [
        "next_token: string: Where to start paging",
        "per_page: integer",
    ];
    let list = operation(&said, &pins());
    let other = operation(&said, &json!({ "type": "object", "properties": {} }));
    let alone = document(&json!({ "/pins": { "get": list } }));
    assert_eq!(guess(&alone).unwrap().0["next"]["link"], "next");
    let copied = document(&json!({ "/pins": { "get": list }, "/state": { "get": other } }));
    assert!(guess(&copied).is_none());
}

#[test]
fn words_with_another_meaning() {
    // A page that is a token, an offset that is a token, a next page that is true or false.
    let list = body(&["data: []", "next_page: string", "has_more: boolean"]);
    check(
        &["page: string: A cursor for the next page", "limit: integer"],
        &list,
        &[("/style", "token")],
        Sure,
    );
    let list = body(&["data: []", "next_page: boolean"]);
    check(
        &["page: integer", "limit: integer"],
        &list,
        &[("/style", "page"), ("/next/more", "$.next_page")],
        Sure,
    );
    // A count that is a flag, and one that is the size of a page.
    let list = body(&["data: []", "next_cursor: string"]);
    check(
        &["cursor: string", "count: boolean"],
        &list,
        &[("/request/limit", "null")],
        Sure,
    );
    check(
        &["cursor: string", "count: integer"],
        &list,
        &[("/request/limit/name", "count")],
        Sure,
    );
    // A URL that is the list's own.
    let list = body(&["data: []", "url: url", "has_more: boolean"]);
    check(&["after: string"], &list, &[("/next/url", "null")], Sure);
    // A token of the caller.
    check_none(
        &["token: string: Authentication token"],
        &body(&["data: []", "next_cursor: string"]),
    );
}

#[test]
fn two_dialects_on_one_operation() {
    let list = body(&["data: []", "next_marker: string", "total_count: integer"]);
    let words = [
        "usemarker: boolean",
        "marker: string",
        "offset: integer",
        "limit: integer",
    ];
    check(&words, &list, &[("/style", "offset")], Sure);
    check(&words[1..], &list, &[("/style", "token")], Sure);
}

#[test]
fn several_lists() {
    let two = ["cursor: string"];
    let list = body(&["pins: []", "boards: []", "next_cursor: string"]);
    check(&two, &list, &[("/items", "$.pins")], Sure);
    let list = body(&["warnings: []", "things: []", "next_cursor: string"]);
    check(&two, &list, &[("/items", "$.things")], Sure);
    let list = body(&["red: []", "blue: []", "next_cursor: string"]);
    check(&two, &list, &[], Likely);
}

#[test]
fn requests_that_write() {
    let mut list = operation(
        &["page: integer", "pageSize: integer"],
        &body(&["pins: []", "total: integer"]),
    );
    let paths = |path: &str, list: &serde_json::Value| document(&json!({ path: { "post": list } }));
    assert!(guess(&paths("/pins", &list)).is_none());
    assert!(guess(&paths("/pins/batchDelete", &list)).is_none());
    assert!(guess(&paths("/pins/search", &list)).is_some());
    let schema = json!({ "type": "object", "properties": { "pins": pins() } });
    list["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
    assert!(
        guess(&paths("/pins/search", &list)).is_none(),
        "the request holds the list"
    );
}

#[test]
fn what_only_an_example_shows_is_not_sure() {
    let mut list = operation(&["cursor: string", "limit: integer"], &body(&["pins: []"]));
    let example = json!({ "pins": [], "meta": { "next_cursor": "x" } });
    list["responses"]["200"]["content"]["application/json"]["example"] = example;
    let (found, sure) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    assert_eq!(found["next"]["cursor"], "$.meta.next_cursor");
    assert_eq!(sure, Likely);
}
