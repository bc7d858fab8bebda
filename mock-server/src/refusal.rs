//! Refusals, and the answers that they become.

use bytes::Bytes;
use fixtures::Unseen;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::credentials;
use crate::mock::Route;
use crate::validation;
use crate::wording::{self, Fault};

/// Why a request gets no page.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// No operation has this path.
    NoRoute,
    /// The operations at this path take other methods: these.
    Method(String),
    /// Not a refusal, but no page either: which methods the path takes.
    Options(String),
    /// No credentials, or wrong ones.
    Unauthenticated,
    /// Wrong parameters.
    Invalid(Vec<Fault>),
    /// No such resource, or somebody else's.
    Unseen(Unseen),
    /// A cursor that names nothing, which the contract refuses with this status.
    Cursor(u16, Value),
}

impl Refusal {
    /// What is wrong, for people.
    pub(crate) fn words(&self) -> Vec<String> {
        let one = match self {
            Self::NoRoute => "no operation has this path".to_owned(),
            Self::Method(allow) => format!("this path takes {allow}"),
            Self::Options(_) => return Vec::new(),
            Self::Unauthenticated => "no credentials, or unknown ones".to_owned(),
            Self::Invalid(faults) => return faults.iter().map(Fault::words).collect(),
            Self::Unseen(Unseen::Missing) => "there is no such job".to_owned(),
            Self::Unseen(Unseen::Foreign) => "the job is somebody else's".to_owned(),
            Self::Cursor(_, cursor) => format!("the cursor {cursor} names no event of this job"),
        };
        vec![one]
    }

    /// The answer, by the contract of the operation that refused; the first three come before any.
    pub(crate) fn answer(self, route: Option<&Route>) -> Answer {
        match (self, route) {
            (Self::Method(allow), _) => with_allow(outside(StatusCode::METHOD_NOT_ALLOWED), &allow),
            (Self::Options(allow), _) => {
                let mut answer = with_allow(outside(StatusCode::NO_CONTENT), &allow);
                answer.headers.remove(header::CONTENT_TYPE);
                answer
            }
            (Self::NoRoute, _) | (_, None) => outside(StatusCode::NOT_FOUND),
            (Self::Unauthenticated, Some(route)) => unauthenticated(route),
            (Self::Invalid(faults), Some(route)) => {
                let status = status(route.contract.invalid_status());
                validation::answer(route, &faults).unwrap_or_else(|| declared(route, status))
            }
            (Self::Unseen(unseen), Some(route)) => declared(route, unseen_status(route, unseen)),
            (Self::Cursor(code, cursor), Some(route)) => {
                let errors = route.contract.validation_errors();
                let shaped = errors.filter(|errors| errors.status == code).and_then(|_| {
                    let fault = wording::unknown_cursor(route.contract.cursor(), &cursor);
                    validation::answer(route, &[fault])
                });
                shaped.unwrap_or_else(|| declared(route, status(code)))
            }
        }
    }
}

fn unauthenticated(route: &Route) -> Answer {
    let told = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN]
        .into_iter()
        .find(|status| route.refusal(*status).is_some());
    let status = told.unwrap_or(StatusCode::UNAUTHORIZED);
    let mut answer = declared(route, status);
    if status == StatusCode::UNAUTHORIZED
        && let Ok(challenge) = HeaderValue::from_str(&credentials::challenge(route))
    {
        answer.headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// Where the contract does not set them apart, somebody else's is as if it were not there.
fn unseen_status(route: &Route, unseen: Unseen) -> StatusCode {
    let parent = route.contract.pagination().parent.as_ref();
    let missing = parent.and_then(|parent| parent.missing).unwrap_or(404);
    let foreign = parent.and_then(|parent| parent.foreign).unwrap_or(missing);
    status(match unseen {
        Unseen::Missing => missing,
        Unseen::Foreign => foreign,
    })
}

/// The refusal with this status, as the operation declares it.
pub(crate) fn declared(route: &Route, status: StatusCode) -> Answer {
    route.refusal(status).map_or_else(
        || outside(status),
        |written| Answer::new(status, &written.media_type, written.body.clone()),
    )
}

/// A refusal that no document declares: problem details, RFC 9457.
fn outside(status: StatusCode) -> Answer {
    if status == StatusCode::NO_CONTENT {
        return Answer::new(status, "", Bytes::new());
    }
    let reason = status.canonical_reason().unwrap_or("Refused");
    let body = json!({ "title": reason, "status": status.as_u16() }).to_string();
    Answer::new(status, "application/problem+json", body.into())
}

fn with_allow(mut answer: Answer, allow: &str) -> Answer {
    if let Ok(allow) = HeaderValue::from_str(allow) {
        answer.headers.insert(header::ALLOW, allow);
    }
    answer
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}
