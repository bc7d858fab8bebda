//! The body that lists validation errors, built with the contract's selectors.

use http::StatusCode;
use openapi::{Contract, Schema, Selector, Step};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::wording::{CONTEXT, INPUT, ValidationError};

/// The answer that lists `errors`; `None` if the contract does not describe its shape.
pub(crate) fn answer(contract: &Contract, errors: &[ValidationError]) -> Option<Answer> {
    let shape = contract.validation_errors()?;
    let status = StatusCode::from_u16(shape.status).ok()?;
    let media = contract.refusal(shape.status)?;
    let schema = media.schema.as_ref()?.at(&shape.errors)?.items()?;
    let listed = errors.iter().map(|error| {
        let mut value = Value::Object(Map::new());
        put(&mut value, &shape.kind, Value::from(error.kind));
        put(
            &mut value,
            &shape.location,
            location(&schema, &shape.location, error),
        );
        put(
            &mut value,
            &shape.message,
            Value::from(error.message.clone()),
        );
        add_extras(&schema, &mut value, error);
        value
    });
    let mut body = Value::Object(Map::new());
    put(&mut body, &shape.errors, listed.collect());
    Some(Answer::new(
        status,
        media.served_as(),
        body.to_string().into(),
    ))
}

/// Writes `put` at a selector of names, and creates the objects on the way.
fn put(value: &mut Value, place: &Selector, put: Value) {
    let mut here = value;
    for step in place.steps() {
        let Step::Name(name) = step else {
            return;
        };
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Some(fields) = here.as_object_mut() else {
            return;
        };
        here = fields.entry(name.as_str()).or_insert(Value::Null);
    }
    *here = put;
}

/// The path of the wrong value: a list if the schema has one here, else a dotted text.
fn location(schema: &Schema, place: &Selector, error: &ValidationError) -> Value {
    let list = schema
        .at(place)
        .is_some_and(|schema| schema.types().contains(&"array"));
    if list {
        Value::from(vec![error.location, &error.name])
    } else {
        Value::from(format!("{}.{}", error.location, error.name))
    }
}

/// Adds the members that pydantic adds, if the schema allows more members.
fn add_extras(schema: &Schema, value: &mut Value, error: &ValidationError) {
    let closed = schema.keyword("additionalProperties") == Some(&Value::Bool(false));
    let Some(fields) = value.as_object_mut().filter(|_| !closed) else {
        return;
    };
    fields.insert(INPUT.to_owned(), error.input.clone());
    if let Some(context) = &error.context {
        fields.insert(CONTEXT.to_owned(), context.clone());
    }
}
