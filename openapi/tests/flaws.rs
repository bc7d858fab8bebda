//! A flaw in one place of a document leaves what does not depend on it.

use openapi::{Document, Source};
use serde_json::json;

/// One list whose schemas are whole, and one for each flaw.
const DOCUMENT: &str = "\
openapi: 3.1.0
info: { title: a, version: '1' }
paths:
  /whole: { get: { responses: { 200: { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/Whole' } } } } } } }
  /gone: { get: { responses: { 200: { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/Gone' } } } } } } }
  /file: { get: { responses: { 200: { description: d, content: { application/json: { schema: { $ref: 'other.yaml#/A' } } } } } } }
  /circle: { get: { responses: { 200: { description: d, content: { application/json: { schema: { properties: { a: { $ref: '#/components/schemas/Circle' } } } } } } } } }
  /null: { get: { parameters: null, security: null, responses: null } }
components:
  schemas:
    Whole: { type: object, required: [id], properties: { id: { type: integer } } }
    Circle: { $ref: '#/components/schemas/Other' }
    Other: { $ref: '#/components/schemas/Circle' }
    Beside: { properties: { a: { $ref: '#/components/schemas/Nothing' }, b: { $ref: 'https://example.com/b.json' } } }
";

#[test]
fn schemas_that_do_not_depend_on_a_flaw_are_validated() {
    let document = Document::read(Source::new("d.yaml", DOCUMENT), &[]).unwrap();
    assert_eq!(document.operations().len(), 5);
    let body = |path: &str| {
        let mut operations = document.operations().iter();
        let operation = operations.find(|one| one.path.to_string() == path);
        operation.unwrap().response(200).unwrap().media[0]
            .schema
            .clone()
            .unwrap()
    };
    let whole = body("/whole");
    assert!(whole.defect().is_none());
    assert!(whole.is_valid(&json!({ "id": 1 })));
    assert!(!whole.is_valid(&json!({ "id": "1" })));
    for path in ["/gone", "/file"] {
        assert!(body(path).defect().is_some(), "{path}");
    }
    // A circle of references accepts everything, because it demands nothing.
    assert!(body("/circle").is_valid(&json!({ "a": 1 })));
}

#[test]
fn a_path_without_its_slash_is_served_at_its_path() {
    let text = "openapi: 3.1.0\npaths: { pins: { get: { responses: {} } } }\n";
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    assert_eq!(document.operations()[0].path.to_string(), "/pins");
    assert_eq!(document.operations()[0].pointer, "#/paths/pins/get");
}
