//! The body that says which parameters were wrong, put together by the contract's selectors.

use http::StatusCode;
use openapi::{Schema, Selector, Step};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::mock::Route;
use crate::wording::{CONTEXT, Fault, INPUT};

/// The answer to `faults`; `None` where the contract does not say what it looks like.
pub(crate) fn answer(route: &Route, faults: &[Fault]) -> Option<Answer> {
    let errors = route.contract.validation_errors()?;
    let status = StatusCode::from_u16(errors.status).ok()?;
    let media = route.contract.refusal(errors.status)?;
    let error = media.schema.as_ref()?.at(&errors.errors)?.items()?;
    let listed = faults.iter().map(|fault| {
        let mut value = Value::Object(Map::new());
        put(&mut value, &errors.kind, Value::from(fault.kind));
        put(
            &mut value,
            &errors.location,
            location(&error, &errors.location, fault),
        );
        put(
            &mut value,
            &errors.message,
            Value::from(fault.message.clone()),
        );
        more(&error, &mut value, fault);
        value
    });
    let mut body = Value::Object(Map::new());
    put(&mut body, &errors.errors, listed.collect());
    Some(Answer::new(
        status,
        &media.media_type,
        body.to_string().into(),
    ))
}

/// Puts `put` at a place of names, making the objects on the way.
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

/// The path of the wrong value: a list where the schema has one, else a dotted text.
fn location(error: &Schema, place: &Selector, fault: &Fault) -> Value {
    let list = error
        .at(place)
        .is_some_and(|schema| schema.types().contains(&"array"));
    if list {
        Value::from(vec![fault.location, &fault.name])
    } else {
        Value::from(format!("{}.{}", fault.location, fault.name))
    }
}

/// What pydantic tells beside, where the schema lets it.
fn more(error: &Schema, value: &mut Value, fault: &Fault) {
    let closed = error.keyword("additionalProperties") == Some(&Value::Bool(false));
    let Some(fields) = value.as_object_mut().filter(|_| !closed) else {
        return;
    };
    fields.insert(INPUT.to_owned(), fault.input.clone());
    if let Some(context) = &fault.context {
        fields.insert(CONTEXT.to_owned(), context.clone());
    }
}
