//! Answers as a document declares them: by range or `default`, as text, with headers, with numbers as text.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Problem, Source};
use serde_json::{Value, json};

/// A list of one resource; `key` is the schema of its items' key.
fn document(key: &str, responses: &str) -> Document {
    let text = format!(
        "
openapi: 3.0.3
paths:
  /rooms/{{room}}/log:
    get:
      security: [{{ key: [] }}]
      parameters:
        - {{ name: room, in: path, required: true, schema: {{ type: string }} }}
        - {{ name: Accept, in: header, required: true, schema: {{ type: integer }} }}
        - {{ name: after, in: query, schema: {{ type: string }} }}
        - {{ name: size, in: query, schema: {{ type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9, default: 3 }} }}
      responses:
        200: {{ description: '', headers: {{ X-Id: {{ required: true, schema: {{ type: string, format: uuid }} }} }}, content: {{ '*/*': {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }}
{responses}
      x-pagination: {{ name: rooms, style: cursor, items: $.rows, key: $.id, request: {{ cursor: {{ in: query, name: after }}, limit: {{ in: query, name: size }} }}, next: {{ cursor: $.next, more: $.more }}, echo: {{ first: $.first }}, parent: {{ parameter: room, missing: 404, foreign: 404 }} }}
components:
  schemas:
    Page: {{ type: object, required: [rows, more], properties: {{ rows: {{ type: array, items: {{ $ref: '#/components/schemas/Row' }} }}, more: {{ type: boolean }}, next: {{ type: string, nullable: true }}, first: {{ type: string }} }} }}
    Row: {{ type: object, required: [id], properties: {{ id: {key} }} }}
  securitySchemes: {{ key: {{ type: http, scheme: bearer }} }}
"
    );
    Document::read(Source::new("rooms.yaml", text), &[]).unwrap()
}

const WORLD: &str = "
owners: [{ name: ada, token: one }]
timelines:
  rooms:
    life: { first: {}, steps: [{}] }
    pace: { every: 5s }
    jobs: [{ id: r7, owner: ada, events: 7 }]
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(document: &Document) -> Result<Mock, Problem> {
    let scenario = Scenario::read(Source::new("world.yaml", WORLD))?;
    Mock::new(Plan::new(document.contracts()?, scenario, 1, now())?)
}

fn get(mock: &Mock, target: &str, token: &str) -> Answer {
    let request = Request::get(target).header("authorization", format!("Bearer {token}"));
    answer(mock, &request.body(Bytes::new()).unwrap(), now())
}

/// The status, the media type and the body.
fn parts(answer: Answer) -> (u16, String, String) {
    let media_type = answer.headers["content-type"].to_str().unwrap().to_owned();
    let status = answer.status.as_u16();
    let body = String::from_utf8(answer.into_bytes().to_vec()).unwrap();
    (status, media_type, body)
}

const STRINGS: &str = "{ type: string }";

#[test]
fn refusals_are_those_of_the_nearest_declaration() {
    let responses =
        "        404: { description: '', content: { text/plain: { example: no such room } } }
        4XX: { description: '', content: { application/json: { example: { error: no } } } }
        default: { description: '', content: { 'text/*': {} } }";
    let mock = mock(&document(STRINGS, responses)).unwrap();
    let json = (
        "application/json".to_owned(),
        json!({ "error": "no" }).to_string(),
    );
    for (target, token, status, expect) in [
        ("/rooms/r7/log", "other", 401, json.clone()),
        ("/rooms/r7/log?size=0", "one", 422, json),
        (
            "/rooms/r8/log",
            "one",
            404,
            ("text/plain".to_owned(), "no such room".to_owned()),
        ),
    ] {
        let (found, media_type, body) = parts(get(&mock, target, token));
        assert_eq!((found, (media_type, body)), (status, expect), "{target}");
    }
}

#[test]
fn a_refusal_without_a_schema_is_the_status_in_words() {
    let responses = "        default: { description: '', content: { 'text/*': {} } }";
    let mock = mock(&document(STRINGS, responses)).unwrap();
    let found = parts(get(&mock, "/rooms/r8/log", "one"));
    let expect = (404, "text/plain".to_owned(), "Not Found".to_owned());
    assert_eq!(found, expect);
}

#[test]
fn wrong_parameters_are_refused_with_the_status_that_the_document_names() {
    for (declared, status) in [("400", 400), ("422", 422), ("default", 422), ("4XX", 422)] {
        let responses = format!(
            "        '{declared}': {{ description: '' }}\n        404: {{ description: '' }}"
        );
        let mock = mock(&document(STRINGS, &responses)).unwrap();
        assert_eq!(get(&mock, "/rooms/r7/log?size=0", "one").status, status);
    }
}

#[test]
fn required_headers_are_sent_with_valid_values() {
    let responses = "        404: { description: '', headers: { Left: { required: true, schema: { type: integer, minimum: 7, maximum: 7 } }, Other: { schema: { type: string } } } }";
    let document = document(STRINGS, responses);
    let mock = mock(&document).unwrap();
    let operation = &document.operations()[0];
    for target in ["/rooms/r7/log", "/rooms/r8/log"] {
        let answer = get(&mock, target, "one");
        let declared = operation.response(answer.status.as_u16()).unwrap();
        assert_eq!(declared.header_breaches(&answer.headers), [], "{target}");
        assert!(!answer.headers.contains_key("other"));
    }
    let again = get(&mock, "/rooms/r7/log", "one").headers;
    assert_eq!(again, get(&mock, "/rooms/r7/log", "one").headers);
}

#[test]
fn a_header_without_a_value_is_refused_at_start() {
    let responses = "        404: { description: '', headers: { Left: { required: true, schema: { type: string, pattern: '^[A-Z]{7}$' } } } }";
    let problem = mock(&document(STRINGS, responses)).unwrap_err();
    let text = problem.to_string();
    assert!(text.contains("the header `Left` is required"), "{text}");
}

#[test]
fn a_number_stands_as_text_where_only_texts_may_stand() {
    let document = document("{ type: integer }", "        404: { description: '' }");
    let mock = mock(&document).unwrap();
    let body = |target: &str| -> Value {
        serde_json::from_slice(&get(&mock, target, "one").into_bytes()).unwrap()
    };
    let first = body("/rooms/r7/log?size=2");
    let schema = document.contracts().unwrap()[0].body().clone();
    assert_eq!(schema.violations(&first), []);
    let (next, key) = (&first["next"], &first["rows"][1]["id"]);
    assert_eq!(
        (next, key),
        (&json!(key.to_string()), &json!(key.as_u64().unwrap()))
    );
    assert_eq!(first["first"], json!(first["rows"][0]["id"].to_string()));
    let second = body(&format!("/rooms/r7/log?after={}", next.as_str().unwrap()));
    assert_ne!(second["rows"][0], first["rows"][1]);
}

#[test]
fn integers_beyond_floats_keep_their_bounds() {
    let serial = "{ type: integer, minimum: 9007199254740993, maximum: 9007199254740995, exclusiveMaximum: true }";
    let document = document(STRINGS, "        404: { description: '' }");
    let text = document.source().text();
    let text = text.replace(
        "properties: { id:",
        &format!("properties: {{ serial: {serial}, id:"),
    );
    let text = text.replace("required: [id]", "required: [id, serial]");
    let document = Document::read(Source::new("rooms.yaml", text), &[]).unwrap();
    let mock = mock(&document).unwrap();
    let page = get(&mock, "/rooms/r7/log?size=9", "one").into_bytes();
    let page: Value = serde_json::from_slice(&page).unwrap();
    let serials = page["rows"].as_array().unwrap().iter();
    let serials: Vec<_> = serials.map(|row| row["serial"].as_i64().unwrap()).collect();
    let least = 9_007_199_254_740_993;
    assert!(
        serials.iter().all(|one| (least..least + 2).contains(one)),
        "{serials:?}"
    );
}
