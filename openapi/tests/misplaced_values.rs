//! Values that break the schema they stand in are told with their place.

use openapi::{Document, Source};

fn document(schema: &str) -> Document {
    let text = format!(
        "openapi: 3.1.0
info: {{ title: a, version: '1' }}
paths:
  /a:
    get:
      parameters:
        - {{ name: q, in: query, schema: {{ $ref: '#/components/schemas/Plain' }} }}
      responses:
        '200':
          description: a
          content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }}
components:
  schemas:
    Plain: {{ type: string, enum: [a, b], default: a, example: b }}
    Thing: {schema}
"
    );
    Document::read(Source::new("d.yaml", text), &[]).unwrap()
}

/// A thing with this schema has one wrong value, at `pointer` below it, because of what `why` says.
fn check(schema: &str, pointer: &str, why: &str) {
    let document = document(schema);
    let found = document.misplaced_values_of(&document.operations()[0]);
    let [only] = found.as_slice() else {
        panic!("{schema}: {found:?}");
    };
    let expect = format!("#/components/schemas/Thing{pointer}");
    assert_eq!(only.pointer, expect, "{schema}");
    assert!(only.message.contains(why), "{schema}: {}", only.message);
    let warnings = document.misplaced_values();
    let [warning] = warnings.as_slice() else {
        panic!("{schema}: {warnings:?}");
    };
    assert_eq!(warning.message(), only.message);
    assert!(
        warning.to_string().starts_with("d.yaml:15:"),
        "{schema}: {warning}"
    );
}

#[test]
fn wrong_values_of_each_keyword_are_found_wherever_their_schema_stands() {
    check("{ type: string, example: 7 }", "/example", "`example`");
    check("{ type: integer, default: x }", "/default", "`default`");
    check("{ type: integer, enum: [1, two] }", "/enum/1", "`enum`");
    check(
        "{ type: string, maxLength: 2, examples: [ab, abc] }",
        "/examples/1",
        "longer than 2",
    );
    check(
        "{ type: object, properties: { at: { type: string, format: date-time, example: now } } }",
        "/properties/at/example",
        "date-time",
    );
    check(
        "{ type: array, items: { allOf: [{ type: number, minimum: 0, default: -1 }] } }",
        "/items/allOf/0/default",
        "less than the minimum",
    );
    check(
        "{ additionalProperties: { oneOf: [{ type: boolean, example: 'yes' }] } }",
        "/additionalProperties/oneOf/0/example",
        "boolean",
    );
}

#[test]
fn right_values_are_not_told_of() {
    for schema in [
        "{ type: string, example: x, default: y, enum: [x, y] }",
        "{ type: [string, 'null'], enum: [x, null], default: null }",
        "{ type: number, multipleOf: 0.01, example: 0.07 }",
        "{ type: object, example: { a: 1 }, properties: { a: { type: integer, example: 2 } } }",
        "{ $ref: '#/components/schemas/Plain', example: a }",
        "{ type: object, properties: { self: { $ref: '#/components/schemas/Thing' } } }",
    ] {
        let document = document(schema);
        let found = document.misplaced_values_of(&document.operations()[0]);
        assert_eq!(found, [], "{schema}");
        assert!(document.misplaced_values().is_empty(), "{schema}");
    }
}

#[test]
fn examples_of_bodies_are_held_to_their_schema() {
    let text = "openapi: 3.1.0
info: { title: a, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { type: integer }, example: one } } }
      responses:
        '200':
          description: a
          content:
            application/json:
              schema: { type: integer }
              examples: { right: { value: 1 }, wrong: { value: x } }
";
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let found = document.misplaced_values_of(&document.operations()[0]);
    let pointers: Vec<_> = found.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "#/paths/~1a/post/responses/200/content/application~1json/examples/wrong",
            "#/paths/~1a/post/requestBody/content/application~1json/example",
        ]
    );
}

#[test]
fn very_many_schemas_are_not_all_looked_at_for_one_operation() {
    let fields = (0..2_000).map(|number| format!("f{number}: {{ type: string, example: 7 }}"));
    let fields = fields.collect::<Vec<_>>().join(", ");
    let document = document(&format!("{{ properties: {{ {fields} }} }}"));
    let found = document.misplaced_values_of(&document.operations()[0]);
    assert_eq!(found.len(), 64);
    assert_eq!(document.misplaced_values().len(), 41);
}
