//! The operations that are served, each with a request that works.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::operations::{SampleRequest, ServedOperation};
use crate::page;
use crate::parameters::decoded;

/// Every operation; with `?operation=ID` those with this id, each with a command, and its status.
pub(super) fn list(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let wanted = match call.query.split_once('=') {
        None if call.query.is_empty() => None,
        Some(("operation", id)) => Some(decoded(id)),
        _ => {
            let message = format!("`{}` is not a known query", call.query);
            let cure = "leave it out, or send `operation=ID`";
            return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
        }
    };
    let mock = &control.mock;
    let operations: Vec<_> = match &wanted {
        None => mock.operations().map(|one| shown(control, one)).collect(),
        Some(id) => {
            let named = mock.operations().filter(|one| one.operation().id == *id);
            named.map(|one| tried(control, one)).collect()
        }
    };
    if operations.is_empty() && wanted.is_some() {
        let message = "no operation has this id".to_owned();
        let cure = "see /__mock/operations for all operations";
        return Err(Refused(StatusCode::NOT_FOUND, message, cure));
    }
    let body = json!({ "operations": operations });
    Ok(json_answer(StatusCode::OK, &body))
}

fn shown(control: &Control, one: ServedOperation<'_>) -> Value {
    let operation = one.operation();
    let base = control.mock.world().base();
    // A page has values of its world, and to make all worlds takes long.
    let url = match one.timeline() {
        None => one
            .target(control.clock.now())
            .map(|target| format!("{base}{target}")),
        Some(_) => None,
    };
    json!({
        "operation": operation.id,
        "document": one.document(),
        "method": operation.method,
        "path": operation.path.to_string(),
        "summary": operation.summary,
        "kind": if one.timeline().is_some() { "timeline" } else { "example" },
        "timeline": one.timeline(),
        "url": url,
    })
}

/// An operation with a request for it, and what that request gets.
fn tried(control: &Control, one: ServedOperation<'_>) -> Value {
    let now = control.clock.now();
    let mut shown = shown(control, one);
    let wrong = one.misplaced_values().into_iter();
    let wrong = wrong.map(|(place, message)| json!({ "place": place, "message": message }));
    shown["passed_over"] = wrong.collect();
    let Some(sample) = one.request(now) else {
        return shown;
    };
    let base = control.mock.world().base();
    shown["url"] = Value::from(format!("{base}{}", one.target(now).unwrap_or_default()));
    shown["curl"] = Value::from(sample.curl(base));
    shown["request"] = parts(&sample);
    let mut request = Request::builder()
        .method(sample.method.as_str())
        .uri(&sample.target);
    for (name, value) in &sample.headers {
        request = request.header(name, value);
    }
    if let Ok(request) = request.body(sample.body.clone().unwrap_or_else(Bytes::new)) {
        // A request that is only looked at changes nothing: it goes to a copy of the world.
        let answer = page::answer(&control.mock.copied(), &request, now);
        shown["status"] = Value::from(answer.status.as_u16());
        if answer.status == StatusCode::NOT_IMPLEMENTED {
            shown["problem"] = Value::from(answer.wrong.join("; "));
        }
    }
    shown
}

/// A request in parts, for programs.
pub(super) fn parts(sample: &SampleRequest) -> Value {
    let headers = sample.headers.iter();
    let headers = headers.map(|(name, value)| json!({ "name": name, "value": value }));
    let body = sample.body.as_deref();
    json!({
        "method": sample.method,
        "target": sample.target,
        "headers": headers.collect::<Vec<_>>(),
        "body": body.and_then(|body| std::str::from_utf8(body).ok()),
    })
}
