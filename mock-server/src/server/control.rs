//! The control path: a small JSON API through which people and tests change the mock while it runs.
//!
//! The table below lists every operation. `control/openapi.yaml` describes them, and a test compares the two.
//! A refusal is a problem (RFC 9457) that says what to do instead.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the handlers of one table need one signature"
)]

mod collections;
mod creation;
mod documents;
mod forms;
mod onward;
mod operations;
mod resources;
mod scenario;
mod state;
mod steering;
mod worlds;

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use openapi::PathTemplate;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::mock::Mock;
use crate::parameters::decoded;
use crate::resource_name::ResourceName;
use crate::server::clock::Clock;
use crate::server::console;
use crate::server::faults::Faults;
use crate::server::request_log::RequestLog;
use crate::server::stage::Stage;
use crate::server::subject;
use crate::server::worlds::Worlds;
use crate::world_path::WorldPath;

/// The path prefix of everything that no document describes.
pub(crate) const FOLDER: &str = "/__mock/";

/// The description of the control path.
const DOCUMENT: &str = include_str!("control/openapi.yaml");

/// Everything that one request to the control path can change.
#[derive(Debug)]
pub(crate) struct Control {
    /// The mock that is served now.
    pub(crate) mock: Arc<Mock>,
    pub(crate) stage: Arc<Stage>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) request_log: Arc<RequestLog>,
    pub(crate) faults: Arc<Faults>,
    /// The worlds beside this one, if requests may name others.
    pub(crate) worlds: Option<Arc<Worlds>>,
}

/// A request to the control path.
struct Call<'r> {
    captures: Vec<(&'r str, String)>,
    query: &'r str,
    headers: &'r HeaderMap,
    body: &'r Bytes,
    /// The path that names a world; empty if none was named so.
    world: &'r str,
}

/// Why a request was refused: a status, what is wrong, and the cure.
struct Refused(StatusCode, String, &'static str);

type Handler = fn(&Control, &Call<'_>) -> Result<Answer, Refused>;

const TABLE: &[(Method, &str, Handler)] = &[
    (Method::GET, "/__mock", console_without_slash),
    (Method::GET, "/__mock/", console_page),
    (Method::GET, "/__mock/console/{file}", console_file),
    (Method::GET, "/__mock/console/vendor/{file}", console_vendor),
    (Method::GET, "/__mock/owners", documents::owners),
    (Method::GET, "/__mock/operations", operations::list),
    (Method::GET, "/__mock/forms", forms::forms),
    (Method::GET, "/__mock/collections", collections::list),
    (Method::GET, "/__mock/collections/{name}", collections::one),
    (
        Method::GET,
        "/__mock/collections/{name}/changes",
        collections::changes,
    ),
    (
        Method::DELETE,
        "/__mock/collections/{name}/changes/{key}",
        collections::undo,
    ),
    (Method::GET, "/__mock/worlds", worlds::list),
    (Method::GET, "/__mock/documents", documents::list),
    (
        Method::GET,
        "/__mock/documents/{name}.json",
        documents::document,
    ),
    (Method::POST, "/__mock/onward/{timeline}", onward::onward),
    (
        Method::GET,
        "/__mock/jobs/{timeline}/{id}/cursor",
        documents::cursor,
    ),
    (Method::GET, "/__mock/jobs", resources::list),
    (Method::POST, "/__mock/jobs/{timeline}", creation::create),
    (
        Method::DELETE,
        "/__mock/jobs/{timeline}/{id}",
        resources::delete,
    ),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/events",
        resources::append,
    ),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/finish",
        resources::finish,
    ),
    (
        Method::POST,
        "/__mock/jobs/{timeline}/{id}/fail",
        resources::fail,
    ),
    (Method::GET, "/__mock/reads", reads),
    (Method::GET, "/__mock/time", steering::time),
    (Method::PUT, "/__mock/time", steering::set_time),
    (Method::GET, "/__mock/faults", steering::faults),
    (Method::PUT, "/__mock/faults", steering::set_faults),
    (Method::GET, "/__mock/scenario", scenario::scenario),
    (Method::PUT, "/__mock/scenario", scenario::set_scenario),
    (Method::GET, "/__mock/state", state::state),
    (Method::PUT, "/__mock/state", state::set_state),
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
    /// Carries out the request.
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
                world: WorldPath::of(request),
            };
            let answer = handler(self, &call);
            return answer.unwrap_or_else(Refused::answer);
        }
        if allowed.is_empty() {
            let cure = "see /__mock/openapi.yaml for all paths";
            let message = format!("{path} does not exist");
            return Refused(StatusCode::NOT_FOUND, message, cure).answer();
        }
        let allow = allowed.join(", ");
        let message = format!("{path} takes {allow}");
        let cure = "use one of these methods";
        let refused = Refused(StatusCode::METHOD_NOT_ALLOWED, message, cure);
        refused.answer().with_allow(&allow)
    }
}

impl Call<'_> {
    fn capture(&self, name: &str) -> &str {
        let found = self.captures.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The resource that the path and the query name.
    fn resource(&self) -> ResourceName {
        let pairs = self.query.split('&');
        ResourceName {
            id: self.capture("id").to_owned(),
            path: pairs.filter_map(path_value).collect(),
        }
    }

    /// The query without the values of path parameters.
    fn plain_query(&self) -> String {
        let pairs = self.query.split('&');
        let plain: Vec<_> = pairs.filter(|pair| path_value(pair).is_none()).collect();
        plain.join("&")
    }

    /// The body's JSON; `None` if the body is empty.
    fn json(&self) -> Result<Option<Value>, Refused> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        serde_json::from_slice(self.body)
            .map(Some)
            .map_err(|error| {
                let message = format!("the body is not JSON: {error}");
                Refused(StatusCode::BAD_REQUEST, message, "send a JSON object")
            })
    }
}

/// A path parameter and its value, written as `path[org]=acme`.
fn path_value(pair: &str) -> Option<(String, String)> {
    let (name, value) = pair.split_once('=')?;
    let name = decoded(name);
    let name = name.strip_prefix("path[")?.strip_suffix(']')?;
    Some((name.to_owned(), decoded(value).into_owned()))
}

impl Refused {
    fn answer(self) -> Answer {
        let Self(status, message, cure) = self;
        Answer::problem(status, Some(&message), Some(cure))
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

fn console_without_slash(_: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    Ok(console::redirect(call.world))
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
        let message = format!("`{}` is not the number of a request", call.query);
        let cure = "send `after=7` for the requests after number 7";
        Refused(StatusCode::BAD_REQUEST, message, cure)
    })?;
    let body = json!({ "requests": control.request_log.read(number) });
    Ok(json_answer(StatusCode::OK, &body))
}

fn forget_requests(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    control.request_log.clear();
    Ok(nothing())
}

fn subject_file(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let with_doubtful = match call.query {
        "" | "doubtful=false" => false,
        "doubtful=true" => true,
        other => {
            let message = format!("`{other}` says nothing of a subject file");
            let cure = "send `doubtful=true` for the lists, too, that may page in another way";
            return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
        }
    };
    let file = subject::file(&control.mock, control.clock.now(), with_doubtful);
    Ok(Answer::new(StatusCode::OK, "application/yaml", file.into()))
}

fn document(_: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let text = Bytes::from_static(DOCUMENT.as_bytes());
    Ok(Answer::new(StatusCode::OK, "application/yaml", text))
}
