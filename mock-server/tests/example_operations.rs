//! Operations that do not page: each answers with an example of what the document declares.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::Value;

const SHOP: &str = "
openapi: 3.1.0
info: { title: Shop, version: '1' }
security: [{ key: [] }]
paths:
  /orders/{order}:
    get:
      operationId: readOrder
      parameters: [{ name: order, in: path, required: true, schema: { type: string, maxLength: 9 } }]
      responses:
        404: { description: '', content: { application/json: { example: { error: gone } } } }
        200:
          description: ''
          headers: { X-Version: { required: true, schema: { type: integer, minimum: 3, maximum: 3 } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
    delete:
      operationId: removeOrder
      parameters: [{ name: order, in: path, required: true, schema: { type: string } }]
      responses: { 204: { description: '' } }
  /orders:
    post:
      operationId: placeOrder
      responses:
        201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
        202: { description: '' }
  /health:
    get: { security: [], responses: { default: { description: '', content: { text/plain: { example: fine } } } } }
  /old:
    get: { security: [], responses: { 301: { description: '' } } }
  /never:
    get:
      security: []
      responses: { 200: { description: '', content: { application/json: { schema: { type: string, allOf: [{ type: integer }] } } } } }
components:
  schemas:
    Order: { type: object, required: [id, count], properties: { id: { type: string, format: uuid }, count: { type: integer, minimum: 1, maximum: 99 } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(document: &Document, seed: u64) -> Mock {
    let scenario = Scenario::bundled().unwrap();
    let scenario = scenario.limited_to(&Names::of(&document.contracts().unwrap()));
    let plan = Plan::of(std::slice::from_ref(document), scenario, seed, now());
    Mock::new(plan.unwrap()).unwrap()
}

fn shop() -> Document {
    Document::read(Source::new("shop.yaml", SHOP), &[]).unwrap()
}

fn send(mock: &Mock, method: &str, target: &str) -> Answer {
    let request = Request::builder().method(method).uri(target);
    let request = request.header("authorization", "Bearer token-of-ada");
    answer(mock, &request.body(Bytes::new()).unwrap(), now())
}

fn body(answer: Answer) -> Value {
    serde_json::from_slice(&answer.into_bytes()).unwrap()
}

#[test]
fn each_operation_answers_with_the_success_that_it_declares() {
    let mock = mock(&shop(), 1);
    for (method, target, status) in [
        ("GET", "/orders/7", 200),
        ("HEAD", "/orders/7", 200),
        ("DELETE", "/orders/7", 204),
        ("POST", "/orders", 201),
        ("GET", "/health", 200),
        ("GET", "/old", 301),
    ] {
        let answer = send(&mock, method, target);
        assert_eq!(answer.status, status, "{method} {target}");
        assert!(answer.route.is_some() && answer.wrong.is_empty());
    }
    let read = send(&mock, "GET", "/orders/7");
    assert_eq!(read.headers["x-version"], "3");
    assert_eq!(read.headers["content-type"], "application/json");
    let document = shop();
    let declared = document.operations()[0].response(200).unwrap();
    let schema = declared.json().unwrap().schema.as_ref().unwrap();
    assert_eq!(schema.violations(&body(read)), []);
    let removed = send(&mock, "DELETE", "/orders/7");
    assert!(!removed.headers.contains_key("content-type"));
    assert_eq!(removed.into_bytes(), "");
    let health = send(&mock, "GET", "/health");
    assert_eq!(health.headers["content-type"], "text/plain");
    assert_eq!(health.into_bytes(), "fine");
}

#[test]
fn a_body_depends_on_the_seed_and_the_path_alone() {
    let document = shop();
    let read = |seed, target: &str| body(send(&mock(&document, seed), "GET", target));
    assert_eq!(read(1, "/orders/7"), read(1, "/orders/7"));
    assert_ne!(read(1, "/orders/7"), read(1, "/orders/8"));
    assert_ne!(read(1, "/orders/7"), read(2, "/orders/7"));
}

#[test]
fn credentials_and_parameters_come_before_the_answer() {
    let mock = mock(&shop(), 1);
    let request = Request::get("/orders/7").body(Bytes::new()).unwrap();
    let refused = answer(&mock, &request, now());
    assert_eq!(refused.status, 401);
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    assert_eq!(send(&mock, "GET", "/orders/0123456789").status, 422);
    assert_eq!(send(&mock, "PUT", "/orders/7").status, 405);
    assert_eq!(
        send(&mock, "OPTIONS", "/orders/7").headers["allow"],
        "DELETE, GET, HEAD, OPTIONS"
    );
    assert_eq!(send(&mock, "GET", "/nowhere").status, 404);
}

#[test]
fn a_schema_without_values_is_told_with_its_place() {
    let answer = send(&mock(&shop(), 1), "GET", "/never");
    assert_eq!(answer.status, 501);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let problem = body(answer);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("shop.yaml:"), "{detail}");
    assert!(problem["cure"].is_string(), "{problem}");
}

#[test]
fn each_operation_has_a_request_that_it_answers() {
    let mock = mock(&shop(), 1);
    let operations: Vec<_> = mock.operations().collect();
    assert_eq!(operations.len(), shop().operations().len());
    for one in operations {
        let sample = one.request(now()).unwrap();
        let mut request = Request::builder();
        for (name, value) in &sample.headers {
            request = request.header(name, value);
        }
        let request = request.method(sample.method.as_str()).uri(&sample.target);
        let answer = answer(&mock, &request.body(Bytes::new()).unwrap(), now());
        let expect = one.operation().id.contains("/never");
        assert_eq!(answer.status == 501, expect, "{sample:?}");
        assert!(answer.status.as_u16() < 400 || expect, "{sample:?}");
        let command = sample.curl("http://localhost:1");
        assert!(
            command.ends_with(&format!("'http://localhost:1{}'", sample.target)),
            "{command}"
        );
    }
}

#[test]
fn a_path_that_is_not_declared_is_answered_with_the_nearest_one() {
    let problem = body(send(&mock(&shop(), 1), "GET", "/order/7"));
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.ends_with("the nearest one is /orders/{order}"),
        "{detail}"
    );
}

#[test]
fn what_leads_to_a_schema_that_is_not_there_is_left_out_if_it_may_be() {
    let check = |required: &str, status: u16, words: &str| {
        let text = format!(
            "openapi: 3.1.0
paths:
  /a: {{ get: {{ responses: {{ 200: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/A' }}, example: {{ id: 1, owner: 7 }} }} }} }} }} }} }}
components:
  schemas:
    A: {{ type: object, required: {required}, properties: {{ id: {{ type: integer }}, owner: {{ $ref: '#/components/schemas/Gone' }} }} }}
"
        );
        let document = Document::read(Source::new("a.yaml", text), &[]).unwrap();
        let answer = send(&mock(&document, 1), "GET", "/a");
        assert_eq!(answer.status, status, "{required}");
        let body = String::from_utf8(answer.into_bytes().to_vec()).unwrap();
        assert!(body.contains(words), "{required}: {body}");
        // Nothing says that the example is right.
        assert!(!body.contains("\"owner\""), "{required}: {body}");
    };
    check("[id]", 200, "\"id\"");
    check("[id, owner]", 501, "a.yaml:6:");
}
