//! What is legal, in either version and either format, is read as it was meant.

use openapi::{Document, Location, Operation, Schema, Scheme, Source, Version};
use serde_json::{Value, json};

fn read(name: &str, text: &str) -> Document {
    Document::read(Source::new(name, text), &[]).unwrap()
}

/// A 3.1 document with `rest` behind its head.
fn document(rest: &str) -> Document {
    let head = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\n";
    read("d.yaml", &format!("{head}{rest}"))
}

fn only_operation(document: &Document) -> Operation {
    let operations = document.operations();
    assert_eq!(operations.len(), 1, "{operations:?}");
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    operations[0].clone()
}

/// The schema of the JSON answer 200 of the only operation.
fn answer(document: &Document) -> Schema {
    let operation = only_operation(document);
    let media = operation.response(200).unwrap().json().unwrap();
    media.schema.clone().unwrap()
}

/// The schema of the only answer, `components` being the document's.
fn schema(reference: &str, components: &str) -> Schema {
    let paths = format!(
        "paths:\n  /a: {{ get: {{ responses: {{ 200: {{ description: d, content: {{ application/json: {{ schema: {reference} }} }} }} }} }} }}\n"
    );
    answer(&document(&format!("{paths}components:\n{components}")))
}

fn check(schema: &Schema, valid: &[Value], invalid: &[Value]) {
    assert!(schema.defect().is_none());
    for value in valid {
        assert_eq!(schema.violations(value), [], "{value}");
    }
    for value in invalid {
        assert!(!schema.is_valid(value), "{value}");
    }
}

#[test]
fn recursive_schemas_work() {
    let tree = "  schemas:\n    Tree: { type: object, required: [name], properties: { name: { type: string }, under: { type: array, items: { $ref: '#/components/schemas/Tree' } } } }";
    let schema = schema("{ $ref: '#/components/schemas/Tree' }", tree);
    let valid = json!({"name": "a", "under": [{"name": "b", "under": []}]});
    let invalid = json!({"name": "a", "under": [{"name": "b", "under": [{}]}]});
    check(&schema, &[valid], &[invalid]);
    let deep = schema
        .property("under")
        .and_then(|list| list.items())
        .unwrap();
    assert!(deep.property("under").is_some());
}

#[test]
fn a_schema_that_only_extends_itself_ends() {
    let itself = "  schemas:\n    A: { allOf: [{ $ref: '#/components/schemas/A' }], type: object }";
    let schema = schema("{ $ref: '#/components/schemas/A' }", itself);
    assert!(schema.is_valid(&json!({})));
    assert!(schema.property("any").is_none());
    assert_eq!(schema.types().first(), Some(&"object"));
}

#[test]
fn references_to_anchors_definitions_and_into_paths_work() {
    let anchored = "  schemas:\n    Node: { $anchor: node, properties: { next: { $ref: '#node' } }, additionalProperties: false }";
    let deeper = json!({"next": {"next": {}}});
    let wrong = json!({"next": {"previous": {}}});
    check(&schema("{ $ref: '#node' }", anchored), &[deeper], &[wrong]);

    let defined = "  schemas:\n    A: { properties: { b: { $ref: '#/components/schemas/A/$defs/B' } }, $defs: { B: { type: integer } } }";
    let schema_a = schema("{ $ref: '#/components/schemas/A' }", defined);
    check(&schema_a, &[json!({"b": 1})], &[json!({"b": "1"})]);

    let into_paths =
        "  schemas:\n    Id: { $ref: '#/paths/~1b~1%7Bid%7D/parameters/0/schema' }\n  x-none: 0\n";
    let paths = "paths:\n  /a: { get: { responses: { 200: { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/Id' } } } } } } }\n  /b/{id}: { parameters: [{ name: id, in: path, required: true, schema: { type: integer } }] }\n";
    let document = document(&format!("{paths}components:\n{into_paths}"));
    check(&answer(&document), &[json!(1)], &[json!("1")]);
    let resolved = answer(&document).resolved();
    assert_eq!(resolved.pointer(), "#/paths/~1b~1{id}/parameters/0/schema");
}

#[test]
fn names_that_a_reference_must_encode_are_found() {
    let components = "  schemas:\n    'Page[a#b c%20/ü]': { type: integer }";
    for reference in [
        "'#/components/schemas/Page%5Ba%23b%20c%2520~1%C3%BC%5D'",
        "'#/components/schemas/Page[a%23b c%2520~1ü]'",
    ] {
        let schema = schema(&format!("{{ $ref: {reference} }}"), components);
        check(&schema, &[json!(1)], &[json!("1")]);
        let violation = &schema.violations(&json!("1"))[0];
        assert_eq!(
            violation.pointer,
            "#/components/schemas/Page[a#b c%20~1ü]/type"
        );
        assert_eq!(violation.expected, "integer");
    }
    let paths = "paths: { /a%20b: { get: { responses: { 200: { description: d, content: { application/json: { schema: { type: integer } } } } } } } }";
    check(&answer(&document(paths)), &[json!(1)], &[json!("1")]);
}

#[test]
fn references_of_every_kind_are_followed() {
    let document = document(
        "
paths:
  /a: { $ref: '#/components/pathItems/A' }
security: [{ key: [], other: [], certificate: [] }, {}]
components:
  pathItems:
    A:
      parameters:
        - { $ref: '#/components/parameters/Shared' }
        - { $ref: '#/components/parameters/Own' }
      post:
        operationId: make
        parameters: [{ name: own, in: query, required: true, schema: { type: integer } }]
        requestBody: { $ref: '#/components/requestBodies/B' }
        responses: { 4xx: { $ref: '#/components/responses/R' }, default: { $ref: '#/components/responses/R' }, x-a: 1 }
  parameters:
    Shared: { name: X-Trace, in: header, schema: { $ref: '#/components/schemas/S' } }
    Own: { name: own, in: query, schema: { type: string } }
  requestBodies: { B: { content: { text/plain: {} } } }
  responses: { R: { description: wrong, content: { application/problem+json: { schema: { $ref: '#/components/schemas/S' }, example: { x-a: 1, schema: 2 } } } } }
  schemas: { S: { type: integer } }
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key }, other: { type: openIdConnect }, certificate: { type: mutualTLS } }
",
    );
    let operation = only_operation(&document);
    assert_eq!(
        (operation.id.as_str(), operation.method.as_str()),
        ("make", "POST")
    );
    let trace = operation.parameter(Location::Header, "x-trace").unwrap();
    assert_eq!(trace.read("7"), Ok(json!(7)));
    assert!(
        operation
            .parameter(Location::Query, "own")
            .unwrap()
            .required
    );
    let statuses: Vec<_> = operation.statuses().collect();
    assert_eq!(statuses, ["4xx", "default"]);
    for status in [404, 500] {
        let media = operation.response(status).unwrap().json().unwrap();
        check(media.schema.as_ref().unwrap(), &[json!(1)], &[json!("")]);
        assert_eq!(media.example, Some(json!({"x-a": 1, "schema": 2})));
    }
    let key = Scheme::ApiKey(Location::Header, "X-Key".to_owned());
    let either = vec![vec![key, Scheme::Other("other".to_owned())], vec![]];
    assert_eq!(operation.security, either);
}

#[test]
fn names_that_look_like_words_of_the_specification_are_names() {
    let document = document(
        "
paths:
  /a: { get: { parameters: [{ $ref: '#/components/parameters/schema' }], responses: {} } }
components:
  parameters: { schema: { name: schema, in: query, schema: { type: integer }, example: { $ref: nowhere } } }
  headers: { x-schema: { schema: { type: string } } }
  examples: { A: { value: { $ref: '#/nowhere' } } }
  schemas:
    A: { properties: { $ref: { type: string }, default: { $ref: '#/components/schemas/A' }, enum: {} }, default: { $ref: '#/nowhere' } }
",
    );
    let operation = only_operation(&document);
    assert!(operation.parameter(Location::Query, "schema").is_some());
}

#[test]
fn version_3_0_speaks_its_own_dialect() {
    let text = "
openapi: 3.0.3
info: { title: a, version: '1' }
paths:
  /a:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 0, exclusiveMinimum: true, maximum: 10, exclusiveMaximum: true } }
      responses:
        200:
          description: d
          content:
            application/json:
              schema: { type: object, properties: { a: { type: string, nullable: true }, b: { $ref: '#/components/schemas/B', nullable: true } } }
components: { schemas: { B: { type: integer } } }
";
    let document = read("d.yaml", text);
    assert_eq!(document.version(), Version::V3_0);
    let schema = answer(&document);
    check(
        &schema,
        &[json!({"a": null, "b": 1}), json!({"a": "", "b": null})],
        &[json!({"a": 1}), json!({"b": ""})],
    );
    assert_eq!(schema.property("a").unwrap().types(), ["string", "null"]);
    let operation = only_operation(&document);
    let limit = operation.parameter(Location::Query, "limit").unwrap();
    for (text, read) in [("0", false), ("1", true), ("9", true), ("10", false)] {
        assert_eq!(limit.read(text).is_ok(), read, "{text}");
    }
}

#[test]
fn version_3_1_may_leave_out_paths_and_responses() {
    assert!(
        document("webhooks: { a: { post: { description: called } } }")
            .operations()
            .is_empty()
    );
    let operation = only_operation(&document(
        "paths: { /a: { get: { summary: nothing said } } }",
    ));
    assert!(operation.statuses().next().is_none() && operation.security.is_empty());
    assert_eq!(operation.id, "GET /a");
}

#[test]
fn json_is_read_as_yaml_is() {
    let json = "{\"openapi\": \"3.1.0\",\n\t\"info\": {\"title\": \"a\", \"version\": \"1\"},\n\t\"x-big\": -9223372036854776000, \"paths\": {}}";
    for name in ["d.json", "d.txt"] {
        assert_eq!(
            read(name, json).at("#/x-big"),
            Some(&json!(-9_223_372_036_854_776_000.0))
        );
    }
    let flow = "{openapi: 3.1.0, info: {title: a, version: '1'}}";
    assert_eq!(read("d.yaml", flow).at("#/info/title"), Some(&json!("a")));
    read("d.json", &format!("\u{feff}{json}"));
}

#[test]
fn yaml_is_read_as_1_2() {
    let document = document(
        "x: { no: no, on: on, 200: 0x1F, true: 1e3, big: 123456789012345678901234567890, date: 2020-01-01 }",
    );
    let expect = json!({"no": "no", "on": "on", "200": 31, "true": 1000.0, "big": 123_456_789_012_345_680_000_000_000_000.0, "date": "2020-01-01"});
    assert_eq!(document.at("#/x"), Some(&expect));
}

/// The violations of `value`, each with its place and the place of its keyword.
fn broken(schema: &Schema, value: &Value) -> Vec<String> {
    let violations = schema.violations(value);
    let violations = violations.iter();
    let found = violations.map(|one| format!("{} {}", one.instance, one.pointer));
    found.collect()
}

#[test]
fn null_is_accepted_wherever_nullable_stands_in_version_3_0() {
    let schemas = "
  schemas:
    A:
      type: object
      properties:
        text: { type: string, nullable: true }
        word: { type: string, nullable: true, enum: [a, b] }
        beside: { $ref: '#/components/schemas/B', nullable: true }
        all: { nullable: true, allOf: [{ $ref: '#/components/schemas/B' }, { type: object, required: [n] }] }
        one: { nullable: true, oneOf: [{ $ref: '#/components/schemas/B' }, { type: string }] }
        strict: { $ref: '#/components/schemas/B' }
    B: { type: object, properties: { n: { type: integer } } }
";
    let read = |version: &str| {
        let text = format!(
            "openapi: {version}\npaths: {{ /a: {{ get: {{ responses: {{ 200: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/A' }} }} }} }} }} }} }} }}\ncomponents:{schemas}"
        );
        let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
        let response = document.operations()[0].response(200).unwrap();
        response.json().unwrap().schema.clone().unwrap()
    };
    let schema = read("3.0.3");
    for name in ["text", "word", "beside", "all", "one"] {
        assert_eq!(broken(&schema, &json!({ name: null })), [""; 0], "{name}");
        assert!(!schema.is_valid(&json!({ name: 7 })), "{name}");
    }
    assert!(!schema.is_valid(&json!({ "strict": null })));
    // The violation is that of the schema that the document wrote.
    let place = "/components/schemas/B/properties/n/type";
    for (value, place) in [
        (
            json!({ "beside": { "n": "x" } }),
            format!("/beside/n #{place}"),
        ),
        (json!({ "all": { "n": "x" } }), format!("/all/n #{place}")),
    ] {
        assert_eq!(broken(&schema, &value), [place]);
    }
    assert!(!read("3.1.0").is_valid(&json!({ "text": null })));
}

#[test]
fn what_is_only_for_requests_is_not_required_of_answers() {
    let schemas = "
  schemas:
    A: { allOf: [{ $ref: '#/components/schemas/B' }, { required: [secret, seen], properties: { seen: { type: string, readOnly: true } } }] }
    B: { type: object, required: [secret], properties: { secret: { type: string, writeOnly: true } } }
";
    for version in ["3.0.3", "3.1.0"] {
        let text = format!(
            "openapi: {version}\npaths: {{ /a: {{ get: {{ responses: {{ 200: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/A' }} }} }} }} }} }} }} }}\ncomponents:{schemas}"
        );
        let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
        let response = document.operations()[0].response(200).unwrap();
        let schema = response.json().unwrap().schema.clone().unwrap();
        assert!(schema.is_valid(&json!({ "seen": "" })), "{version}");
        assert!(!schema.is_valid(&json!({ "secret": "" })), "{version}");
        assert!(schema.requires("seen") && !schema.requires("secret"));
    }
}

#[test]
fn the_word_of_a_discriminator_chooses_the_branch() {
    let schemas = "
  schemas:
    A: { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }], discriminator: { propertyName: kind, mapping: { meow: '#/components/schemas/Cat', woof: Dog } } }
    Cat: { type: object, properties: { n: { type: integer } } }
    Dog: { type: object, properties: { n: { type: string } } }
";
    let text = format!(
        "openapi: 3.0.3\npaths: {{ /a: {{ get: {{ responses: {{ 200: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/A' }} }} }} }} }} }} }} }}\ncomponents:{schemas}"
    );
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let response = document.operations()[0].response(200).unwrap();
    let schema = response.json().unwrap().schema.clone().unwrap();
    assert!(schema.is_valid(&json!({ "kind": "woof" })));
    assert!(schema.is_valid(&json!({ "kind": "meow", "n": 9 })));
    let wrong = broken(&schema, &json!({ "kind": "meow", "n": "nine" }));
    assert_eq!(wrong, ["/n #/components/schemas/Cat/properties/n/type"]);
    let wrong = broken(&schema, &json!({ "kind": "moo" }));
    assert_eq!(wrong, [" #/components/schemas/A/oneOf"]);
}
