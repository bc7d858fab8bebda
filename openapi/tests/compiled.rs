//! Schemas are compiled one by one: what a reference leads to, and what a flaw in one of them spoils.

use openapi::{Document, Schema, Source};
use serde_json::{Value, json};

/// The schema of the answer to `GET /a`, in a document of `version` with these `schemas`.
fn schema(version: &str, written: &Value, schemas: &Value) -> Schema {
    let content = json!({ "application/json": { "schema": written } });
    let answer = json!({ "200": { "description": "", "content": content } });
    let document = json!({
        "openapi": version,
        "info": { "title": "A", "version": "1" },
        "paths": { "/a": { "get": { "responses": answer } } },
        "components": { "schemas": schemas },
    });
    let source = Source::new("a.json", document.to_string());
    let document = Document::read(source, &[]).unwrap();
    let response = document.operations()[0].response(200).unwrap();
    response.json().unwrap().schema.clone().unwrap()
}

/// The places of the value, and of the document, at which `value` breaks the schema.
fn check(schema: &Schema, value: &Value, expect: &[(&str, &str)]) {
    let found = schema.violations(value);
    let found = found.iter();
    let found: Vec<_> = found
        .map(|one| (one.instance.as_str(), one.pointer.as_str()))
        .collect();
    assert_eq!(found, expect, "{value}");
    assert_eq!(schema.is_valid(value), expect.is_empty(), "{value}");
}

#[test]
fn a_violation_behind_references_is_cited_where_it_stands() {
    let schemas = json!({
        "List": { "type": "array", "items": { "$ref": "#/components/schemas/Pet~1v1" } },
        "Pet/v1": { "type": "object", "properties": { "name": { "$ref": "#/components/schemas/Name" } } },
        "Name": { "type": "string", "maxLength": 3 },
    });
    for version in ["3.0.3", "3.1.0"] {
        let written = json!({ "$ref": "#/components/schemas/List" });
        let schema = schema(version, &written, &schemas);
        let at = "#/components/schemas/Name/maxLength";
        let pets = json!([{ "name": "Rex" }, { "name": "Bello" }, 7]);
        let wrong = ("/2", "#/components/schemas/Pet~1v1/type");
        check(&schema, &pets, &[("/1/name", at), wrong]);
        assert!(schema.defect().is_none());
    }
}

#[test]
fn what_stands_beside_a_reference_counts_since_3_1() {
    let schemas = json!({ "Name": { "type": "string" } });
    let written = json!({ "$ref": "#/components/schemas/Name", "maxLength": 1 });
    check(&schema("3.0.3", &written, &schemas), &json!("ab"), &[]);
    let at = "#/paths/~1a/get/responses/200/content/application~1json/schema/maxLength";
    check(
        &schema("3.1.0", &written, &schemas),
        &json!("ab"),
        &[("", at)],
    );
}

#[test]
fn a_flaw_spoils_its_own_schema_only() {
    let schemas = json!({
        "Good": { "type": "integer" },
        "Bad": { "type": "string", "pattern": "(" },
        "Wrong": { "type": "nothing" },
    });
    let written = json!({ "type": "object", "properties": {
        "good": { "$ref": "#/components/schemas/Good" },
        "bad": { "$ref": "#/components/schemas/Bad" },
    } });
    let schema = schema("3.1.0", &written, &schemas);
    let value = json!({ "good": "x", "bad": 1 });
    check(
        &schema,
        &value,
        &[
            ("/good", "#/components/schemas/Good/type"),
            ("/bad", "#/components/schemas/Bad/type"),
        ],
    );
    assert!(schema.defect().is_none());
    let flaws = schema.flaws();
    let places: Vec<_> = flaws.iter().map(openapi::Problem::pointer).collect();
    assert_eq!(places, [Some("#/components/schemas/Bad/pattern")]);
}

#[test]
fn a_keyword_that_is_written_wrongly_is_passed_over() {
    let none = json!({});
    for (version, written, refused, at) in [
        (
            "3.1.0",
            json!({ "type": "string", "pattern": "(", "maxLength": 2 }),
            json!("abc"),
            "/pattern",
        ),
        (
            "3.1.0",
            json!({ "required": ["a", "a"] , "type": "object" }),
            json!(1),
            "/required",
        ),
        (
            "3.1.0",
            json!({ "$recursiveAnchor": true, "type": "object" }),
            json!(1),
            "/$recursiveAnchor",
        ),
        (
            "3.0.0",
            json!({ "type": "nothing", "minimum": 3 }),
            json!(2),
            "/type",
        ),
        (
            "3.0.0",
            json!({ "type": "object", "properties": { "a": { "type": "object", "required": true }, "b": { "type": "integer" } } }),
            json!({ "b": "x" }),
            "/properties/a/required",
        ),
    ] {
        let schema = schema(version, &written, &none);
        assert!(schema.defect().is_none(), "{written}");
        assert!(
            !schema.is_valid(&refused),
            "{written}: the other keywords stand"
        );
        let flaws = schema.flaws();
        let places: Vec<_> = flaws
            .iter()
            .map(|flaw| flaw.pointer().unwrap().to_owned())
            .collect();
        assert_eq!(places, [format!("{}{at}", schema.pointer())], "{written}");
    }
    let twice = json!({ "type": "object", "required": ["a", "b", "a"] });
    let twice = schema("3.1.0", &twice, &none);
    assert!(
        !twice.is_valid(&json!({ "a": 1 })),
        "the list counts without its repeats"
    );
    assert!(twice.is_valid(&json!({ "a": 1, "b": 2 })));
    // It says that nothing is valid, and does not become a schema that accepts everything.
    let never = schema("3.0.0", &json!({ "enum": [] }), &none);
    assert!(never.defect().is_some() || !never.is_valid(&json!(1)));
}

#[test]
fn recursion_ends_with_the_value() {
    let schemas = json!({
        "Tree": { "type": "object", "properties": {
            "leaf": { "type": "integer" },
            "left": { "$ref": "#/components/schemas/Tree" },
        } },
    });
    let schema = schema(
        "3.1.0",
        &json!({ "$ref": "#/components/schemas/Tree" }),
        &schemas,
    );
    let tree = json!({ "left": { "left": { "leaf": "x" } } });
    let at = "#/components/schemas/Tree/properties/leaf/type";
    check(&schema, &tree, &[("/left/left/leaf", at)]);
}

#[test]
fn a_schema_that_comes_back_to_itself_ends_too() {
    let schemas = json!({
        "One": { "allOf": [{ "$ref": "#/components/schemas/Two" }, { "type": "string" }] },
        "Two": { "anyOf": [{ "$ref": "#/components/schemas/One" }, { "type": "integer" }] },
    });
    for name in ["One", "Two"] {
        let written = json!({ "$ref": format!("#/components/schemas/{name}") });
        let schema = schema("3.1.0", &written, &schemas);
        assert!(schema.is_valid(&json!("a")), "{name}");
        assert!(schema.defect().is_none(), "{name}");
    }
}

#[test]
fn a_chain_of_many_references_is_a_defect_and_no_end_of_the_stack() {
    let numbers = 0..20_000;
    let mut schemas: serde_json::Map<String, Value> = numbers
        .map(|number| {
            let next = format!("#/components/schemas/S{}", number + 1);
            (format!("S{number}"), json!({ "allOf": [{ "$ref": next }] }))
        })
        .collect();
    schemas.insert("S20000".to_owned(), json!({ "type": "integer" }));
    let written = json!({ "$ref": "#/components/schemas/S0" });
    let schema = schema("3.1.0", &written, &schemas.into());
    assert!(schema.is_valid(&json!(1)));
    let message = schema.defect().unwrap().message().to_owned();
    assert_eq!(message, "more than 256 references follow each other");
}

#[test]
fn unevaluated_properties_are_those_that_no_reference_speaks_of() {
    let schemas = json!({
        "Named": { "properties": { "name": { "$ref": "#/components/schemas/Name" } } },
        "Also": { "allOf": [{ "$ref": "#/components/schemas/Named" }] },
        "Name": { "type": "string" },
    });
    let written = json!({
        "allOf": [{ "$ref": "#/components/schemas/Also" }, { "properties": { "age": { "type": "integer" } } }],
        "unevaluatedProperties": false,
    });
    let schema = schema("3.1.0", &written, &schemas);
    let here = "#/paths/~1a/get/responses/200/content/application~1json/schema";
    let closed = format!("{here}/unevaluatedProperties");
    check(&schema, &json!({ "name": "a", "age": 1 }), &[]);
    check(
        &schema,
        &json!({ "name": "a", "tail": 1 }),
        &[("", &closed)],
    );
    let found = schema.violations(&json!({ "name": 1 }));
    let named = "#/components/schemas/Name/type";
    assert!(found.iter().any(|one| one.pointer == named), "{found:?}");
}

#[test]
fn anchors_are_found_wherever_they_stand() {
    let schemas = json!({
        "List": { "$defs": { "Item": { "$anchor": "item", "type": "integer" } } },
        "Node": { "$dynamicAnchor": "node", "properties": { "next": { "$dynamicRef": "#node" } }, "required": ["id"] },
    });
    let item = schema("3.1.0", &json!({ "$ref": "#item" }), &schemas);
    let at = "#/components/schemas/List/$defs/Item/type";
    check(&item, &json!("a"), &[("", at)]);
    let node = schema(
        "3.1.0",
        &json!({ "$ref": "#/components/schemas/Node" }),
        &schemas,
    );
    let at = "#/components/schemas/Node/required";
    check(&node, &json!({ "id": 1, "next": {} }), &[("/next", at)]);
}

#[test]
fn the_exclusive_bounds_of_3_0_are_read_in_3_1_too() {
    let written = json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "exclusiveMaximum": false });
    for version in ["3.0.3", "3.1.0"] {
        let schema = schema(version, &written, &json!({}));
        assert!(schema.defect().is_none(), "{version}");
        assert!(schema.is_valid(&json!(0.5)), "{version}");
        assert!(!schema.is_valid(&json!(0)), "{version}");
    }
}

#[test]
fn schemas_that_ask_twice_as_much_at_each_level_end() {
    let mut schemas =
        json!({ "S0": { "type": "object", "properties": { "x": { "maxLength": 1 } } } });
    for level in 1..60 {
        let below = json!({ "$ref": format!("#/components/schemas/S{}", level - 1) });
        let other = json!({ "allOf": [below] });
        schemas[format!("S{level}")] = json!({ "allOf": [below, other] });
    }
    let written = json!({ "$ref": "#/components/schemas/S59" });
    let schema = schema("3.1.0", &written, &schemas);
    assert!(schema.is_valid(&json!({ "x": "a" })));
    assert!(schema.violations(&json!({ "x": "a" })).is_empty());
    for wrong in [json!({ "x": "ab" }), json!("a text")] {
        assert!(!schema.is_valid(&wrong), "{wrong}");
        assert!(!schema.violations(&wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn names_are_asked_one_by_one() {
    // A validator makes a value of each name, perhaps where the one before was.
    let schemas = json!({ "Name": { "maxLength": 5 } });
    let written = json!({ "propertyNames": { "$ref": "#/components/schemas/Name" } });
    let schema = schema("3.1.0", &written, &schemas);
    let mut value = json!({});
    for number in 0..20_000 {
        value[format!("{number:05}")] = json!(0);
    }
    assert!(schema.is_valid(&value));
    value["too long"] = json!(0);
    assert!(!schema.is_valid(&value));
}
