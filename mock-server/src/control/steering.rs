//! Time, faults, and the way back to how everything began.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Call, Control, Refused, json_answer, nothing};
use crate::answer::Answer;
use crate::faults::Fault;

/// How time is to go on; one of these, or `freeze` or `shift` with a `speed`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// `now`, or a time.
    freeze: Option<String>,
    /// A span: `2h`, `-30m`.
    shift: Option<String>,
    speed: Option<f64>,
    #[serde(default)]
    real: bool,
}

const CURE: &str = "send one of {\"freeze\": \"now\"}, {\"freeze\": \"2026-01-05T09:00:00Z\"}, {\"shift\": \"2h\"}, {\"speed\": 10}, {\"real\": true}";

pub(super) fn time(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let time = &control.time;
    let body = json!({
        "now": time.now().to_string(),
        "speed": time.speed(),
        "real": time.is_real(),
    });
    Ok(json_answer(StatusCode::OK, &body))
}

pub(super) fn set_time(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let wrong = |message: String| Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE);
    let body = call
        .json()?
        .ok_or_else(|| wrong("there is no body".to_owned()))?;
    let change: Change = serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    let time = &control.time;
    // Everything is read before anything is done.
    let freeze = match change.freeze.as_deref() {
        None => None,
        Some("now") => Some(time.now()),
        Some(text) => Some(
            text.parse::<Timestamp>()
                .map_err(|_| wrong(format!("`{text}` is no time")))?,
        ),
    };
    let shift = match change.shift.as_deref() {
        None => None,
        Some(text) => Some(
            text.parse::<SignedDuration>()
                .map_err(|_| wrong(format!("`{text}` is no span")))?,
        ),
    };
    if change
        .speed
        .is_some_and(|speed| !(0.0..=1e6).contains(&speed))
    {
        return Err(wrong("`speed` is from 0 to 1000000".to_owned()));
    }
    if !change.real && freeze.is_none() && shift.is_none() && change.speed.is_none() {
        return Err(wrong("nothing is said".to_owned()));
    }
    if change.real {
        time.unsteer();
    }
    if let Some(at) = freeze {
        time.freeze(at);
    }
    if let Some(span) = shift {
        time.shift(span);
    }
    if let Some(speed) = change.speed {
        time.run(speed);
    }
    control.mock.clock_was_set(time.now());
    self::time(control, call)
}

/// The faults that are to strike from now on.
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
        .ok_or_else(|| wrong("there is no body".to_owned()))?;
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
    control.time.reset();
    let start = control.stage.reset();
    control.faults.begin(start.faults());
    control.journal.clear();
    Ok(nothing())
}
