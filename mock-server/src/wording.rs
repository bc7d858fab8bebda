//! Kinds and messages of validation errors, in the words of FastAPI services.
//!
//! The words are pydantic's (pydantic-core, `src/errors/types.rs`; documented under "Validation Errors"),
//! chosen by the JSON Schema keyword that failed. Both bundled documents come from such services, and
//! clients show these sentences to people.

use openapi::{Location, Parameter, Schema, Violation};
use serde_json::{Value, json};

/// The member in which pydantic repeats the wrong value.
pub(crate) const INPUT: &str = "input";
/// The member in which pydantic shows the bound that was broken.
pub(crate) const CONTEXT: &str = "ctx";

/// One wrong parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValidationError {
    pub(crate) location: &'static str,
    pub(crate) name: String,
    /// The steps from the body to the value, if `name` is a JSON pointer into the body.
    pub(crate) inner: Option<Vec<String>>,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    pub(crate) input: Value,
    pub(crate) context: Option<Value>,
}

impl ValidationError {
    /// A sentence that says what is wrong.
    pub(crate) fn words(&self) -> String {
        let Self {
            location,
            name,
            message,
            ..
        } = self;
        if name.is_empty() {
            return format!("{location}: {message}");
        }
        format!("{location} `{name}`: {message}")
    }
}

/// A required parameter that was not sent.
pub(crate) fn missing(parameter: &Parameter) -> ValidationError {
    error(
        parameter,
        Value::Null,
        ("missing", "Field required".to_owned(), None),
    )
}

/// A cursor that names no item.
pub(crate) fn unknown_cursor(parameter: &Parameter, cursor: &str) -> ValidationError {
    no_place(parameter, cursor, "unknown cursor")
}

/// A text that names no place in a list.
pub(crate) fn no_place(parameter: &Parameter, text: &str, message: &str) -> ValidationError {
    let input = parameter.read(text).unwrap_or_else(|_| Value::from(text));
    let message = format!("Value error, {message}");
    error(parameter, input, ("value_error", message, None))
}

/// A query parameter that the operation does not declare.
pub(crate) fn undeclared(name: &str, value: &str) -> ValidationError {
    ValidationError {
        location: Location::Query.word(),
        name: name.to_owned(),
        inner: None,
        kind: "extra_forbidden",
        message: "Extra inputs are not permitted".to_owned(),
        input: Value::from(value),
        context: None,
    }
}

/// A validation error for each violation of `text`.
pub(crate) fn errors(
    parameter: &Parameter,
    text: &str,
    violations: &[Violation],
) -> Vec<ValidationError> {
    let described = violations
        .iter()
        .map(|violation| words(&parameter.schema, text, violation));
    described
        .map(|words| error(parameter, Value::from(text), words))
        .collect()
}

pub(crate) type Words = (&'static str, String, Option<Value>);

fn error(parameter: &Parameter, input: Value, (kind, message, context): Words) -> ValidationError {
    ValidationError {
        location: parameter.location.word(),
        name: parameter.name.clone(),
        inner: None,
        kind,
        message,
        input,
        context,
    }
}

/// The kind, the message and the context of a violation of `text`.
pub(crate) fn words(schema: &Schema, text: &str, violation: &Violation) -> Words {
    let expected = &violation.expected;
    let bound = |kind, sentence: &str, name: &str| {
        let message = format!("Input should be {sentence} {}", shown(expected));
        (kind, message, Some(json!({ name: expected })))
    };
    let length = |kind, sentence: &str, name: &str| {
        let plural = if expected.as_u64() == Some(1) {
            ""
        } else {
            "s"
        };
        let message = format!("String should have {sentence} {expected} character{plural}");
        (kind, message, Some(json!({ name: expected })))
    };
    match violation.keyword.as_str() {
        "minimum" => bound("greater_than_equal", "greater than or equal to", "ge"),
        "maximum" => bound("less_than_equal", "less than or equal to", "le"),
        "exclusiveMinimum" => bound("greater_than", "greater than", "gt"),
        "exclusiveMaximum" => bound("less_than", "less than", "lt"),
        "multipleOf" => bound("multiple_of", "a multiple of", "multiple_of"),
        "minLength" => length("string_too_short", "at least", "min_length"),
        "maxLength" => length("string_too_long", "at most", "max_length"),
        "pattern" => {
            let message = format!("String should match pattern '{}'", shown(expected));
            let context = json!({ "pattern": expected });
            ("string_pattern_mismatch", message, Some(context))
        }
        "enum" | "const" => {
            let choices = choices(expected);
            let context = json!({ "expected": choices });
            let message = format!("Input should be {choices}");
            ("literal_error", message, Some(context))
        }
        "format" => format_words(expected.as_str().unwrap_or_default(), &violation.message),
        _ => kind_words(schema, text, violation),
    }
}

/// The text has none of the types that the schema allows.
fn kind_words(schema: &Schema, text: &str, violation: &Violation) -> Words {
    let types = schema.types();
    let parsing = |kind, a: &str, unable: &str| {
        let message = format!("Input should be a valid {a}, unable to parse string as {unable}");
        (kind, message, None)
    };
    if types.contains(&"integer") && !types.contains(&"number") {
        // pydantic-core, `src/input/shared.rs`: it does not parse integers with more digits.
        if text.len() > 4_300 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = "Unable to parse input string as an integer, exceeded maximum size";
            return ("int_parsing_size", message.to_owned(), None);
        }
        parsing("int_parsing", "integer", "an integer")
    } else if types.contains(&"number") {
        parsing("float_parsing", "number", "a number")
    } else if types.contains(&"boolean") {
        let message = "Input should be a valid boolean, unable to interpret input";
        ("bool_parsing", message.to_owned(), None)
    } else {
        (
            "value_error",
            format!("Value error, {}", violation.message),
            None,
        )
    }
}

fn format_words(format: &str, why: &str) -> Words {
    let (kind, message) = match format {
        "uuid" => (
            "uuid_parsing",
            format!("Input should be a valid UUID, {why}"),
        ),
        "date-time" => (
            "datetime_from_date_parsing",
            format!("Input should be a valid datetime or date, {why}"),
        ),
        "date" => (
            "date_from_datetime_parsing",
            format!("Input should be a valid date or datetime, {why}"),
        ),
        "time" => (
            "time_parsing",
            format!("Input should be in a valid time format, {why}"),
        ),
        "uri" => ("url_parsing", format!("Input should be a valid URL, {why}")),
        _ => ("value_error", format!("Value error, {why}")),
    };
    (kind, message, None)
}

/// A bound as Python prints it: texts without quotes.
fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// `'a', 'b' or 'c'`.
fn choices(expected: &Value) -> String {
    let one = std::slice::from_ref(expected);
    let values = expected.as_array().map_or(one, Vec::as_slice);
    let quoted: Vec<_> = values
        .iter()
        .map(|value| match value {
            Value::String(text) => format!("'{text}'"),
            other => other.to_string(),
        })
        .collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
