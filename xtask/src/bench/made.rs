//! Documents made to be measured on: many operations, and schemas that are large and lead to each other.

use serde_json::{Map, Value, json};

/// A document with so many operations, five to a path's kind, each with schemas of its own: about 1 KB of JSON
/// for each operation.
pub(super) fn many_operations(operations: usize) -> String {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for kind in 0..operations.div_ceil(5) {
        schemas.insert(format!("Thing{kind}"), thing(kind));
        let schema = json!({ "$ref": format!("#/components/schemas/Thing{kind}") });
        let list = json!({
            "type": "object", "required": ["data", "has_more"],
            "properties": { "data": { "type": "array", "items": schema }, "has_more": { "type": "boolean" } },
        });
        let wrong = json!({ "$ref": "#/components/responses/Wrong" });
        let answer = |schema: &Value| {
            json!({
                "200": { "description": "As asked.", "content": { "application/json": { "schema": schema } } },
                "400": wrong, "404": wrong,
            })
        };
        let text = |name: &str, location: &str| json!({ "name": name, "in": location, "required": location == "path", "schema": { "type": "string" } });
        let limit = json!({
            "name": "limit", "in": "query",
            "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
        });
        let body =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        let operation = |word: &str, mut rest: Value| {
            rest["operationId"] = format!("{word}Thing{kind}").into();
            rest["summary"] = format!("{word} things of kind {kind}").into();
            rest["description"] = prose(kind, 6).into();
            rest["tags"] = json!([format!("kind {}", kind / 10)]);
            rest
        };
        let list = json!({
            "get": operation("list", json!({
                "parameters": [text("starting_after", "query"), limit], "responses": answer(&list),
            })),
            "post": operation("create", json!({ "requestBody": body, "responses": answer(&schema) })),
        });
        let one = json!({
            "parameters": [text("id", "path")],
            "get": operation("get", json!({ "responses": answer(&schema) })),
            "put": operation("update", json!({ "requestBody": body, "responses": answer(&schema) })),
            "delete": operation("delete", json!({ "responses": { "204": { "description": "Gone." }, "404": wrong } })),
        });
        paths.insert(format!("/v1/kind_{kind}/things"), list);
        paths.insert(format!("/v1/kind_{kind}/things/{{id}}"), one);
    }
    let wrong = json!({
        "type": "object", "required": ["code", "message"],
        "properties": { "code": { "type": "integer" }, "message": { "type": "string" } },
    });
    schemas.insert("Wrong".to_owned(), wrong);
    let wrong = json!({
        "description": "Wrong.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wrong" } } },
    });
    document(&paths, &schemas, &json!({ "Wrong": wrong }))
}

fn thing(kind: usize) -> Value {
    let words = |count: usize| (0..count).map(|word| format!("state_{kind}_{word}"));
    json!({
        "type": "object",
        "description": prose(kind, 12),
        "required": ["id", "name", "created_at", "state"],
        "properties": {
            "id": { "type": "string", "description": prose(kind, 2), "maxLength": 40 },
            "name": { "type": "string", "description": prose(kind + 1, 3), "maxLength": 80 },
            "created_at": { "type": "string", "format": "date-time" },
            "state": { "type": "string", "enum": words(12).collect::<Vec<_>>() },
            "email": { "type": "string", "format": "email", "nullable": true },
            "amount": { "type": "integer", "minimum": 0, "description": prose(kind + 2, 2) },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    })
}

/// A document with one list, whose items lead to so many schemas of about 5 KB each. A page has at most `most` items.
///
/// The list pages by the key of its last item. Every schema leads to three others, by an `allOf`, by a `oneOf` with a
/// discriminator, and by an object that may stand instead of its id.
pub(super) fn large_schemas(schemas: usize, most: usize) -> String {
    let known = (0..schemas).map(|number| (format!("Part{number}"), part(number, schemas)));
    let mut known: Map<String, Value> = known.collect();
    known.insert("Base".to_owned(), base());
    let page = json!({
        "type": "object", "required": ["data", "has_more"],
        "properties": {
            "data": { "type": "array", "items": { "$ref": "#/components/schemas/Part0" } },
            "has_more": { "type": "boolean" },
        },
    });
    let list = json!({ "get": {
        "operationId": "listParts",
        "parameters": [
            { "name": "after", "in": "query", "schema": { "type": "string" } },
            { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": most, "default": most / 5 } },
        ],
        "responses": {
            "200": { "description": "A page", "content": { "application/json": { "schema": page } } },
            "400": { "description": "Wrong" },
        },
        "x-pagination": {
            "name": "parts", "style": "cursor", "items": "$.data", "key": "$.id",
            "request": { "cursor": { "in": "query", "name": "after" }, "limit": { "in": "query", "name": "limit" } },
            "next": { "cursor": "$.data[-1:].id", "more": "$.has_more" },
        },
    } });
    let mut paths = Map::new();
    paths.insert("/parts".to_owned(), list);
    document(&paths, &known, &json!({}))
}

fn base() -> Value {
    json!({
        "type": "object",
        "required": ["id", "created_at"],
        "properties": {
            "id": { "type": "string", "pattern": "^part_[0-9a-f]{16}$" },
            "created_at": { "type": "string", "format": "date-time" },
        },
    })
}

fn part(number: usize, schemas: usize) -> Value {
    let other = |step: usize| json!({ "$ref": format!("#/components/schemas/Part{}", (number * 3 + step) % schemas) });
    let states = (0..40).map(|word| format!("state_{number}_{word}"));
    let tagged = |tag: &str, value: Value| {
        json!({
            "type": "object", "required": ["type"],
            "properties": { "type": { "type": "string", "enum": [tag] }, "value": value },
        })
    };
    let own = json!({
        "type": "object",
        "required": ["object", "code", "state", "email", "price", "detail"],
        "properties": {
            "object": { "type": "string", "enum": [format!("part_{number}")] },
            "code": { "type": "string", "pattern": "^[A-Z]{3}-\\d{4}(-[a-z]{2})?$", "description": prose(number, 8) },
            "state": { "type": "string", "enum": states.collect::<Vec<_>>(), "description": prose(number + 1, 8) },
            "email": { "type": "string", "format": "email", "description": prose(number + 2, 6) },
            "address": { "type": "string", "format": "uri", "nullable": true, "description": prose(number + 3, 6) },
            "price": { "type": "number", "minimum": 0, "multipleOf": 0.01, "description": prose(number + 4, 6) },
            "labels": {
                "type": "object", "maxProperties": 4, "description": prose(number + 5, 6),
                "additionalProperties": { "type": "string", "maxLength": 20 },
            },
            "owner": { "anyOf": [{ "type": "string", "maxLength": 40 }, other(1)], "description": prose(number + 6, 6) },
            "detail": {
                "description": prose(number + 7, 6),
                "oneOf": [
                    tagged("number", json!({ "type": "integer", "minimum": 1 })),
                    tagged("text", json!({ "type": "string", "minLength": 1, "maxLength": 30 })),
                    tagged("part", other(2)),
                ],
            },
            "parts": {
                "type": "array", "maxItems": 3, "items": other(3), "description": prose(number + 8, 6),
            },
        },
    });
    json!({
        "description": prose(number, 30),
        "allOf": [{ "$ref": "#/components/schemas/Base" }, own],
    })
}

/// So many sentences about a number.
fn prose(number: usize, sentences: usize) -> String {
    let sentence = |each| format!("Number {number} is told of in sentence {each} of {sentences}. ");
    (0..sentences).map(sentence).collect()
}

fn document(paths: &Map<String, Value>, schemas: &Map<String, Value>, responses: &Value) -> String {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Made", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas, "responses": responses },
    });
    document.to_string()
}

#[cfg(test)]
mod tests {
    use openapi::{Document, Source};

    use super::*;

    fn read(text: String) -> Document {
        let document = Document::read(Source::new("made.json", text), &[]).unwrap();
        assert!(document.warnings().is_empty(), "{:?}", document.warnings());
        document
    }

    #[test]
    fn a_made_document_has_its_operations_and_about_a_kilobyte_for_each() {
        let text = many_operations(1_000);
        assert!((800_000..1_300_000).contains(&text.len()), "{}", text.len());
        let document = read(text);
        assert_eq!(document.operations().len(), 1_000);
        assert_eq!(document.assumed().len(), 200);
    }

    #[test]
    fn the_items_of_a_made_list_lead_to_every_schema() {
        let text = large_schemas(400, 100);
        assert!(
            (1_800_000..2_600_000).contains(&text.len()),
            "{}",
            text.len()
        );
        let document = read(text);
        let contract = document.contracts().unwrap().swap_remove(0);
        assert!(contract.item().defect().is_none());
    }
}
