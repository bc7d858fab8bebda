//! The words of others are certain, and go before what a list looks like.

use openapi::Certainty;
use serde_json::{Value, json};

use crate::{body, document, guess, operation};

/// With this member, the list at `/pins` is guessed to have these members.
fn check(words: &[&str], fields: &[&str], extension: &(&str, Value), expect: &[(&str, &str)]) {
    let mut list = operation(words, &body(fields));
    list[extension.0] = extension.1.clone();
    let (found, certainty) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    for (at, expect) in expect {
        let found = found.pointer(at).and_then(Value::as_str);
        assert_eq!(found, Some(*expect), "{extension:?}: {at}");
    }
    assert_eq!(certainty, Certainty::Declared);
}

#[test]
fn generators_of_sdks() {
    let fields = ["red: []", "blue: []", "on: string", "link: string"];
    let said = json!({
        "type": "cursor",
        "inputs": [{ "name": "from", "in": "parameters", "type": "cursor" }, { "name": "n", "in": "parameters", "type": "limit" }],
        "outputs": { "results": "$.blue", "nextCursor": "$.on" },
    });
    let expect = [
        ("/style", "token"),
        ("/items", "$.blue"),
        ("/request/cursor/name", "from"),
        ("/request/limit/name", "n"),
        ("/next/cursor", "$.on"),
    ];
    let words = ["from: string", "n: integer", "step: integer"];
    check(&words, &fields, &("x-speakeasy-pagination", said), &expect);
    let said = json!({
        "type": "cursor", "inputs": [{ "name": "from", "in": "parameters", "type": "cursor" }],
        "outputs": { "results": "$.blue", "nextCursor": "$.blue[(@.length-1)].id" },
    });
    let expect = [("/style", "cursor"), ("/next/cursor", "$.blue[-1:].id")];
    check(&words, &fields, &("x-speakeasy-pagination", said), &expect);
    let said = json!({ "cursor": "$request.from", "next_cursor": "$response.on", "results": "$response.red" });
    let expect = [
        ("/style", "token"),
        ("/items", "$.red"),
        ("/next/cursor", "$.on"),
    ];
    check(&words, &fields, &("x-fern-pagination", said), &expect);
    let said = json!({ "offset": "$request.step", "results": "$response.red" });
    check(
        &words,
        &fields,
        &("x-fern-pagination", said),
        &[("/style", "page"), ("/request/page/name", "step")],
    );
    let said =
        json!({ "offset": "$request.step", "step": "$request.n", "results": "$response.red" });
    check(
        &words,
        &fields,
        &("x-fern-pagination", said),
        &[("/style", "offset"), ("/request/limit/name", "n")],
    );
}

#[test]
fn servers_and_clients() {
    let fields = [
        "items: []",
        "value: []",
        "next_page: string",
        "nextLink: string",
    ];
    let words = ["page_token: string", "limit: integer"];
    let expect = [
        ("/style", "token"),
        ("/items", "$.items"),
        ("/next/cursor", "$.next_page"),
    ];
    check(
        &words,
        &fields,
        &("x-dropshot-pagination", json!({ "required": [] })),
        &expect,
    );
    let expect = [
        ("/style", "follow"),
        ("/items", "$.value"),
        ("/next/url", "$.nextLink"),
    ];
    check(
        &[],
        &fields,
        &("x-ms-pageable", json!({ "nextLinkName": "nextLink" })),
        &expect,
    );
    let mut list = operation(&["page: integer", "limit: integer"], &body(&fields));
    list["x-ms-pageable"] = json!({ "nextLinkName": null });
    assert!(
        guess(&document(&json!({ "/pins": { "get": list } }))).is_none(),
        "it says that there is one page"
    );
}

#[test]
fn properties_of_stainless() {
    let mut list = operation(
        &["from: string"],
        &body(&["red: []", "blue: []", "on: string"]),
    );
    let purpose = |purpose: &str| json!({ "purpose": purpose });
    list["parameters"][0]["x-stainless-pagination-property"] = purpose("next_cursor_param");
    let schema =
        &mut list["responses"]["200"]["content"]["application/json"]["schema"]["properties"];
    schema["blue"]["x-stainless-pagination-property"] = purpose("items");
    schema["on"]["x-stainless-pagination-property"] = purpose("next_cursor_field");
    let (found, certainty) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    assert_eq!(found["items"], "$.blue");
    assert_eq!(found["next"]["cursor"], "$.on");
    assert_eq!(certainty, Certainty::Declared);
}

#[test]
fn links_to_the_same_operation() {
    let mut list = operation(&["from: string"], &body(&["pins: []", "on: string"]));
    list["operationId"] = json!("pins");
    list["responses"]["200"]["links"] = json!({
        "more": { "operationId": "pins", "parameters": { "from": "$response.body#/on" } },
    });
    let (found, certainty) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    assert_eq!(found["request"]["cursor"]["name"], "from");
    assert_eq!(found["next"]["cursor"], "$.on");
    assert_eq!(certainty, Certainty::Declared);
}
