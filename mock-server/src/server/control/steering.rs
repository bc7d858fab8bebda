//! The clock, the faults, and the reset.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Call, Control, Refused, json_answer, nothing};
use crate::answer::Answer;
use crate::fault::Fault;

/// A change of the clock: one of these, or `freeze` or `shift` together with `speed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// `now`, or a date and time.
    freeze: Option<String>,
    /// A span, as in `2h` or `-30m`.
    shift: Option<String>,
    speed: Option<f64>,
    #[serde(default)]
    real: bool,
}

const CURE: &str = "send one of {\"freeze\": \"now\"}, {\"freeze\": \"2026-01-05T09:00:00Z\"}, {\"shift\": \"2h\"}, {\"speed\": 10}, {\"real\": true}";

pub(super) fn time(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let clock = &control.clock;
    let body = json!({
        "now": clock.now().to_string(),
        "speed": clock.speed(),
        "real": clock.is_real(),
    });
    Ok(json_answer(StatusCode::OK, &body))
}

pub(super) fn set_time(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let wrong = |message: String| Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE);
    let body = call
        .json()?
        .ok_or_else(|| wrong("the body is missing".to_owned()))?;
    let change: Change = serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    let clock = &control.clock;
    // All of the request is read before the clock is changed.
    let freeze = match change.freeze.as_deref() {
        None => None,
        Some("now") => Some(clock.now()),
        Some(text) => Some(
            text.parse::<Timestamp>()
                .map_err(|_| wrong(format!("`freeze` is `{text}`, not a date and time")))?,
        ),
    };
    let shift = match change.shift.as_deref() {
        None => None,
        Some(text) => Some(
            text.parse::<SignedDuration>()
                .map_err(|_| wrong(format!("`shift` is `{text}`, not a span")))?,
        ),
    };
    if change
        .speed
        .is_some_and(|speed| !(0.0..=1e6).contains(&speed))
    {
        return Err(wrong("`speed` must be from 0 to 1000000".to_owned()));
    }
    if !change.real && freeze.is_none() && shift.is_none() && change.speed.is_none() {
        return Err(wrong(
            "the body has none of `freeze`, `shift`, `speed`, `real`".to_owned(),
        ));
    }
    if change.real {
        clock.run_in_real_time();
    }
    if let Some(at) = freeze {
        clock.freeze(at);
    }
    if let Some(span) = shift {
        clock.shift(span);
    }
    if let Some(speed) = change.speed {
        clock.run(speed);
    }
    control.mock.clock_was_set(clock.now());
    self::time(control, call)
}

/// The faults to put in force.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultChange {
    faults: Vec<String>,
}

pub(super) fn faults(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let texts: Vec<_> = control.faults.texts();
    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
    let body = json!({ "faults": texts });
    Ok(json_answer(StatusCode::OK, &body))
}

pub(super) fn set_faults(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let cure = "send {\"faults\": [\"status=429@10%\", \"latency=100ms..2s\"]}, or an empty list";
    let wrong = |message: String| Refused(StatusCode::UNPROCESSABLE_ENTITY, message, cure);
    let body = call
        .json()?
        .ok_or_else(|| wrong("the body is missing".to_owned()))?;
    let change: FaultChange =
        serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    let faults = change.faults.iter().map(|text| text.parse());
    let faults = faults.collect::<Result<Vec<Fault>, String>>();
    let faults = faults.map_err(wrong)?;
    control.mock.check_faults(&faults).map_err(wrong)?;
    control.faults.set(faults);
    self::faults(control, call)
}

pub(super) fn reset(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    control.clock.reset();
    let start = control.stage.reset();
    control.faults.begin(start.faults());
    control.request_log.clear();
    Ok(nothing())
}
