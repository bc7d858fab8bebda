//! A document's structure without its schemas, as `openapiv3` models it.
//!
//! `openapiv3` models 3.0 and loses, or refuses, parts of full 3.1 schemas. So it is given the document
//! with every schema cut out and with what 3.0 insists on filled in, and schemas stay raw JSON.

use openapiv3::{OpenAPI, PathItem};
use serde_json::{Map, Value, json};

use crate::keys::Inside;
use crate::source::{Misfit, typed};
use crate::{join, pointer, references};

/// The keys of a path item that hold operations.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// The kinds of security that 3.0 has.
const SCHEMES: [&str; 4] = ["apiKey", "http", "oauth2", "openIdConnect"];

/// The structure of `cut`, made by [`without_schemas`].
pub(crate) fn read(cut: &Value) -> Result<OpenAPI, Misfit> {
    // Path items one by one and first: in a model of the whole, a choice between a `$ref` and an object
    // swallows the place of what is wrong.
    let paths = cut.get("paths").and_then(Value::as_object);
    for path in paths.into_iter().flatten().map(|(path, _)| path) {
        let at = references::follow(cut, &join("#/paths", path));
        let item = pointer::find(cut, &at);
        if let Some(item) = item.filter(|_| path.starts_with('/')) {
            typed::<PathItem>(item, &at).map_err(named)?;
        }
    }
    typed(cut, "#").map_err(named)
}

fn named(misfit: Misfit) -> Misfit {
    Misfit {
        message: format!("not an OpenAPI document: {}", misfit.message),
        cure: "compare this part with the specification, https://spec.openapis.org/oas",
        ..misfit
    }
}

/// The document with every schema cut out, and what 3.1 may leave out filled in.
pub(crate) fn without_schemas(root: &Value) -> Value {
    let mut cut = cut(root, Inside::Object);
    if let Value::Object(fields) = &mut cut {
        fields.entry("paths").or_insert_with(|| json!({}));
        let info = json!({ "title": "", "version": "" });
        fields.entry("info").or_insert(info);
        let schemes = fields
            .get_mut("components")
            .and_then(|components| components.get_mut("securitySchemes"))
            .and_then(Value::as_object_mut);
        if let Some(schemes) = schemes {
            let known = |scheme: &Value| match scheme.get("type").and_then(Value::as_str) {
                Some(kind) => SCHEMES.contains(&kind),
                None => true,
            };
            schemes.retain(|_, scheme| known(scheme));
        }
    }
    cut
}

fn cut(value: &Value, inside: Inside) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter_map(|(key, value)| {
                let left = match (inside, key.as_str()) {
                    (Inside::Object, "schema" | "itemSchema") => json!({}),
                    (Inside::Object, "schemas") => return None,
                    (Inside::Object, extension) if extension.starts_with("x-") => return None,
                    (Inside::Object, method) if METHODS.contains(&method) => {
                        with_responses(cut(value, Inside::Object))
                    }
                    _ => match inside.of(key, value) {
                        Inside::Data => value.clone(),
                        inside => cut(value, inside),
                    },
                };
                Some((key.clone(), left))
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| cut(item, Inside::Object)).collect(),
        other => other.clone(),
    }
}

/// An operation with the `responses` that 3.1 lets it leave out.
fn with_responses(mut operation: Value) -> Value {
    if let Value::Object(fields) = &mut operation {
        fields.entry("responses").or_insert_with(|| json!({}));
    }
    operation
}
