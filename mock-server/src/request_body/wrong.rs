//! The validation errors of a body.

use openapi::{Location, Schema, Violation};
use serde_json::{Value, json};

use crate::wording::{self, ValidationError};

/// The longest message and input that are shown, in characters.
const LONGEST: usize = 300;

/// A required body that was not sent.
pub(super) fn missing() -> ValidationError {
    error(
        String::new(),
        "missing",
        "Field required".to_owned(),
        Value::Null,
    )
}

/// A value that names an item which is not there.
pub(super) fn names_nothing(pointer: String, value: Value) -> ValidationError {
    let message = "Value error, nothing has this key";
    error(pointer, "value_error", message.to_owned(), value)
}

/// A body that is not of its media type.
pub(super) fn malformed(kind: &'static str, message: &str, why: &str) -> ValidationError {
    error(String::new(), kind, format!("{message}: {why}"), json!({}))
}

/// A validation error for each violation.
pub(super) fn errors(
    schema: &Schema,
    body: &Value,
    violations: &[Violation],
) -> Vec<ValidationError> {
    let described = violations.iter().map(|violation| {
        let input = body.pointer(&violation.instance).unwrap_or(&Value::Null);
        let (kind, message, context) = match violation.keyword.as_str() {
            "required" => ("missing", "Field required".to_owned(), None),
            "type" => of_type(&violation.expected),
            "additionalProperties" | "unevaluatedProperties" => {
                ("extra_forbidden", shortened(&violation.message), None)
            }
            _ => wording::words(schema, &input.to_string(), violation),
        };
        let input = if input.to_string().len() > LONGEST {
            Value::Null
        } else {
            input.clone()
        };
        ValidationError {
            context,
            ..error(violation.instance.clone(), kind, shortened(&message), input)
        }
    });
    described.collect()
}

fn error(name: String, kind: &'static str, message: String, input: Value) -> ValidationError {
    ValidationError {
        location: Location::Body.word(),
        inner: Some(openapi::tokens(&name)),
        name,
        kind,
        message,
        input,
        context: None,
    }
}

/// The words for a value that has none of the types that the schema allows.
fn of_type(expected: &Value) -> wording::Words {
    let one = std::slice::from_ref(expected);
    let types = expected.as_array().map_or(one, Vec::as_slice);
    let types: Vec<_> = types
        .iter()
        .filter_map(Value::as_str)
        .filter(|one| *one != "null")
        .collect();
    let kind = match types.first() {
        Some(&"integer") => "int_type",
        Some(&"number") => "float_type",
        Some(&"boolean") => "bool_type",
        Some(&"array") => "list_type",
        Some(&"object") => "dict_type",
        _ => "string_type",
    };
    let words = types.iter().map(|word| match *word {
        "array" => "list",
        "object" => "dictionary",
        other => other,
    });
    let words = words.collect::<Vec<_>>().join(" or ");
    (kind, format!("Input should be a valid {words}"), None)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
