//! Each kind of paging is found where the document is plain.

use openapi::Assume;
use openapi::Certainty::{Likely, Sure};
use serde_json::json;

use crate::{body, check, document, guess, operation, pins};

#[test]
fn keys() {
    let both = [
        "starting_after: string",
        "ending_before: string",
        "limit: integer",
    ];
    let expect = [
        ("/style", "cursor"),
        ("/items", "$.data"),
        ("/key", "$.id"),
        ("/request/cursor/name", "starting_after"),
        ("/request/backward/cursor/name", "ending_before"),
        ("/request/limit/name", "limit"),
        ("/next/cursor", "$.data[-1:].id"),
        ("/next/more", "$.has_more"),
    ];
    check(
        &both,
        &body(&["data: []", "has_more: boolean"]),
        &expect,
        Sure,
    );
    // Both ways, and nothing says which one goes on.
    let both = ["before: string", "after: string", "limit: integer"];
    check(&both, &pins(), &[("/style", "cursor")], Likely);
    // A history begins with the newest item, and both ways are open from the middle of it.
    let [before, after, limit] = both;
    let history = ["around: string", before, after, limit];
    let expect = [
        ("/request/cursor/name", "before"),
        ("/request/backward/cursor/name", "after"),
        ("/order/direction", "descending"),
        ("/cursor/unknown", "by-value"),
    ];
    check(&history, &pins(), &expect, Likely);
}

#[test]
fn tokens() {
    for (parameter, field) in [
        ("cursor", "next_cursor"),
        ("marker", "next_marker"),
        ("pageToken", "nextPageToken"),
        ("iterator", "iterator"),
        ("page", "next_page"),
        ("starting_after", "pages.next.starting_after"),
        ("continue", "metadata.continue"),
        ("offset", "next_page.offset"),
    ] {
        let words = [format!("{parameter}: string"), "limit: integer".to_owned()];
        let words = [words[0].as_str(), words[1].as_str()];
        let body = body(&[&format!("{field}: string"), "pins: []"]);
        let place = format!("$.{field}");
        let expect = [
            ("/style", "token"),
            ("/items", "$.pins"),
            ("/request/cursor/name", parameter),
            ("/next/cursor", &place),
        ];
        check(&words, &body, &expect, Sure);
    }
    let done = body(&["iterator: string", "done: boolean", "pins: []"]);
    check(
        &["iterator: string"],
        &done,
        &[("/next/done", "$.done"), ("/next/more", "null")],
        Sure,
    );
}

#[test]
fn counts() {
    let envelope = body(&[
        "pins: []",
        "total: integer",
        "offset: integer",
        "limit: integer",
    ]);
    let expect = [
        ("/style", "offset"),
        ("/request/offset/name", "offset"),
        ("/totals/items", "$.total"),
        ("/echo/offset", "$.offset"),
        ("/echo/limit", "$.limit"),
    ];
    check(
        &["offset: integer", "limit: integer"],
        &envelope,
        &expect,
        Sure,
    );
    let envelope = body(&[
        "pins: []",
        "page.totalPages: integer",
        "page.lastPage: boolean",
    ]);
    let expect = [
        ("/style", "page"),
        ("/page/first", "0"),
        ("/request/page/name", "pageNumber"),
        ("/request/limit/name", "pageSize"),
        ("/totals/pages", "$.page.totalPages"),
        ("/next/done", "$.page.lastPage"),
    ];
    let words = [
        "pageNumber: integer: Zero-based page number",
        "pageSize: integer",
    ];
    check(&words, &envelope, &expect, Sure);
}

#[test]
fn tokens_that_a_flag_turns_on() {
    let envelope = body(&["pins: []", "total_count: integer", "next_marker: string"]);
    let words = [
        "offset: integer",
        "limit: integer",
        "usemarker: boolean",
        "marker: string",
    ];
    let expect = [
        ("/style", "offset"),
        ("/request/or/when/name", "usemarker"),
        ("/request/or/cursor/name", "marker"),
        ("/next/or", "$.next_marker"),
        ("/next/cursor", "null"),
    ];
    check(&words, &envelope, &expect, Sure);
}

#[test]
fn urls_and_links() {
    let envelope = body(&[
        "results: []",
        "count: integer",
        "next: string",
        "previous: string",
    ]);
    let expect = [
        ("/style", "offset"),
        ("/next/url", "$.next"),
        ("/previous/url", "$.previous"),
        ("/totals/items", "$.count"),
    ];
    check(
        &["offset: integer", "limit: integer"],
        &envelope,
        &expect,
        Sure,
    );
    let envelope = body(&["pins: []", "meta.next_page_url: url", "meta.page: integer"]);
    let words = ["PageToken: string", "Page: integer", "PageSize: integer"];
    let expect = [
        ("/style", "token"),
        ("/request/cursor/name", "PageToken"),
        ("/next/url", "$.meta.next_page_url"),
    ];
    check(&words, &envelope, &expect, Sure);
    let envelope = body(&["pins: []", "links.next: string"]);
    check(
        &["limit: integer"],
        &envelope,
        &[("/style", "follow"), ("/next/url", "$.links.next")],
        Sure,
    );

    let mut list = operation(&["page: integer", "per_page: integer"], &pins());
    list["responses"]["200"]["headers"] = json!({ "Link": { "schema": { "type": "string" } } });
    let (found, _) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    assert_eq!(found["style"], "page");
    assert_eq!(found["next"]["link"], "next");
    let mut list = operation(
        &["max_id: string", "min_id: string", "limit: integer"],
        &pins(),
    );
    list["responses"]["200"]["headers"] = json!({ "Link": { "schema": { "type": "string" } } });
    let (found, sure) = guess(&document(&json!({ "/pins": { "get": list } }))).unwrap();
    assert_eq!(found["style"], "cursor");
    assert_eq!(found["cursor"]["unknown"], "by-value");
    assert_eq!(found["order"]["by"], "$.id");
    assert_eq!(found["order"]["direction"], "descending");
    assert_eq!(found["request"]["backward"]["cursor"]["name"], "min_id");
    assert_eq!(found["previous"]["link"], "prev");
    assert_eq!(sure, Sure);
}

#[test]
fn ways_back() {
    for (next, previous) in [
        ("links.next", "links.prev"),
        ("next_page_url", "previous_page_url"),
        ("_links.next.href", "_links.previous.href"),
    ] {
        let body = body(&[
            "pins: []",
            &format!("{next}: url"),
            &format!("{previous}: url"),
        ]);
        let (next, previous) = (format!("$.{next}"), format!("$.{previous}"));
        let expect = [
            ("/next/url", next.as_str()),
            ("/previous/url", previous.as_str()),
        ];
        check(&["limit: integer"], &body, &expect, Sure);
    }
    // A cursor of the page before is one only if the document says so, and the same parameter takes it.
    let envelope = |said: &str| {
        let mut body = body(&["pins: []", "next_marker: string", "prev_marker: string"]);
        body["properties"]["prev_marker"]["description"] = json!(said);
        body
    };
    let forward = ["marker: string", "limit: integer"];
    let both = ["marker: string", "before: string", "limit: integer"];
    let said = "Where the previous page starts";
    for (words, said, expect) in [
        (&forward[..], said, "$.prev_marker"),
        (&forward[..], "", "null"),
        (&both[..], said, "null"),
    ] {
        let expect = [
            ("/next/cursor", "$.next_marker"),
            ("/previous/cursor", expect),
        ];
        check(words, &envelope(said), &expect, Sure);
    }
}

#[test]
fn bodies_of_requests() {
    let mut list = operation(&[], &body(&["pins: []", "next_cursor: string"]));
    list["requestBody"] = json!({ "content": { "application/json": { "schema": {
        "type": "object",
        "properties": { "page": { "type": "object", "properties": {
            "cursor": { "type": "string" }, "limit": { "type": "integer" },
        } } },
    } } } });
    let document = document(&json!({ "/pins/search": { "post": list } }));
    let (found, _) = guess(&document).unwrap();
    assert_eq!(
        found["request"]["cursor"],
        json!({ "in": "body", "at": "/page/cursor" })
    );
    assert_eq!(
        found["request"]["limit"],
        json!({ "in": "body", "at": "/page/limit" })
    );
    assert!(document.assumed().is_empty(), "a POST needs permission");
    let permission = Assume {
        posts: true,
        ..Assume::default()
    };
    assert_eq!(document.assuming(permission).assumed().len(), 1);
}

#[test]
fn items_in_unions_and_branches() {
    let union = json!({ "anyOf": [
        { "type": "object", "properties": { "id": { "type": "string" } } },
        { "type": "object", "properties": { "id": { "type": "string" }, "size": { "type": "integer" } } },
    ] });
    let list = json!({ "type": "object", "properties": {
        "events": { "type": "array", "items": union },
        "next_cursor": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
    } });
    let expect = [
        ("/items", "$.events"),
        ("/key", "$.id"),
        ("/next/cursor", "$.next_cursor"),
    ];
    check(&["cursor: string"], &list, &expect, Sure);
    let refined = json!({ "allOf": [
        { "type": "object", "properties": { "data": { "type": "array", "items": { "type": "object" } } } },
        { "properties": { "data": pins(), "next": { "type": "string" } } },
    ] });
    check(
        &["cursor: string"],
        &refined,
        &[("/items", "$.data"), ("/key", "$.id")],
        Sure,
    );
    let edges = json!({ "type": "object", "properties": {
        "edges": { "type": "array", "items": { "type": "object", "properties": {
            "cursor": { "type": "string" },
            "node": { "type": "object", "properties": { "id": { "type": "string" } } },
        } } },
        "pageInfo": { "type": "object", "properties": {
            "endCursor": { "type": "string" }, "hasNextPage": { "type": "boolean" },
        } },
    } });
    let expect = [
        ("/items", "$.edges[*].node"),
        ("/key", "$.id"),
        ("/next/cursor", "$.pageInfo.endCursor"),
        ("/next/more", "$.pageInfo.hasNextPage"),
    ];
    check(&["after: string", "first: integer"], &edges, &expect, Sure);
}

#[test]
fn sisters_make_a_page_sure() {
    let backed = operation(&["page: integer", "limit: integer"], &pins());
    let alone = operation(&["page: integer"], &pins());
    let few = document(&json!({ "/a": { "get": backed }, "/z": { "get": alone } }));
    assert_eq!(few.proposals()[1].proposal.certainty, Likely);
    let many = document(&json!({
        "/a": { "get": backed }, "/b": { "get": backed }, "/c": { "get": backed }, "/z": { "get": alone },
    }));
    assert_eq!(many.proposals()[3].proposal.certainty, Sure);
}
