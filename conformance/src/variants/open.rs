//! Correct servers that ask for no credentials, or whose list has no parent.

use serde_json::{Value, json};

use super::posts::{judged_by, reply, words};
use crate::subject::{Reply, Request};

/// A list without a parent, for everybody.
const COUNTRIES: &str = "
openapi: 3.1.0
paths:
  /countries:
    get:
      parameters: [{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } }
        400: { description: '' }
        422: { description: '' }
      x-pagination: { name: countries, style: cursor, items: $.rows, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.rows[-1:].id', more: $.more } }
components:
  schemas:
    Page: { type: object, required: [rows, more], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, more: { type: boolean } } }
    Row: { type: object, required: [id], properties: { id: { type: string } } }
";

/// Lists of boards, for everybody. The server knows ids of its own form only.
const BOARDS: &str = "
openapi: 3.1.0
paths:
  /boards/{board}/cards:
    get:
      parameters: [{ name: board, in: path, required: true, schema: { type: string } }, { name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } }
        400: { description: '' }
        404: { description: '' }
        422: { description: '' }
      x-pagination: { name: boards, style: cursor, items: $.rows, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.rows[-1:].id', more: $.more }, parent: { parameter: board, missing: 404 } }
components:
  schemas:
    Page: { type: object, required: [rows, more], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, more: { type: boolean } } }
    Row: { type: object, required: [id], properties: { id: { type: string } } }
";

/// A page of a list with this many rows, whose keys begin with `prefix`.
fn page(prefix: &str, count: usize, request: &Request) -> Reply {
    assert_eq!(
        request
            .header("authorization")
            .filter(|_| request.method == "GET"),
        None
    );
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return reply(405, &json!({}));
    }
    let rows: Vec<Value> = (0..count)
        .map(|row| json!({ "id": format!("{prefix}-{row:03}") }))
        .collect();
    let query = request.query();
    let sent = |name: &str| {
        let mut sent = query.iter().rev();
        let (_, text) = sent.find(|(known, _)| known == name)?;
        Some(text.as_str())
    };
    let limit = sent("limit").map_or(Ok(3), str::parse);
    let Some(limit) = limit.ok().filter(|limit| (1..=9).contains(limit)) else {
        return reply(422, &json!({}));
    };
    let start = match sent("after").filter(|key| !key.is_empty()) {
        None => Some(0),
        Some(key) => rows
            .iter()
            .position(|row| row["id"] == key)
            .map(|row| row + 1),
    };
    let Some(start) = start else {
        return reply(400, &json!({}));
    };
    let end = rows.len().min(start + limit);
    let body = json!({ "rows": rows[start..end], "more": end < rows.len() });
    let mut reply = reply(200, &body);
    if request.method == "HEAD" {
        reply.body = bytes::Bytes::new();
    }
    reply
}

fn countries(request: &Request) -> Reply {
    match request.path() {
        "/countries" => page("c", 17, request),
        _ => reply(404, &json!({})),
    }
}

/// Boards are called `board-17`; other words are refused as invalid.
fn boards(request: &Request) -> Reply {
    let path = percent_encoding::percent_decode_str(request.path()).decode_utf8_lossy();
    let board = path.strip_prefix("/boards/");
    let board = board
        .and_then(|rest| rest.strip_suffix("/cards"))
        .unwrap_or_default();
    match board {
        "board-17" => page("a", 17, request),
        "board-4" => page("b", 4, request),
        _ => {
            let number = board.strip_prefix("board-").unwrap_or("-");
            let known = number.bytes().all(|byte| byte.is_ascii_digit());
            reply(if known { 404 } else { 422 }, &json!({}))
        }
    }
}

#[test]
fn a_list_without_a_parent_and_credentials_needs_no_resource_and_no_token() {
    for subject in [
        "timelines: { countries: {} }",
        "timelines: { countries: [] }",
        "timelines: { countries: [ {} ] }",
        "timelines: { countries: [ { id: one, events: 17 }, { id: another } ] }",
    ] {
        let words = words(judged_by(COUNTRIES, subject, countries));
        assert_eq!(words["walks-join-without-gap-or-repeat"], "upheld");
        assert_eq!(words["owner-is-served"], "upheld");
        for law in [
            "unknown-resource-is-404",
            "foreign-resource-is-404",
            "credentials-are-required",
            "resources-share-no-events",
        ] {
            assert_eq!(words[law], "not in force", "{law}");
        }
    }
}

#[test]
fn unknown_ids_are_made_like_the_known_ones() {
    let subject = "timelines: { boards: [ { id: board-17 }, { id: board-4, events: 4 } ] }";
    let words = words(judged_by(BOARDS, subject, boards));
    assert_eq!(words["unknown-resource-is-404"], "upheld");
    assert_eq!(words["foreign-resource-is-404"], "not in force");
}

#[test]
fn the_subject_file_may_name_missing_ids() {
    // Ids of any form may be there, so a made-up one might be.
    let lenient = |request: &Request| {
        if request.path() == "/boards/zz/cards" {
            return reply(404, &json!({}));
        }
        let reply = boards(request);
        if reply.status == 404 {
            page("d", 2, request)
        } else {
            reply
        }
    };
    let named = "timelines: { boards: { missing: [zz], resources: [ { id: board-17 } ] } }";
    let judgement = judged_by(BOARDS, named, lenient);
    assert_eq!(words(judgement)["unknown-resource-is-404"], "upheld");
}
