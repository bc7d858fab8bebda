//! The body that lists validation errors, built with the contract's selectors.

use http::StatusCode;
use openapi::{Contract, Document, Media, Operation, Schema, Selector, Step, ValidationErrors};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::wording::{CONTEXT, INPUT, ValidationError};

/// The answer that lists `errors`; `None` if the document does not describe its shape.
///
/// The shape is that of `x-validation-errors`, else the one of FastAPI if the declared body has it.
pub(crate) fn answer(
    document: &Document,
    operation: &Operation,
    contract: Option<&Contract>,
    errors: &[ValidationError],
) -> Option<Answer> {
    if let Some(contract) = contract {
        let shape = contract.validation_errors()?;
        return listed(shape, contract.refusal(shape.status)?, errors);
    }
    let shape = document
        .validation_errors(operation)
        .or_else(|| of_fastapi(operation))?;
    let media = operation.response(shape.status)?.json()?;
    listed(&shape, media, errors)
}

/// The shape of FastAPI's refusals, if an operation declares such a body for 422.
fn of_fastapi(operation: &Operation) -> Option<ValidationErrors> {
    let media = operation.response(422)?.json()?;
    let error = media.schema.as_ref()?.property("detail")?.items()?;
    let has_all = ["loc", "msg", "type"].map(|name| error.property(name).is_some());
    let selector = |text: &str| text.parse().ok();
    Some(ValidationErrors {
        status: has_all.iter().all(|has| *has).then_some(422)?,
        errors: selector("$.detail")?,
        location: selector("$.loc")?,
        message: selector("$.msg")?,
        kind: selector("$.type")?,
    })
}

fn listed(shape: &ValidationErrors, media: &Media, errors: &[ValidationError]) -> Option<Answer> {
    let status = StatusCode::from_u16(shape.status).ok()?;
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
    match (&error.inner, list) {
        (Some(inner), true) => {
            let steps = inner.iter().map(|step| match step.parse::<u32>() {
                Ok(index) => Value::from(index),
                Err(_) => Value::from(step.as_str()),
            });
            std::iter::once(Value::from(error.location))
                .chain(steps)
                .collect()
        }
        (Some(inner), false) => {
            let steps = inner.iter().map(String::as_str);
            let steps: Vec<_> = std::iter::once(error.location).chain(steps).collect();
            Value::from(steps.join("."))
        }
        (None, true) => Value::from(vec![error.location, &error.name]),
        (None, false) => Value::from(format!("{}.{}", error.location, error.name)),
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
