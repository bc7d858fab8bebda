//! `Prefer`: a client chooses a status, an example, or values made up from schemas.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.1.0
paths:
  /a:
    get:
      responses:
        200:
          description: ''
          content:
            application/json:
              schema: { type: object, required: [n], properties: { n: { type: integer, maximum: 9, minimum: 5 } } }
              examples:
                wrong: { value: { n: big } }
                five: { $ref: '#/components/examples/five' }
                six: { value: { n: 6 } }
        404:
          description: ''
          content:
            application/json:
              schema: { type: object, required: [error], properties: { error: { type: object, required: [code, message, status], properties: { code: { type: string }, message: { type: string }, status: { type: integer } } } } }
components: { examples: { five: { value: { n: 5 } } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn get(prefer: Option<&str>) -> Answer {
    let document = Document::read(Source::new("a.yaml", DOCUMENT), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of(&[]));
    let mock = Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap();
    let mut request = Request::get("/a");
    if let Some(prefer) = prefer {
        request = request.header("prefer", prefer);
    }
    answer(&mock, &request.body(Bytes::new()).unwrap(), now())
}

fn check(prefer: &str, status: u16, expect: &Value) {
    let answer = get(Some(prefer));
    assert_eq!(answer.status, status, "{prefer}");
    let body: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
    assert_eq!(body, *expect, "{prefer}");
}

#[test]
fn the_first_valid_example_is_the_answer_unless_another_is_preferred() {
    let usual = get(None);
    assert!(!usual.headers.contains_key("preference-applied"));
    assert_eq!(usual.into_bytes(), "{\"n\":5}");
    check("example=six", 200, &json!({ "n": 6 }));
    check("dynamic=false", 200, &json!({ "n": 5 }));
    let six = get(Some("example=six, code=200"));
    assert_eq!(six.headers["preference-applied"], "code=200, example=six");
    let made = get(Some("dynamic=true"));
    let made: Value = serde_json::from_slice(&made.into_bytes()).unwrap();
    assert!((5..=9).contains(&made["n"].as_i64().unwrap()), "{made}");
}

#[test]
fn a_declared_status_may_be_preferred_and_a_refusal_is_worded() {
    let expect = json!({ "error": { "code": "not_found", "message": "Not Found", "status": 404 } });
    check("code=404", 404, &expect);
}

#[test]
fn a_preference_that_the_document_cannot_follow_is_told() {
    for (prefer, status, words) in [
        ("example=seven", 404, "wrong, five, six"),
        ("code=418", 404, "200, 404"),
        ("example=wrong", 501, "a.yaml:"),
    ] {
        let answer = get(Some(prefer));
        assert_eq!(answer.status, status, "{prefer}");
        let body = String::from_utf8(answer.into_bytes().to_vec()).unwrap();
        assert!(body.contains(words), "{prefer}: {body}");
    }
}
