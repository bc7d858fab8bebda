//! The answers that refusals become, as the operation declares them.

use bytes::Bytes;
use fixtures::Unseen;
use http::{HeaderValue, StatusCode, header};

use openapi::{Expiry, Problem, Selector, Step};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::credentials;
use crate::refusal::{NoRoute, Plain, Refusal};
use crate::route::Route;
use crate::validation;
use crate::wording::{self, ValidationError};

/// The answer to a request that was refused; `route` is the operation that it was for, if there is one.
pub(crate) fn refused(refusal: Refusal, route: Option<&Route>) -> Answer {
    match (refusal, route) {
        (Refusal::NoRoute(NoRoute::Method(allow)), _) => {
            undeclared(StatusCode::METHOD_NOT_ALLOWED).with_allow(&allow)
        }
        (Refusal::NoRoute(NoRoute::Options(allow)), _) => {
            let mut answer = undeclared(StatusCode::NO_CONTENT).with_allow(&allow);
            answer.headers.remove(header::CONTENT_TYPE);
            answer
        }
        (Refusal::NoRoute(NoRoute::Path(Some(nearest))), _) => {
            let detail = format!("no operation has this path; the nearest one is {nearest}");
            Answer::problem(StatusCode::NOT_FOUND, Some(&detail), None)
        }
        (Refusal::NoRoute(NoRoute::Path(None)), _) | (_, None) => undeclared(StatusCode::NOT_FOUND),
        (Refusal::Unauthenticated, Some(route)) => unauthenticated(route),
        (Refusal::Invalid(errors), Some(route)) => invalid(route, &errors),
        (Refusal::Unseen(unseen), Some(route)) => declared(route, unseen_status(route, unseen)),
        (Refusal::Cursor(code, cursor), Some(route)) => unknown_cursor(route, code, &cursor),
        (Refusal::Expired(expiry, cursor), Some(route)) => expired(route, &expiry, cursor),
        (Refusal::Beyond(said), Some(route)) => beyond(route, said),
        (Refusal::Plain(plain), Some(route)) => plainly(route, &plain),
        (Refusal::Unserved(problem), Some(_)) => unserved(&problem),
    }
}

/// The refusal of wrong parameters, or of a wrong body: as the document describes it, else problem details.
fn invalid(route: &Route, errors: &[ValidationError]) -> Answer {
    let (document, operation) = (&route.document, route.operation());
    if let Some(shaped) = validation::answer(document, operation, route.contract(), errors) {
        return shaped;
    }
    let status = status(route.invalid_status());
    let words: Vec<_> = errors.iter().map(ValidationError::words).collect();
    let detail = words.join("; ");
    if route.declares(status) {
        return worded(route, status, Some(&detail));
    }
    let listed = errors.iter().map(|error| match &error.inner {
        Some(_) => json!({ "pointer": format!("#{}", error.name), "detail": error.message }),
        None => json!({ "parameter": error.name, "in": error.location, "detail": error.message }),
    });
    let listed = ("errors", listed.collect());
    Answer::details(status, Some(&detail), None, Some(listed))
}

/// The declared answer with the status if there is one, else the refusal in words.
fn plainly(route: &Route, plain: &Plain) -> Answer {
    if route.declares(plain.status) {
        let cure = plain.cure.as_ref().map(|cure| format!("; {cure}"));
        let detail = format!("{}{}", plain.detail, cure.unwrap_or_default());
        return worded(route, plain.status, Some(&detail));
    }
    Answer::problem(plain.status, Some(&plain.detail), plain.cure.as_deref())
}

fn unknown_cursor(route: &Route, code: u16, cursor: &str) -> Answer {
    let shaped = route.contract().and_then(|contract| {
        contract
            .validation_errors()
            .filter(|errors| errors.status == code)?;
        let error = wording::unknown_cursor(contract.paging().place(), cursor);
        validation::answer(&route.document, route.operation(), Some(contract), &[error])
    });
    shaped.unwrap_or_else(|| declared(route, status(code)))
}

/// The refusal of an expired cursor. Where the contract says so, it has a cursor to go on from.
fn expired(route: &Route, expiry: &Expiry, cursor: String) -> Answer {
    let mut answer = declared(route, status(expiry.status));
    let Some(place) = &expiry.resume else {
        return answer;
    };
    let headers = std::mem::take(&mut answer.headers);
    let code = answer.status;
    let body = answer.into_bytes();
    let mut body = serde_json::from_slice(&body).unwrap_or_else(|_| json!({}));
    put(&mut body, place, cursor.into());
    let mut answer = Answer::new(code, "application/json", body.to_string().into());
    for (name, value) in &headers {
        answer.headers.insert(name, value.clone());
    }
    answer
}

/// The refusal of a range that begins behind the end, with the header that says how long the list is.
fn beyond(route: &Route, said: Option<String>) -> Answer {
    let mut answer = declared(route, StatusCode::RANGE_NOT_SATISFIABLE);
    if let Some(said) = said.and_then(|said| HeaderValue::try_from(said).ok()) {
        answer.headers.insert(header::CONTENT_RANGE, said);
    }
    answer
}

/// Puts a value at a place of a body, whose objects are made where they are missing.
fn put(body: &mut Value, place: &Selector, value: Value) {
    let mut here = body;
    for step in place.steps() {
        let Step::Name(name) = step else {
            return;
        };
        if !here.is_object() {
            *here = json!({});
        }
        here = &mut here[name.as_str()];
    }
    *here = value;
}

/// The answer of an operation for which no valid one can be made. It says where the document is wrong.
fn unserved(problem: &Problem) -> Answer {
    let detail = format!("no valid answer can be made: {problem}");
    let status = StatusCode::NOT_IMPLEMENTED;
    Answer::problem(status, Some(&detail), problem.advice())
}

fn unauthenticated(route: &Route) -> Answer {
    let declares = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN]
        .into_iter()
        .find(|status| route.declares(*status));
    let status = declares.unwrap_or(StatusCode::UNAUTHORIZED);
    let mut answer = declared(route, status);
    if status == StatusCode::UNAUTHORIZED
        && let Ok(challenge) = HeaderValue::from_str(&credentials::challenge(route))
    {
        answer.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// A foreign resource looks missing if the contract declares no status of its own for it.
fn unseen_status(route: &Route, unseen: Unseen) -> StatusCode {
    let contract = route.contract();
    let parent = contract.and_then(|contract| contract.pagination().parent.as_ref());
    let missing = parent.and_then(|parent| parent.missing).unwrap_or(404);
    let foreign = parent.and_then(|parent| parent.foreign).unwrap_or(missing);
    status(match unseen {
        Unseen::Missing => missing,
        Unseen::Foreign => foreign,
    })
}

/// The refusal with this status, as the operation declares it.
pub(crate) fn declared(route: &Route, status: StatusCode) -> Answer {
    worded(route, status, None)
}

/// The same with a sentence about what is wrong, if the declared body has a place for it.
fn worded(route: &Route, status: StatusCode, detail: Option<&str>) -> Answer {
    match route
        .refusal(status)
        .map(|written| written.answer(status, detail))
    {
        Some(Ok(answer)) => answer,
        Some(Err(problem)) => unserved(problem),
        None => undeclared(status),
    }
}

/// A refusal that no document declares.
fn undeclared(status: StatusCode) -> Answer {
    if status == StatusCode::NO_CONTENT {
        return Answer::new(status, "", Bytes::new());
    }
    Answer::problem(status, None, None)
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}
