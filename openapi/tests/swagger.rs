//! Swagger 2.0 is read as the OpenAPI 3.0 document that says the same.

use openapi::{Document, Location, Source};
use serde_json::{Value, json};

const HEAD: &str = "swagger: '2.0'\ninfo: { title: a, version: '1' }\n";

fn document(rest: &str) -> Document {
    Document::read(Source::new("s.yaml", format!("{HEAD}{rest}")), &[]).unwrap()
}

/// The document with `rest`, which begins on line 3, has these values at these places, and no warnings.
fn check(rest: &str, expect: &[(&str, Value)]) {
    let document = document(rest);
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    for (pointer, value) in expect {
        assert_eq!(document.at(pointer), Some(value), "{pointer}");
    }
}

/// The document with `rest` has this one warning: `LINE:COLUMN: MESSAGE`.
fn warns(rest: &str, expect: &str) {
    let document = document(rest);
    let [only] = document.warnings() else {
        panic!("{rest}: {:?}", document.warnings());
    };
    assert_eq!(only.to_string(), format!("s.yaml:{expect}"));
}

#[test]
fn base_urls() {
    for (written, url) in [
        ("host: a.example\nbasePath: /v2/\n", "https://a.example/v2"),
        ("basePath: /v2\n", "/v2"),
        (
            "host: a.example:8080\nschemes: [http]\n",
            "http://a.example:8080",
        ),
    ] {
        check(written, &[("#/servers", json!([{ "url": url }]))]);
    }
    let two = document("host: a.example\nschemes: [https, http]\n");
    assert_eq!(two.at("#/servers/1/url"), Some(&json!("http://a.example")));
    assert_eq!(document("paths: {}\n").at("#/servers"), None);
}

#[test]
fn parameters_have_schemas_and_styles() {
    let get = "paths: { /a: { get: { parameters: [";
    check(
        &format!(
            "{get}{{ name: n, in: query, type: integer, maximum: 5, default: 2, required: true }}], responses: {{}} }} }} }}"
        ),
        &[(
            "#/paths/~1a/get/parameters/0",
            json!({
                "name": "n", "in": "query", "required": true,
                "schema": { "type": "integer", "maximum": 5, "default": 2 },
            }),
        )],
    );
    for (place, format, style) in [
        ("query", "csv", json!(["form", false])),
        ("query", "multi", json!(["form", true])),
        ("query", "ssv", json!(["spaceDelimited", false])),
        ("query", "pipes", json!(["pipeDelimited", false])),
        ("header", "csv", json!([null, null])),
    ] {
        let rest = format!(
            "{get}{{ name: n, in: {place}, type: array, collectionFormat: {format}, items: {{ type: string, x-nullable: true }} }}], responses: {{}} }} }} }}"
        );
        let read = document(&rest);
        assert!(read.warnings().is_empty(), "{:?}", read.warnings());
        let parameter = read.at("#/paths/~1a/get/parameters/0").unwrap();
        assert_eq!(json!([parameter["style"], parameter["explode"]]), style);
        let schema = json!({ "type": "array", "items": { "type": "string", "nullable": true } });
        assert_eq!(parameter["schema"], schema);
    }
}

#[test]
fn what_has_no_counterpart_is_a_warning_at_its_place() {
    let get = "paths:\n  /a:\n    post:\n      responses: {}\n      parameters:\n";
    for (parameters, expect) in [
        (
            "        - { name: n, in: query, type: array, items: {}, collectionFormat: tsv }\n",
            "8:57: `collectionFormat: tsv` in query has no counterpart in OpenAPI 3",
        ),
        (
            "        - { name: n, in: path, type: array, items: {}, collectionFormat: multi }\n",
            "8:56: `collectionFormat: multi` in path has no counterpart in OpenAPI 3",
        ),
        (
            "        - { name: n, in: query, type: array, items: { type: array, items: {}, collectionFormat: pipes } }\n",
            "8:79: `collectionFormat` of a list within a list has no counterpart in OpenAPI 3",
        ),
        (
            "        - { name: a, in: body, schema: {} }\n        - { name: b, in: formData, type: string }\n",
            "8:11: a parameter in `body` stands beside some in `formData`, and a request has one body",
        ),
        (
            "        - { name: a, in: body, schema: {} }\n        - { name: b, in: body, schema: {} }\n",
            "9:11: a second parameter in `body`, and a request has one body",
        ),
    ] {
        warns(&format!("{get}{parameters}"), expect);
    }
    warns(
        "securityDefinitions: { a: { type: oauth2, flow: magic } }\n",
        "3:43: `magic` is no `flow` of OAuth 2",
    );
}

#[test]
fn bodies() {
    check(
        "consumes: [application/json, text/plain]\npaths: { /a: { post: { parameters: [{ name: b, in: body, required: true, description: d, schema: { $ref: '#/definitions/A' } }], responses: {} } } }\ndefinitions: { A: { type: object } }\n",
        &[(
            "#/paths/~1a/post/requestBody",
            json!({
                "description": "d", "required": true,
                "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/A" } },
                    "text/plain": { "schema": { "$ref": "#/components/schemas/A" } },
                },
            }),
        )],
    );
    let fields = "{ name: a, in: formData, type: string, required: true }, { name: b, in: formData, type: array, items: { type: string }, collectionFormat: multi }";
    check(
        &format!("paths: {{ /a: {{ post: {{ parameters: [{fields}], responses: {{}} }} }} }}\n"),
        &[(
            "#/paths/~1a/post/requestBody",
            json!({
                "required": true,
                "content": { "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "properties": { "a": { "type": "string" }, "b": { "type": "array", "items": { "type": "string" } } },
                        "required": ["a"],
                    },
                    "encoding": { "b": { "style": "form", "explode": true } },
                } },
            }),
        )],
    );
    check(
        "paths: { /a: { post: { consumes: [application/json], parameters: [{ name: f, in: formData, type: file }], responses: {} } } }\n",
        &[(
            "#/paths/~1a/post/requestBody/content",
            json!({ "multipart/form-data": { "schema": {
                "type": "object", "properties": { "f": { "type": "string", "format": "binary" } },
            } } }),
        )],
    );
}

#[test]
fn bodies_and_parameters_are_shared_by_name_and_by_path() {
    let rest = "\
parameters:
  Body: { name: b, in: body, schema: { type: object } }
  Page: { name: page, in: query, type: integer }
paths:
  /a:
    parameters: [{ $ref: '#/parameters/Page' }, { $ref: '#/parameters/Body' }]
    post: { responses: {} }
    put: { consumes: [text/plain], parameters: [{ name: own, in: body, schema: {} }], responses: {} }
";
    check(
        rest,
        &[
            (
                "#/paths/~1a/parameters",
                json!([{ "$ref": "#/components/parameters/Page" }]),
            ),
            (
                "#/paths/~1a/post/requestBody/content",
                json!({ "application/json": { "schema": { "type": "object" } } }),
            ),
            (
                "#/paths/~1a/put/requestBody/content",
                json!({ "text/plain": { "schema": {} } }),
            ),
        ],
    );
    let document = document(rest);
    let page = &document.operations()[0].parameters[0];
    assert_eq!(
        (page.name.as_str(), page.location),
        ("page", Location::Query)
    );
    let body = "#/paths/~1a/post/requestBody/content/application~1json/schema";
    assert_eq!(document.cite(body), "s.yaml#/parameters/Body/schema");
}

#[test]
fn answers() {
    let rest = "\
produces: [application/json, application/xml]
paths:
  /a:
    get:
      responses:
        200: { description: d, schema: { $ref: '#/definitions/A' }, examples: { application/json: { id: 1 } }, headers: { X-Left: { type: integer, minimum: 0 } } }
        204: { description: none }
        404: { $ref: '#/responses/Gone' }
  /file: { get: { produces: [image/png], responses: { 200: { description: d, schema: { type: file } }, 404: { $ref: '#/responses/Gone' } } } }
responses: { Gone: { description: g, schema: { type: string } } }
definitions: { A: { required: [id], properties: { id: { type: integer, x-nullable: true } } } }
";
    check(
        rest,
        &[
            (
                "#/paths/~1a/get/responses/200",
                json!({
                    "description": "d",
                    "headers": { "X-Left": { "schema": { "type": "integer", "minimum": 0 } } },
                    "content": {
                        "application/json": { "schema": { "$ref": "#/components/schemas/A" }, "example": { "id": 1 } },
                        "application/xml": { "schema": { "$ref": "#/components/schemas/A" } },
                    },
                }),
            ),
            (
                "#/paths/~1a/get/responses/204",
                json!({ "description": "none" }),
            ),
            (
                "#/paths/~1a/get/responses/404",
                json!({ "$ref": "#/components/responses/Gone" }),
            ),
            (
                "#/paths/~1file/get/responses",
                json!({
                    "200": { "description": "d", "content": { "image/png": { "schema": { "type": "string", "format": "binary" } } } },
                    "404": { "description": "g", "content": { "image/png": { "schema": { "type": "string" } } } },
                }),
            ),
        ],
    );
    let document = document(rest);
    let body = document.operations()[0].response(200).unwrap().media[0]
        .schema
        .clone()
        .unwrap();
    assert!(body.is_valid(&json!({ "id": 1 })));
    assert!(body.is_valid(&json!({ "id": null })));
    assert!(!body.is_valid(&json!({})));
    let violations = body.violations(&json!({ "id": "1" }));
    assert_eq!(
        document.cite(&violations[0].pointer),
        "s.yaml#/definitions/A/properties/id/type"
    );
}

#[test]
fn schemas_and_references_into_moved_parts() {
    let rest = "\
paths:
  /a: { get: { responses: { 200: { description: d, schema: { type: object, properties: { n: { type: integer } } } } } } }
definitions:
  Pet: { discriminator: kind, required: [kind], properties: { kind: { type: string } } }
  N: { $ref: '#/paths/~1a/get/responses/200/schema/properties/n' }
  discriminator: { properties: { discriminator: { type: string } } }
";
    check(
        rest,
        &[
            (
                "#/components/schemas/Pet/discriminator",
                json!({ "propertyName": "kind" }),
            ),
            (
                "#/components/schemas/N/$ref",
                json!(
                    "#/paths/~1a/get/responses/200/content/application~1json/schema/properties/n"
                ),
            ),
            (
                "#/components/schemas/discriminator/properties/discriminator",
                json!({ "type": "string" }),
            ),
        ],
    );
}

#[test]
fn security() {
    check(
        "security: [{ key: [] }]\nsecurityDefinitions: { basic: { type: basic }, key: { type: apiKey, name: k, in: query }, code: { type: oauth2, flow: accessCode, authorizationUrl: 'https://a.example/a', tokenUrl: 'https://a.example/t', scopes: { read: r } } }\n",
        &[(
            "#/components/securitySchemes",
            json!({
                "basic": { "type": "http", "scheme": "basic" },
                "key": { "type": "apiKey", "name": "k", "in": "query" },
                "code": { "type": "oauth2", "flows": { "authorizationCode": {
                    "authorizationUrl": "https://a.example/a",
                    "tokenUrl": "https://a.example/t",
                    "scopes": { "read": "r" },
                } } },
            }),
        )],
    );
}

#[test]
fn flaws_are_placed_in_the_text_as_it_was_written() {
    warns(
        "definitions: { A: { $ref: '#/definitions/B' } }\n",
        "3:21: `$ref: #/definitions/B` leads nowhere",
    );
    warns(
        "paths: { /a: { get: { responses: { 200: 7 } } } }\n",
        "3:36: `200` must be an object: a response",
    );
    warns(
        "securityDefinitions: { a: { type: smoke } }\nsecurity: [{ a: [] }]\npaths: { /a: { get: {} } }\n",
        "3:29: `type` of the security scheme `a` is wrong or missing",
    );
}

#[test]
fn an_overlay_is_applied_to_what_the_document_became() {
    let overlay = "overlay: 1.0.0\ninfo: { title: a, version: '1' }\nactions: [{ target: $.components.schemas.A, update: { type: object } }]\n";
    let text = format!("{HEAD}definitions: {{ A: {{}} }}\n");
    let overlays = [Source::new("o.yaml", overlay)];
    let document = Document::read(Source::new("s.yaml", text), &overlays).unwrap();
    assert_eq!(
        document.cite("#/components/schemas/A/type"),
        "o.yaml#/actions/0/update/type"
    );
}

#[test]
fn no_wrong_value_anywhere_makes_the_conversion_panic() {
    let whole = json!({
        "swagger": "2.0", "host": "h", "basePath": "/b", "schemes": ["http"], "consumes": ["a/b"], "produces": ["a/b"],
        "paths": { "/a": {
            "parameters": [{ "name": "a", "in": "query", "type": "array", "items": {}, "collectionFormat": "tsv" }],
            "post": {
                "schemes": ["http"], "parameters": [{ "name": "b", "in": "formData", "type": "array", "items": {} }],
                "responses": { "200": { "schema": {}, "headers": { "h": {} }, "examples": { "a/b": 1 } } },
            },
        } },
        "definitions": { "A": { "discriminator": "a" } },
        "parameters": { "P": { "in": "body" } }, "responses": { "R": {} },
        "securityDefinitions": { "s": { "type": "oauth2", "flow": "implicit", "scopes": {} } },
    });
    let mut pointers = Vec::new();
    every_place(&whole, "", &mut pointers);
    for pointer in pointers {
        for wrong in [
            json!(null),
            json!(7),
            json!("x"),
            json!([]),
            json!({}),
            json!([[]]),
        ] {
            let mut changed = whole.clone();
            *changed.pointer_mut(&pointer).unwrap() = wrong;
            let _ = Document::read(Source::new("s.json", changed.to_string()), &[]);
        }
    }
}

fn every_place(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let mut inner = |key: &str, value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        every_place(value, &at, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| inner(key, value)),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| inner(&index.to_string(), value));
        }
        _ => {}
    }
}
