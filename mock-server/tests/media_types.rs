//! Bodies of the media types that documents declare, and the choice among them by `Accept`.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::Value;

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A mock of one operation, whose 200 has these bodies.
fn mock(content: &str) -> Mock {
    let text = format!(
        "
openapi: 3.2.0
paths:
  /a/{{id}}:
    get:
      parameters: [{{ name: id, in: path, required: true, schema: {{ type: integer }} }}]
      responses: {{ 200: {{ description: '', content: {content} }} }}
components:
  schemas:
    Cat: {{ type: object, required: [id, name, tags], additionalProperties: false, xml: {{ prefix: c, namespace: 'urn:cats' }}, properties: {{ id: {{ type: integer, xml: {{ attribute: true }} }}, name: {{ const: 'a<b' }}, tags: {{ type: array, minItems: 1, maxItems: 1, items: {{ const: x, xml: {{ name: tag }} }}, xml: {{ wrapped: true }} }} }} }}
"
    );
    let document = Document::read(Source::new("a.yaml", text), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of(&[]));
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn get(mock: &Mock, accept: Option<&str>) -> Answer {
    let mut request = Request::get("/a/7");
    if let Some(accept) = accept {
        request = request.header("accept", accept);
    }
    answer(mock, &request.body(Bytes::new()).unwrap(), now())
}

/// The status, the media type and the body.
fn parts(answer: Answer) -> (u16, String, String) {
    let media_type = answer.headers["content-type"].to_str().unwrap().to_owned();
    let status = answer.status.as_u16();
    let body = answer.into_bytes();
    (
        status,
        media_type,
        String::from_utf8_lossy(&body).into_owned(),
    )
}

#[test]
fn the_client_gets_the_declared_type_that_it_wants_most() {
    let mock = mock(
        "{ text/plain: { example: words }, application/json: { example: [1] }, application/hal+json: { example: [2] } }",
    );
    for (accept, expect) in [
        (None, "application/json"),
        (Some("*/*"), "application/json"),
        (Some("text/plain"), "text/plain"),
        (Some("TEXT/*;q=0.4, application/*;q=0.3"), "text/plain"),
        (Some("text/plain;q=0.1, */*;q=0.9"), "application/json"),
        (
            Some("application/hal+json, application/json;q=0"),
            "application/hal+json",
        ),
        (Some("application/xml"), "application/problem+json"),
        (Some("nonsense"), "application/json"),
    ] {
        let (status, media_type, _) = parts(get(&mock, accept));
        assert_eq!(media_type, expect, "{accept:?}");
        let acceptable = expect != "application/problem+json";
        assert_eq!(status, if acceptable { 200 } else { 406 }, "{accept:?}");
    }
    let (_, _, refused) = parts(get(&mock, Some("application/xml")));
    assert!(
        refused.contains("application/json, application/hal+json, text/plain"),
        "{refused}"
    );
}

#[test]
fn a_range_in_the_document_is_sent_as_json_unless_the_client_names_another() {
    let mock = mock("{ '*/*': { schema: { type: string, const: x } } }");
    assert_eq!(parts(get(&mock, None)).1, "application/json");
    assert_eq!(parts(get(&mock, None)).2, "\"x\"");
    let (_, media_type, body) = parts(get(&mock, Some("text/plain")));
    assert_eq!((media_type.as_str(), body.as_str()), ("text/plain", "x"));
}

#[test]
fn xml_follows_the_hints_of_the_schema() {
    let xml = |schema: &str| {
        let mock = mock(&format!("{{ application/xml: {{ schema: {schema} }} }}"));
        parts(get(&mock, None)).2
    };
    let cat =
        "<c:Cat xmlns:c=\"urn:cats\" id=\"7\"><name>a&lt;b</name><tags><tag>x</tag></tags></c:Cat>";
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    assert_eq!(
        xml("{ $ref: '#/components/schemas/Cat' }"),
        format!("{head}{cat}\n")
    );
    let list = xml(
        "{ type: array, minItems: 3, items: { $ref: '#/components/schemas/Cat' }, xml: { name: cats } }",
    );
    assert!(list.starts_with(&format!("{head}<cats><c:Cat ")), "{list}");
    assert!(list.ends_with("</c:Cat></cats>\n"), "{list}");
}

#[test]
fn lines_events_rows_and_forms_hold_valid_values() {
    let body = |media_type: &str, key: &str| {
        let schema =
            format!("{{ '{media_type}': {{ {key}: {{ $ref: '#/components/schemas/Cat' }} }} }}");
        let (status, sent, body) = parts(get(&mock(&schema), None));
        assert_eq!((status, sent.as_str()), (200, media_type));
        body
    };
    for (media_type, mark) in [
        ("application/x-ndjson", ""),
        ("application/json-seq", "\u{1e}"),
    ] {
        for key in ["itemSchema", "schema"] {
            let lines = body(media_type, key);
            assert_eq!(lines.lines().count(), 3, "{lines}");
            for line in lines.lines() {
                let cat: Value = serde_json::from_str(line.strip_prefix(mark).unwrap()).unwrap();
                assert_eq!(cat["name"], "a<b");
            }
        }
    }
    let events = body("text/event-stream", "itemSchema");
    assert_eq!(
        events
            .split("\n\n")
            .filter(|one| one.starts_with("data: {"))
            .count(),
        3
    );
    assert!(body("text/csv", "schema").starts_with("id,name,tags\r\n7,a<b,"));
    assert!(
        body("application/x-www-form-urlencoded", "schema").starts_with("id=7&name=a%3Cb&tags=x")
    );
}

#[test]
fn a_file_is_a_file_of_its_kind() {
    for (media_type, beginning) in [("image/png", &b"\x89PNG"[..]), ("application/pdf", b"%PDF")] {
        let content =
            format!("{{ {media_type}: {{ schema: {{ type: string, format: binary }} }} }}");
        let answer = get(&mock(&content), None);
        assert_eq!(answer.headers["content-type"], media_type);
        assert!(answer.into_bytes().starts_with(beginning));
    }
}

#[test]
fn a_list_has_a_few_items_and_a_resource_has_the_id_of_its_path() {
    let list = mock(
        "{ application/json: { schema: { type: object, required: [data], properties: { data: { type: array, items: { $ref: '#/components/schemas/Cat' } } } } } }",
    );
    let body: Value = serde_json::from_str(&parts(get(&list, None)).2).unwrap();
    assert!(
        (3..=6).contains(&body["data"].as_array().unwrap().len()),
        "{body}"
    );
    for content in [
        "{ application/json: { schema: { $ref: '#/components/schemas/Cat' } } }",
        "{ application/json: { example: { id: 1, name: x }, schema: { type: object } } }",
    ] {
        let body: Value = serde_json::from_str(&parts(get(&mock(content), None)).2).unwrap();
        assert_eq!(body["id"], 7);
    }
}
