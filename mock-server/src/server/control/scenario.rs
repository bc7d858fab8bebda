//! The scenario status, and the switch to another scenario.

use http::StatusCode;
use miette::Diagnostic as _;
use openapi::Problem;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;

const CURE: &str =
    "send {\"name\": \"stalled-job\"}, or another of the names that /__mock/scenario lists";

/// The scenario to serve from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: String,
}

pub(super) fn scenario(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let status = control.stage.status();
    let body = json!({
        "name": status.name,
        "file": status.file,
        "ready": status.ready,
        "loaded": status.loaded.to_string(),
        "problem": status.problem,
    });
    Ok(json_answer(StatusCode::OK, &body))
}

pub(super) fn set_scenario(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let wrong = |message: String| Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE);
    let body = call
        .json()?
        .ok_or_else(|| wrong("the body is missing".to_owned()))?;
    let change: Change = serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    let switched = control.stage.switch(&change.name, control.clock.real());
    let mock = switched.map_err(|problem| wrong(words(&problem)))?;
    control.faults.begin(mock.faults());
    scenario(control, call)
}

fn words(problem: &Problem) -> String {
    match problem.help() {
        Some(cure) => format!("{problem}: {cure}"),
        None => problem.to_string(),
    }
}
