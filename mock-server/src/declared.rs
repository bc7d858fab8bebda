//! The answers that refusals become, as the operation declares them.

use bytes::Bytes;
use fixtures::Unseen;
use http::{HeaderValue, StatusCode, header};

use openapi::Problem;

use crate::answer::Answer;
use crate::credentials;
use crate::refusal::Refusal;
use crate::route::{NoRoute, Route};
use crate::validation;
use crate::wording;

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
        (Refusal::NoRoute(NoRoute::Path), _) | (_, None) => undeclared(StatusCode::NOT_FOUND),
        (Refusal::Unauthenticated, Some(route)) => unauthenticated(route),
        (Refusal::Invalid(errors), Some(route)) => {
            let status = status(route.invalid_status());
            let shaped = route.contract();
            let shaped = shaped.and_then(|contract| validation::answer(contract, &errors));
            shaped.unwrap_or_else(|| declared(route, status))
        }
        (Refusal::Unseen(unseen), Some(route)) => declared(route, unseen_status(route, unseen)),
        (Refusal::Cursor(code, cursor), Some(route)) => unknown_cursor(route, code, &cursor),
        (Refusal::Unserved(problem), Some(_)) => unserved(&problem),
    }
}

fn unknown_cursor(route: &Route, code: u16, cursor: &str) -> Answer {
    let shaped = route.contract().and_then(|contract| {
        contract
            .validation_errors()
            .filter(|errors| errors.status == code)?;
        let error = wording::unknown_cursor(contract.paging().place(), cursor);
        validation::answer(contract, &[error])
    });
    shaped.unwrap_or_else(|| declared(route, status(code)))
}

/// The answer of an operation for which no valid one can be made. It says where the document is wrong.
fn unserved(problem: &Problem) -> Answer {
    let detail = format!("no valid answer can be made: {problem}");
    Answer::problem(StatusCode::NOT_IMPLEMENTED, Some(&detail), problem.advice())
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
    let written = route.refusal(status);
    written.map_or_else(|| undeclared(status), |written| written.answer(status))
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
