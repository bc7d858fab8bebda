//! Lists, objects and JSON in parameters are read, and refused if they are wrong.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Names, Source};

const SEARCH: &str = "
openapi: 3.2.0
info: { title: Search, version: '1' }
paths:
  /lists/{ids}:
    get:
      parameters:
        - { name: ids, in: path, required: true, style: label, schema: { type: array, items: { type: integer } } }
        - { name: tags, in: query, required: true, schema: { type: array, items: { enum: [a, b] }, maxItems: 2 } }
        - { name: X-Sizes, in: header, schema: { type: array, items: { type: integer } } }
        - { name: Accept, in: header, required: true, schema: { type: integer } }
      responses: { 204: { description: '' }, 400: { description: '' } }
  /objects:
    get:
      parameters:
        - { name: filter, in: query, style: deepObject, schema: { type: object, properties: { size: { type: integer } } } }
        - { name: page, in: query, schema: { type: object, properties: { from: { type: integer } } } }
        - { name: where, in: query, content: { application/json: { schema: { type: object, required: [id] } } } }
      responses: { 204: { description: '' }, 400: { description: '' } }
  /whole:
    get:
      parameters: [{ name: q, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { size: { type: integer } } } } } }]
      responses: { 204: { description: '' }, 400: { description: '' } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn check(target: &str, headers: &[(&str, &str)], is_good: bool) {
    let document = Document::read(Source::new("search.yaml", SEARCH), &[]).unwrap();
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    let scenario = Scenario::bundled().unwrap();
    let scenario = scenario.limited_to(&Names::of(&document.contracts().unwrap()));
    let mock = Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap();
    let mock = mock.with_strict_requests();
    let mut request = Request::builder().uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = answer(&mock, &request.body(Bytes::new()).unwrap(), now());
    let expect = if is_good {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::BAD_REQUEST
    };
    assert_eq!(answer.status, expect, "{target} {:?}", answer.wrong);
}

#[test]
fn lists_are_read_wherever_they_are_sent() {
    check("/lists/.1,2?tags=a&tags=b", &[], true);
    check("/lists/.1,x?tags=a", &[], false);
    check("/lists/.1", &[], false);
    check("/lists/.1?tags=c", &[], false);
    check("/lists/.1?tags=a&tags=b&tags=a", &[], false);
    check(
        "/lists/.1?tags=a",
        &[("x-sizes", "1, 2"), ("x-sizes", "3")],
        true,
    );
    check("/lists/.1?tags=a", &[("x-sizes", "1, b")], false);
}

#[test]
fn the_names_of_objects_are_declared() {
    check("/objects", &[], true);
    check("/objects?filter[size]=1&from=2", &[], true);
    check("/objects?filter%5Bsize%5D=x", &[], false);
    check("/objects?from=x", &[], false);
    check("/objects?other=1", &[], false);
    check("/objects?page=1", &[], false);
}

#[test]
fn json_and_the_whole_query_are_values() {
    check("/objects?where=%7B%22id%22%3A1%7D", &[], true);
    check("/objects?where=%7B%7D", &[], false);
    check("/objects?where=x", &[], false);
    check("/whole?size=1&other=2", &[], true);
    check("/whole?size=x", &[], false);
    check("/whole", &[], true);
}
