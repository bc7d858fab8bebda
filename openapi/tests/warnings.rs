//! A part of a document that cannot be read is a warning at its place, and leaves the others standing.

use miette::Diagnostic;
use openapi::{Document, Location, Source};

const HEAD: &str = "openapi: 3.2.0\ninfo: { title: a, version: '1', description: d }\n";

fn document(rest: &str) -> Document {
    Document::read(Source::new("d.yaml", format!("{HEAD}{rest}")), &[]).unwrap()
}

/// What is left of a document: each operation, its parameters and its answers.
fn left(document: &Document) -> Vec<String> {
    let words = |operation: &openapi::Operation| {
        let parameters = operation.parameters.iter().map(|one| one.name.as_str());
        let answers = operation.statuses();
        let parts: Vec<_> = parameters.chain(answers).collect();
        format!(
            "{} {}: {}",
            operation.method,
            operation.path,
            parts.join(" ")
        )
        .trim_end()
        .to_owned()
    };
    document.operations().iter().map(words).collect()
}

/// Reading `rest`, which begins on line 3, leaves `operations`, and one warning: `LINE:COLUMN: MESSAGE`.
fn check(rest: &str, operations: &[&str], warning: &str) {
    let document = document(rest);
    assert_eq!(left(&document), operations, "{rest}");
    let [only] = document.warnings() else {
        panic!("{rest}: {:?}", document.warnings());
    };
    assert_eq!(only.to_string(), format!("d.yaml:{warning}"));
    assert!(only.help().is_some(), "no cure: {only}");
    assert_eq!(only.severity(), Some(miette::Severity::Warning));
}

#[test]
fn a_path_item() {
    let stands = "  /b: { get: { responses: { 200: { description: d } } } }\n";
    for (wrong, warning) in [
        ("/a: 7", "4:3: `/a` must be an object: a path item"),
        (
            "/a: { $ref: '#/info' }",
            "4:9: `$ref: #/info` leads to no path item",
        ),
        (
            "a: {}",
            "4:3: `a` is no path, because it has no `/` before it",
        ),
        ("/a: { GET: {} }", "4:9: `GET` is no key of a path item"),
        ("/a: { parameters: {} }", "4:9: `parameters` must be a list"),
        ("/a: { get: [] }", "4:9: `get` must be an object"),
        (
            "/a: { additionalOperations: 7 }",
            "4:9: `additionalOperations` must be an object",
        ),
        (
            "/a: { additionalOperations: { 'A B': {} } }",
            "4:33: `A B` is no name of a method",
        ),
        (
            "/a: { $ref: '#/components/pathItems/A', post: {} }",
            "4:43: `post` stands beside a `$ref`, which replaces it",
        ),
    ] {
        let tail = "components: { pathItems: { A: {} } }\n";
        check(
            &format!("paths:\n  {wrong}\n{stands}{tail}"),
            &["GET /b: 200"],
            warning,
        );
    }
}

#[test]
fn a_part_of_an_operation() {
    let stands = "responses: { 200: { description: d } }";
    let operation = "GET /a: 200";
    for (wrong, warning) in [
        ("operationId: 7", "4:16: `operationId` must be text"),
        ("parameters: 7", "4:16: `parameters` must be a list"),
        (
            "parameters: [7]",
            "4:29: `0` must be an object: a parameter",
        ),
        (
            "parameters: [{ $ref: '#/info' }]",
            "4:31: `$ref: #/info` leads to no parameter",
        ),
        (
            "parameters: [{ name: a, in: smoke, content: {} }]",
            "4:40: `in: smoke` of the parameter `a` is not supported",
        ),
        (
            "parameters: [{ in: query, schema: {} }]",
            "4:29: `name` is missing from this parameter, or is no text",
        ),
        ("security: 7", "4:16: `security` must be a list"),
        (
            "security: [{ None: [] }]",
            "4:29: `None` is no security scheme of this document",
        ),
        (
            "security: [{ Foreign: [] }]",
            "5:79: `scheme` of the security scheme `Foreign` is wrong or missing",
        ),
        (
            "security: [{ Odd: [] }]",
            "5:41: `type` of the security scheme `Odd` is wrong or missing",
        ),
    ] {
        let tail = "components: { securitySchemes: { Odd: { type: smoke }, Foreign: { type: http, scheme: É } } }\n";
        check(
            &format!("paths:\n  /a: {{ get: {{ {wrong}, {stands} }} }}\n{tail}"),
            &[operation],
            warning,
        );
    }
}

#[test]
fn a_parameter_without_a_schema_accepts_every_value() {
    let rest = "paths:\n  /a: { get: { parameters: [{ name: a, in: query }] } }\n";
    check(
        rest,
        &["GET /a: a"],
        "4:29: `schema` is missing from `a`, so every value is accepted",
    );
    let document = document(rest);
    assert!(document.operations()[0].parameters[0].read("x").is_ok());
}

#[test]
fn a_parameter_of_the_path_that_is_not_declared_accepts_every_value() {
    let written = "
paths:
  /rooms/{room}/{0}/doors/{door}:
    get:
      parameters: [{ name: door, in: path, required: true, schema: { type: string } }]
      responses: { 200: { description: '' } }
";
    let document = document(written);
    let operation = &document.operations()[0];
    let room = operation.parameter(Location::Path, "room").unwrap();
    assert!(room.required && room.read("7 a").is_ok());
    // Its name is also the place of a declared parameter in the list.
    let numbered = operation.parameter(Location::Path, "0").unwrap();
    assert!(numbered.schema.types().is_empty() && numbered.read("a").is_ok());
    let warnings: Vec<_> = document
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    let told = warnings
        .iter()
        .filter(|one| one.contains("`{room}` of the path is not declared"));
    assert_eq!(told.count(), 1, "{warnings:?}");
    assert!(
        !warnings.iter().any(|one| one.contains("{door}")),
        "{warnings:?}"
    );
}

#[test]
fn an_answer_and_a_header() {
    for (wrong, warning) in [
        ("404: 7", "4:29: `404` must be an object: a response"),
        (
            "404: { $ref: '#/info' }",
            "4:36: `$ref: #/info` leads to no response",
        ),
        (
            "4040: { description: d }",
            "4:29: `4040` is no status of an answer",
        ),
    ] {
        let rest = format!("paths:\n  /a: {{ get: {{ responses: {{ {wrong}, 200: {{}} }} }} }}\n");
        check(&rest, &["GET /a: 200"], warning);
    }
    let rest = "paths:\n  /a: { get: { responses: { 200: { headers: { A: 7, Link: { schema: { type: string } } } } } } }\n";
    check(
        rest,
        &["GET /a: 200"],
        "4:47: `A` must be an object: a header",
    );
    let document = document(rest);
    let headers = &document.operations()[0].response(200).unwrap().headers;
    assert_eq!(headers.len(), 1);
    assert_eq!(
        (headers[0].name.as_str(), headers[0].location),
        ("Link", Location::Header)
    );
}

#[test]
fn one_wrong_part_is_one_warning_for_many_operations() {
    let uses = "{ get: { parameters: [{ $ref: '#/components/parameters/P' }] } }";
    let rest = format!(
        "paths:\n  /a: {uses}\n  /b: {uses}\ncomponents: {{ parameters: {{ P: {{ in: smoke, name: p }} }} }}\n"
    );
    check(
        &rest,
        &["GET /a:", "GET /b:"],
        "6:34: `in: smoke` of the parameter `p` is not supported",
    );
}

#[test]
fn warnings_are_bounded() {
    let paths: String = (0..100)
        .map(|index| format!("  p{index}: {{}}\n"))
        .collect();
    let document = document(&format!("paths:\n{paths}"));
    let warnings = document.warnings();
    assert_eq!(warnings.len(), 33);
    assert_eq!(
        warnings[32].message(),
        "d.yaml: 68 more parts cannot be read"
    );
}

#[test]
fn what_overlays_wrote_is_warned_of_there() {
    let overlay = "overlay: 1.0.0\ninfo: { title: a, version: '1' }\nactions:\n  - target: $\n    update: { paths: { a: {} } }\n";
    let source = Source::new("d.yaml", format!("{HEAD}paths: {{ b: {{}} }}\n"));
    let document = Document::read(source, &[Source::new("o.yaml", overlay)]).unwrap();
    let places: Vec<_> = document
        .warnings()
        .iter()
        .map(openapi::Problem::place)
        .collect();
    let expect = ["d.yaml:3:10", "o.yaml:5:24"].map(|place| Some(place.to_owned()));
    assert_eq!(places, expect);
}

#[test]
fn methods_of_version_3_2_are_operations() {
    let document = document(
        "paths:\n  /a:\n    query: { responses: {} }\n    additionalOperations: { COPY: { responses: { 201: {} } } }\n",
    );
    assert_eq!(left(&document), ["QUERY /a:", "COPY /a: 201"]);
    assert_eq!(
        document.operations()[1].pointer,
        "#/paths/~1a/additionalOperations/COPY"
    );
    assert!(document.warnings().is_empty());
}

#[test]
fn callbacks_and_empty_scopes_are_nobodys_business() {
    let document = document(
        "paths:\n  /a: { post: { callbacks: { c: { $ref: '#/components/callbacks/C' } }, security: [{ s: null }], tags: 7, responses: {} } }\ncomponents:\n  callbacks: { C: { '{$request.body#/url}': { post: {} } } }\n  securitySchemes: { s: { type: http, scheme: bearer } }\n",
    );
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    assert_eq!(document.operations()[0].security.len(), 1);
}

#[test]
fn a_timeline_that_needs_a_part_that_cannot_be_read_is_an_error() {
    let document = document(
        "paths:\n  /a: { get: { parameters: [{ name: from, in: smoke }], responses: { 200: { content: { application/json: { schema: { properties: { items: { items: { properties: { id: {} } } } } } } } } }, x-pagination: { style: cursor, items: $.items, key: $.id, request: { cursor: { in: query, name: from } }, next: { cursor: '$.items[-1:].id' } } } }\n",
    );
    assert_eq!(document.warnings().len(), 1);
    let problem = document.contracts().unwrap_err();
    assert_eq!(
        problem.message(),
        "the operation has no query parameter `from`"
    );
}
