//! Local references: following them, and checking at the start that each leads somewhere.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{join, pointer, tokens};

/// The pointer that a chain of `$ref`s from `start` ends at; a chain that only comes back to itself was
/// refused by [`check`].
pub(crate) fn follow(root: &Value, start: &str) -> String {
    walk(root, start).unwrap_or_else(|_| start.to_owned())
}

/// Every `$ref` leads somewhere, and not only to itself; else the pointer of the first that does not, and
/// what is wrong with it.
pub(crate) fn check(root: &Value) -> Result<(), (String, String)> {
    each_reference(root, "#", Inside::Object, &mut |pointer, reference| {
        let wrong = |message: String| Err((join(pointer, "$ref"), message));
        if !reference.starts_with('#') {
            return wrong(format!("`$ref: {reference}` leads out of this document"));
        }
        match walk(root, pointer) {
            Ok(_) => Ok(()),
            Err(Wrong::Nowhere(missing)) => wrong(format!("`$ref: {missing}` leads nowhere")),
            Err(Wrong::Circle) => wrong(format!("`$ref: {reference}` leads only back to itself")),
        }
    })
}

enum Wrong {
    Nowhere(String),
    Circle,
}

fn walk(root: &Value, start: &str) -> Result<String, Wrong> {
    let mut at = start.to_owned();
    let mut seen = HashSet::new();
    while let Some(Value::String(reference)) = root
        .pointer(&pointer::plain(&at))
        .and_then(|value| value.get("$ref"))
    {
        if !seen.insert(at) {
            return Err(Wrong::Circle);
        }
        at = target(root, reference).ok_or_else(|| Wrong::Nowhere(reference.clone()))?;
    }
    Ok(at)
}

/// The pointer that a reference names: itself one, or an `$anchor`.
fn target(root: &Value, reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if fragment.is_empty() || fragment.starts_with('/') {
        let exact = tokens(reference)
            .iter()
            .fold("#".to_owned(), |at, token| join(&at, token));
        return root.pointer(&exact[1..]).map(|_| exact);
    }
    anchor(root, fragment, "#")
}

fn anchor(value: &Value, name: &str, at: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let here = ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|keyword| fields.get(*keyword).and_then(Value::as_str) == Some(name));
            if here {
                return Some(at.to_owned());
            }
            fields
                .iter()
                .find_map(|(key, value)| anchor(value, name, &join(at, key)))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, value)| anchor(value, name, &join(at, &index.to_string())))
        }
        _ => None,
    }
}

/// Whether the keys of an object are the specification's words or names that the author chose.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Object,
    Names,
}

/// Calls `look` with the pointer of each object that holds a `$ref`, and the reference. Values that are
/// data (examples, defaults, enumerations) and extensions are passed over.
fn each_reference<E>(
    value: &Value,
    at: &str,
    inside: Inside,
    look: &mut impl FnMut(&str, &str) -> Result<(), E>,
) -> Result<(), E> {
    match value {
        Value::Object(fields) => {
            if let (Inside::Object, Some(Value::String(reference))) = (inside, fields.get("$ref")) {
                look(at, reference)?;
            }
            for (key, value) in fields {
                let data = matches!(
                    key.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "mapping"
                ) || key.starts_with("x-");
                if inside == Inside::Object && data {
                    continue;
                }
                let names = inside == Inside::Object
                    && matches!(
                        key.as_str(),
                        "properties"
                            | "patternProperties"
                            | "$defs"
                            | "definitions"
                            | "dependentSchemas"
                            | "schemas"
                            | "responses"
                            | "parameters"
                            | "requestBodies"
                            | "headers"
                            | "securitySchemes"
                            | "links"
                            | "callbacks"
                            | "pathItems"
                            | "paths"
                            | "content"
                    )
                    && value.is_object();
                let inside = if names { Inside::Names } else { Inside::Object };
                each_reference(value, &join(at, key), inside, look)?;
            }
            Ok(())
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, value)| {
            each_reference(value, &join(at, &index.to_string()), Inside::Object, look)
        }),
        _ => Ok(()),
    }
}

/// The document with every schema cut out, and what `openapiv3` insists on filled in.
pub(crate) fn without_schemas(root: &Value) -> Value {
    let mut cut = cut(root, Inside::Object);
    if let Value::Object(fields) = &mut cut {
        fields.entry("paths").or_insert_with(|| json!({}));
        fields
            .entry("info")
            .or_insert_with(|| json!({ "title": "", "version": "" }));
        if let Some(Value::Object(components)) = fields.get_mut("components") {
            components.remove("schemas");
        }
    }
    cut
}

fn cut(value: &Value, inside: Inside) -> Value {
    match value {
        Value::Object(fields) => {
            let mut left = Map::new();
            for (key, value) in fields {
                let value = match (inside, key.as_str()) {
                    (Inside::Object, "schema" | "itemSchema") => json!({}),
                    (Inside::Object, "schemas") => continue,
                    (Inside::Object, key) if key.starts_with("x-") => continue,
                    (Inside::Object, "content" | "paths" | "headers") => cut(value, Inside::Names),
                    _ => cut(value, Inside::Object),
                };
                left.insert(key.clone(), value);
            }
            let is_operation =
                fields.contains_key("operationId") || fields.contains_key("requestBody");
            if is_operation && !left.contains_key("responses") {
                left.insert("responses".to_owned(), json!({}));
            }
            Value::Object(left)
        }
        Value::Array(items) => items.iter().map(|item| cut(item, Inside::Object)).collect(),
        other => other.clone(),
    }
}

/// A path of `serde_path_to_error` (`paths./v1/jobs.get[0]`) as a JSON pointer, as far as it can be told.
pub(crate) fn pointer_of(path: &str) -> String {
    let spaced = path.replace('[', ".").replace(']', "");
    spaced
        .split('.')
        .filter(|token| !token.is_empty() && *token != "?")
        .fold("#".to_owned(), |at, token| join(&at, token))
}
