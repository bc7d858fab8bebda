//! The state of the mock: all manual changes, taken out and put back.

use http::StatusCode;

use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::server::state::State;

const CURE: &str = "send what GET /__mock/state answered";

pub(super) fn state(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let state = serde_json::to_value(State::of(&control.mock)).unwrap_or_default();
    Ok(json_answer(StatusCode::OK, &state))
}

pub(super) fn set_state(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let wrong = |message: String| Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE);
    let body = call
        .json()?
        .ok_or_else(|| wrong("the body is missing".to_owned()))?;
    let new: State = serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    new.restore(&control.mock).map_err(|problem| {
        let place = problem.pointer;
        wrong(format!("#{place}: {}; {}", problem.message, problem.cure))
    })?;
    state(control, call)
}
