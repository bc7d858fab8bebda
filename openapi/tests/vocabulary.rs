//! The whole vocabulary of `x-pagination` is read; a word for what the document does not have is refused.

use openapi::{Document, Pagination, Source};
use serde_json::{Value, json};

/// Words beside the mechanics of a list.
fn words() -> Vec<(&'static str, Value)> {
    let name = json!({ "in": "query", "name": "a" });
    vec![
        ("request.backward", json!({ "cursor": name, "limit": name })),
        ("request.order", name),
        (
            "order.values",
            json!({ "-made": { "by": "$.made", "direction": "descending" } }),
        ),
        ("next.url", json!("$.a")),
        ("next.done", json!("$.a")),
        ("previous.cursor", json!("$.a")),
        ("previous.url", json!("$.a")),
        ("previous.link", json!("prev")),
        ("previous.more", json!("$.a")),
        ("item.cursor", json!("$.a")),
        ("totals.items", json!("$.a")),
        ("totals.remaining", json!("$.a")),
        ("totals.pages", json!("$.a")),
        ("totals.header", json!("X-Total-Count")),
        ("totals.link", json!("last")),
        ("limit.zero", json!("none")),
        ("echo.limit", json!("$.a")),
        ("echo.offset", json!("$.a")),
        ("echo.page", json!("$.a")),
        ("cursor.unknown", json!("by-value")),
        ("request.above", json!({ "in": "query", "name": "a" })),
        ("cursor.expires", json!({ "status": 410, "resume": "$.a" })),
        ("cursor.carries", json!(["limit", "order", "filters"])),
        ("item.operation", json!("getThing")),
        (
            "end.by",
            json!(["more", "no-cursor", "short-page", "empty-page", "total"]),
        ),
    ]
}

/// A contract with `value` at `word`, in a document of one line for each problem.
fn with(word: &str, value: &Value) -> Value {
    let mut pagination = json!({
        "style": "token",
        "items": "$.rows",
        "key": "$.id",
        "request": { "cursor": { "in": "query", "name": "a" } },
        "next": { "cursor": "$.next" },
    });
    let (outer, inner) = word.split_once('.').unwrap();
    pagination[outer][inner] = value.clone();
    pagination
}

fn document(pagination: &Value) -> Document {
    let text = json!({
        "openapi": "3.1.0",
        "paths": { "/rows": { "get": {
            "parameters": [{ "name": "a", "in": "query", "schema": { "type": "string" } }],
            "responses": { "200": { "content": { "application/json": { "schema": { "properties": {
                "rows": { "type": "array", "items": { "properties": { "id": { "type": "string" }, "at": { "type": "string", "format": "date-time" } } } },
                "next": { "type": "string" },
                "edges": { "type": "array", "items": { "properties": { "node": { "properties": { "id": { "type": "string" } } } } } },
            } } } } } },
            "x-pagination": pagination,
        } } },
    });
    Document::read(Source::new("d.json", text.to_string()), &[]).unwrap()
}

#[test]
fn a_word_for_what_is_not_there_is_refused() {
    let missing = |value: &Value| value == "$.a" || value == "getThing";
    for (word, value) in words().into_iter().filter(|(_, value)| missing(value)) {
        let problem = document(&with(word, &value)).contracts().unwrap_err();
        let name = value.as_str().unwrap();
        assert!(problem.message().contains(name), "{word}: {problem:?}");
    }
}

#[test]
fn what_is_read_is_written_the_same() {
    for (word, value) in words() {
        let pagination: Pagination = serde_json::from_value(with(word, &value)).unwrap();
        let written = serde_json::to_value(&pagination).unwrap();
        assert_eq!(
            serde_json::from_value::<Pagination>(written).unwrap(),
            pagination
        );
    }
    for style in ["range", "follow", "url", "link", "offset"] {
        let mut pagination = with("page.first", &json!(0));
        pagination["style"] = style.into();
        let read: Pagination = serde_json::from_value(pagination).unwrap();
        assert_eq!(read.style.word(), style);
    }
}

#[test]
fn an_item_may_lie_inside_the_element_of_a_list() {
    let mut pagination = with("page.first", &json!(1));
    pagination["items"] = "$.edges[*].node".into();
    let document = document(&pagination);
    let contract = document.contracts().unwrap().remove(0);
    assert_eq!(contract.pagination().items.to_string(), "$.edges");
    let page = json!({ "edges": [{ "node": { "id": "x" } }] });
    let items = contract.items(&page).unwrap();
    assert_eq!(contract.key(&items[0]).as_deref(), Some("x"));
    for wrong in ["$.edges[*][*]", "$.edges[*]node", "$.*"] {
        pagination["items"] = wrong.into();
        assert!(
            serde_json::from_value::<Pagination>(pagination.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn words_that_contradict_each_other_are_refused_at_their_place() {
    let site = json!({ "in": "query", "name": "a" });
    let check = |change: &dyn Fn(&mut Value), message: &str| {
        let mut pagination = with("page.first", &json!(1));
        change(&mut pagination);
        let problem = document(&pagination).contracts().unwrap_err();
        assert_eq!(problem.message(), message);
        assert!(problem.advice().is_some(), "{message}");
    };
    check(
        &|one| one["request"]["backward"] = json!({ "limit": site }),
        "`request.backward.cursor` is missing",
    );
    check(
        &|one| {
            one["style"] = "offset".into();
            one["request"] = json!({ "offset": site, "backward": { "cursor": site } });
        },
        "`request.backward` has no meaning in style `offset`",
    );
    check(
        &|one| {
            one["style"] = "offset".into();
            one["request"] = json!({ "offset": site });
            one["next"] = json!({ "header": "Next-Range" });
        },
        "`next.header` has no meaning in style `offset`",
    );
    check(
        &|one| one["cursor"] = json!({ "unknown": "by-value" }),
        "`unknown: by-value` needs items that are sorted by their key",
    );
    check(
        &|one| one["request"]["order"] = site.clone(),
        "`request.order` needs `order.values`, and there are none",
    );
    check(
        &|one| one["order"] = json!({ "values": { "name": { "by": "$.names.first" } } }),
        "`$.names.first` is no property of the item itself",
    );
    check(
        &|one| {
            one["style"] = "since".into();
            one["order"] = json!({ "by": "$.id", "values": { "name": { "by": "$.name" } } });
        },
        "items cannot come by `$.name`: a cursor is compared with `$.id`",
    );
    let timed = |one: &mut Value, strict: bool, next: &str| {
        one["style"] = "since".into();
        one["order"] = json!({ "by": "$.at", "strict": strict });
        one["next"] = json!({ "cursor": next });
    };
    check(
        &|one| timed(one, false, "$.rows[-1:].at"),
        "`order.strict` is missing, and a cursor that is a time needs it",
    );
    check(
        &|one| timed(one, true, "$.next"),
        "`next.cursor` must be `$.rows[-1:].at`, the time of the last item",
    );
    check(
        &|one| {
            timed(one, true, "$.rows[-1:].at");
            one["cursor"] = json!({ "bound": "inclusive" });
        },
        "`cursor.bound: inclusive` has no meaning where a cursor is the last item's time",
    );
}
