//! Bodies of requests: they are read by their media type, and wrong ones are refused as the document declares.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::{Value, json};

/// A mock of an operation that takes an order; `refusals` are its other answers.
fn mock(refusals: &str) -> Mock {
    let text = format!(
        "
openapi: 3.0.3
paths:
  /orders:
    post:
      requestBody:
        required: true
        content:
          application/json: {{ schema: {{ $ref: '#/components/schemas/Order' }} }}
          application/x-www-form-urlencoded: {{ schema: {{ $ref: '#/components/schemas/Order' }} }}
          multipart/form-data: {{ schema: {{ $ref: '#/components/schemas/Order' }} }}
          application/vnd.order: {{}}
      responses:
        201: {{ description: '', headers: {{ Location: {{ schema: {{ type: string }} }} }}, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Order' }} }} }} }}
        {refusals}
components:
  schemas:
    Order: {{ type: object, required: [id, count, secret], properties: {{ id: {{ type: string, readOnly: true }}, count: {{ type: integer, minimum: 1 }}, note: {{ type: string }}, gift: {{ type: boolean }}, tags: {{ type: array, items: {{ type: integer }} }}, secret: {{ type: string, writeOnly: true }} }} }}
    Error: {{ type: object, required: [code, message], properties: {{ code: {{ type: integer }}, message: {{ type: string }}, type: {{ type: string }} }} }}
    Listed: {{ type: object, properties: {{ detail: {{ type: array, items: {{ type: object, required: [loc, msg, type], properties: {{ loc: {{ type: array, items: {{ anyOf: [{{ type: string }}, {{ type: integer }}] }} }}, msg: {{ type: string }}, type: {{ type: string }} }} }} }} }} }}
"
    );
    let document = Document::read(Source::new("orders.yaml", text), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of(&[]));
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn post(mock: &Mock, content_type: &str, body: &str) -> Answer {
    let request = Request::post("/orders").header("content-type", content_type);
    let request = request.body(Bytes::from(body.to_owned())).unwrap();
    answer(mock, &request, now())
}

fn value(answer: Answer) -> Value {
    serde_json::from_slice(&answer.into_bytes()).unwrap()
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=x";

#[test]
fn a_valid_body_of_each_media_type_is_accepted_and_repeated() {
    let mock = mock("");
    let parts = "--x\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n3\r\n--x\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\ns\r\n--x--\r\n";
    for (content_type, body) in [
        (JSON, "{\"count\": 3, \"secret\": \"s\"}"),
        (FORM, "count=3&secret=s&tags=1&tags=2&gift=True"),
        (FORM, "count=3&secret=s&tags=1&tags=2&gift=1"),
        (PARTS, parts),
    ] {
        let answer = post(&mock, content_type, body);
        assert_eq!(answer.status, 201, "{content_type}: {:?}", answer.wrong);
        let location = answer.headers["location"].to_str().unwrap().to_owned();
        let created = value(answer);
        assert_eq!(created["count"], 3, "{content_type}");
        assert!(location.contains("/orders/"), "{location}");
    }
    assert_eq!(post(&mock, "application/vnd.order", "anything").status, 201);
}

#[test]
fn a_wrong_body_is_refused_with_each_mistake_and_its_place() {
    let mock = mock("");
    for (content_type, body, expect) in [
        (
            JSON,
            "{\"count\": 0}",
            vec![
                ("#/secret", "Field required"),
                ("#/count", "Input should be greater than or equal to 1"),
            ],
        ),
        (
            JSON,
            "{\"count\": \"3\", \"secret\": \"s\"}",
            vec![("#/count", "Input should be a valid integer")],
        ),
        (
            FORM,
            "count=x&secret=s&tags=y",
            vec![
                ("#/count", "Input should be a valid integer"),
                ("#/tags/0", "Input should be a valid integer"),
            ],
        ),
    ] {
        let answer = post(&mock, content_type, body);
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        let listed = value(answer)["errors"].as_array().unwrap().clone();
        for (pointer, detail) in &expect {
            let error = json!({ "pointer": pointer, "detail": detail });
            assert!(listed.contains(&error), "{body}: {listed:?}");
        }
        assert_eq!(listed.len(), expect.len(), "{body}: {listed:?}");
    }
    for (content_type, body, status) in [
        (JSON, "", 422),
        (JSON, "{", 422),
        (PARTS, "--y", 422),
        ("text/xml", "<a/>", 415),
    ] {
        assert_eq!(
            post(&mock, content_type, body).status,
            status,
            "{content_type} {body}"
        );
    }
}

#[test]
fn a_wrong_body_is_refused_in_the_words_of_the_document() {
    let of = |name: &str| {
        format!(
            "{{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/{name}' }} }} }} }}"
        )
    };
    let own = mock(&format!("400: {}", of("Error")));
    let answer = post(&own, JSON, "{}");
    assert_eq!(answer.status, 400);
    let expect = "body `/count`: Field required; body `/secret`: Field required";
    let refused = value(answer);
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (&json!(400), &json!(expect))
    );
    let range = mock(&format!("4XX: {}", of("Error")));
    let unsupported = post(&range, "text/xml", "<a/>");
    assert_eq!(unsupported.status, 415);
    assert_eq!(value(unsupported)["code"], 415);
    let listed = mock(&format!("422: {}", of("Listed")));
    let answer = post(
        &listed,
        JSON,
        "{\"count\": 1, \"secret\": \"s\", \"tags\": [1, \"x\"]}",
    );
    assert_eq!(answer.status, 422);
    let error = value(answer)["detail"][0].clone();
    assert_eq!(error["loc"], json!(["body", "tags", 1]));
    assert_eq!(error["msg"], "Input should be a valid integer");
}
