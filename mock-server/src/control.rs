//! The control path: what a person or a test does to the mock while it runs, as a small JSON API.
//!
//! The table below is the whole of it; `control/openapi.yaml` describes it, and a test holds the one to
//! the other. Whatever is refused is told in one problem (RFC 9457) that says what to do instead.

#![expect(
    clippy::unnecessary_wraps,
    reason = "handlers stand in one table, so they have one signature"
)]

mod creation;
mod documents;
mod jobs;
mod scenario;
mod steering;

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use openapi::PathTemplate;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::console;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::mock::Mock;
use crate::stage::Stage;
use crate::subject;
use crate::time::Time;

/// The folder of everything that is not of the documents.
pub(crate) const FOLDER: &str = "/__mock/";

/// The description of the control path.
const DOCUMENT: &str = include_str!("control/openapi.yaml");

/// What is controlled, as one request finds it.
#[derive(Debug)]
pub(crate) struct Control {
    /// What is served at the moment.
    pub(crate) mock: Arc<Mock>,
    pub(crate) stage: Arc<Stage>,
    pub(crate) time: Arc<Time>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) faults: Arc<Faults>,
}

/// A request to the control path.
struct Call<'r> {
    captures: Vec<(&'r str, String)>,
    query: &'r str,
    headers: &'r HeaderMap,
    body: &'r Bytes,
}

/// Why something was not done: a status, what is wrong, and what to do.
struct Refused(StatusCode, String, &'static str);

type Handler = fn(&Control, &Call<'_>) -> Result<Answer, Refused>;

const TABLE: &[(Method, &str, Handler)] = &[
    (Method::GET, "/__mock", console_without_slash),
    (Method::GET, "/__mock/", console_page),
    (Method::GET, "/__mock/console/{file}", console_file),
    (Method::GET, "/__mock/console/vendor/{file}", console_vendor),
    (Method::GET, "/__mock/owners", documents::owners),
    (Method::GET, "/__mock/documents", documents::list),
    (
        Method::GET,
        "/__mock/documents/{name}.json",
        documents::document,
    ),
    (
        Method::GET,
        "/__mock/jobs/{timeline}/{id}/cursor",
        documents::cursor,
    ),
    (Method::GET, "/__mock/jobs", jobs::list),
    (Method::POST, "/__mock/jobs/{timeline}", creation::create),
    (Method::DELETE, "/__mock/jobs/{timeline}/{id}", jobs::delete),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/events",
        jobs::append,
    ),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/finish",
        jobs::finish,
    ),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/fail",
        jobs::fail,
    ),
    (Method::GET, "/__mock/reads", reads),
    (Method::GET, "/__mock/time", steering::time),
    (Method::PUT, "/__mock/time", steering::set_time),
    (Method::GET, "/__mock/faults", steering::faults),
    (Method::PUT, "/__mock/faults", steering::set_faults),
    (Method::GET, "/__mock/scenario", scenario::scenario),
    (Method::PUT, "/__mock/scenario", scenario::set_scenario),
    (Method::POST, "/__mock/reset", steering::reset),
    (Method::GET, "/__mock/requests", requests),
    (Method::DELETE, "/__mock/requests", forget_requests),
    (Method::GET, "/__mock/subject.yaml", subject_file),
    (Method::GET, "/__mock/openapi.yaml", document),
];

static TEMPLATES: LazyLock<Vec<PathTemplate>> = LazyLock::new(|| {
    let paths = TABLE.iter().map(|(_, path, _)| PathTemplate::new(path));
    paths.collect()
});

impl Control {
    /// Does what the request asks.
    pub(crate) fn answer(&self, request: &Request<Bytes>) -> Answer {
        if request.method() == Method::HEAD {
            return self.answer_to(&Method::GET, request).without_body();
        }
        self.answer_to(request.method(), request)
    }

    fn answer_to(&self, asked: &Method, request: &Request<Bytes>) -> Answer {
        let path = request.uri().path();
        let mut allowed = Vec::new();
        for ((method, _, handler), template) in TABLE.iter().zip(TEMPLATES.iter()) {
            let Some(captures) = template.captures(path) else {
                continue;
            };
            if method != asked {
                allowed.push(method.as_str());
                allowed.extend((*method == Method::GET).then_some("HEAD"));
                continue;
            }
            let call = Call {
                captures,
                query: request.uri().query().unwrap_or_default(),
                headers: request.headers(),
                body: request.body(),
            };
            let answer = handler(self, &call);
            return answer.unwrap_or_else(Refused::answer);
        }
        if allowed.is_empty() {
            let cure = "see /__mock/openapi.yaml for what there is";
            return Refused(StatusCode::NOT_FOUND, format!("there is no {path}"), cure).answer();
        }
        let allow = allowed.join(", ");
        let message = format!("{path} takes {allow}");
        let cure = "use one of these methods";
        let mut answer = Refused(StatusCode::METHOD_NOT_ALLOWED, message, cure).answer();
        if let Ok(allow) = HeaderValue::from_str(&allow) {
            answer.headers.insert(header::ALLOW, allow);
        }
        answer
    }
}

/// The answer to whoever may not use the control path, and why.
pub(crate) fn forbidden(message: &str, cure: &'static str) -> Answer {
    Refused(StatusCode::FORBIDDEN, message.to_owned(), cure).answer()
}

impl Call<'_> {
    fn capture(&self, name: &str) -> &str {
        let found = self.captures.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body's JSON; `None` where there is no body.
    fn json(&self) -> Result<Option<Value>, Refused> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        serde_json::from_slice(self.body)
            .map(Some)
            .map_err(|error| {
                let message = format!("the body is no JSON: {error}");
                Refused(StatusCode::BAD_REQUEST, message, "send a JSON object")
            })
    }
}

impl Refused {
    fn answer(self) -> Answer {
        let Self(status, message, cure) = self;
        let title = status.canonical_reason().unwrap_or("Refused");
        let body = json!({
            "title": title,
            "status": status.as_u16(),
            "detail": message,
            "cure": cure,
        });
        Answer::new(status, "application/problem+json", body.to_string().into())
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Answer::new(status, "application/json", body.to_string().into());
    let fresh = HeaderValue::from_static("no-store");
    answer.headers.insert(header::CACHE_CONTROL, fresh);
    answer
}

fn nothing() -> Answer {
    let mut answer = Answer::new(StatusCode::NO_CONTENT, "", Bytes::new());
    answer.headers.remove(header::CONTENT_TYPE);
    answer
}

fn console_without_slash(_: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    Ok(console::redirect())
}

fn console_page(_: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    console_asset("index.html", call)
}

fn console_file(_: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    console_asset(call.capture("file"), call)
}

fn console_vendor(_: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    console_asset(&format!("vendor/{}", call.capture("file")), call)
}

fn console_asset(name: &str, call: &Call<'_>) -> Result<Answer, Refused> {
    console::file(name, call.headers).ok_or_else(|| {
        let message = format!("the console has no file {name}");
        Refused(StatusCode::NOT_FOUND, message, "open /__mock/")
    })
}

fn reads(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let body = json!({ "reads": control.mock.reads() });
    Ok(json_answer(StatusCode::OK, &body))
}

fn requests(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let number = match call.query.split_once('=') {
        None if call.query.is_empty() => Some(0),
        Some(("after", number)) => number.parse().ok(),
        _ => None,
    };
    let number = number.ok_or_else(|| {
        let message = format!("`{}` names no request", call.query);
        let cure = "send `after=7` for what came behind the request with the number 7";
        Refused(StatusCode::BAD_REQUEST, message, cure)
    })?;
    let body = json!({ "requests": control.journal.read(number) });
    Ok(json_answer(StatusCode::OK, &body))
}

fn forget_requests(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    control.journal.clear();
    Ok(nothing())
}

fn subject_file(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let file = subject::file(&control.mock, control.time.now());
    Ok(Answer::new(StatusCode::OK, "application/yaml", file.into()))
}

fn document(_: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let text = Bytes::from_static(DOCUMENT.as_bytes());
    Ok(Answer::new(StatusCode::OK, "application/yaml", text))
}
