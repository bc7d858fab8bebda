//! The resources, and manual changes to them.

use fixtures::{Caller, Ending, ResourceCard, Timeline, Unfit, Wanted};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer, nothing};
use crate::answer::Answer;
use crate::changes::{ChangeError, Full};
use crate::mock::Mock;
use crate::parameters::decoded;

/// Every resource; with `?timeline=NAME` those of this timeline, which is quick if a document has many lists.
pub(super) fn list(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let (mock, now) = (&control.mock, control.clock.now());
    let jobs = match call.query.split_once('=') {
        None if call.query.is_empty() => mock.resources(now),
        Some(("timeline", name)) => {
            let named = mock.resources_named(&decoded(name), now);
            named.ok_or_else(|| refused(ChangeError::NoTimeline))?
        }
        _ => {
            let message = format!("`{}` is not a known query", call.query);
            let cure = "leave it out, or send `timeline=NAME`";
            return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
        }
    };
    let jobs: Vec<_> = jobs.iter().map(|job| shown(mock, job, now)).collect();
    Ok(json_answer(StatusCode::OK, &json!({ "jobs": jobs })))
}

/// A resource, as it is now. It has its path values if the id is not the only one.
pub(super) fn shown(mock: &Mock, job: &ResourceCard, now: Timestamp) -> Value {
    let mut shown = json!({
        "timeline": job.contract,
        "id": job.id,
        "owner": job.owner,
        "events": job.events,
        "grows": job.grows,
        "ended": job.ended,
        "ending": ending(mock, job, now),
        "note": job.note,
    });
    if job.path.len() > 1 {
        let path = job.path.iter();
        let path = path.map(|(name, value)| (name.to_string(), Value::from(value.as_str())));
        shown["path"] = Value::Object(path.collect());
    }
    shown
}

/// The type of a resource's last event; `None` if the resource has not ended.
fn ending(mock: &Mock, job: &ResourceCard, now: Timestamp) -> Option<Value> {
    let route = mock.named(&job.contract)?;
    let life = route.contract.pagination().lifecycle.as_ref()?;
    let timeline = mock.see(route, Caller::Anyone, Wanted::Key(&job.key), now);
    let timeline = timeline.ok().filter(Timeline::has_ended)?;
    let event = timeline.event(timeline.len().checked_sub(1)?)?;
    let event: Value = serde_json::from_slice(&event).ok()?;
    life.at.get(&event).cloned()
}

pub(super) fn append(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let (timeline, resource) = (call.capture("timeline"), call.resource());
    let now = control.clock.now();
    match call.plain_query().as_str() {
        "" | "visibility=public" => {}
        "visibility=hidden" => {
            // The event is never served, so its fields do not matter.
            let hidden = control.mock.hide(timeline, resource, now);
            return hidden.map(|_| nothing()).map_err(refused);
        }
        other => {
            let message = format!("`{other}` is not a known query");
            let cure = "leave it out, or send `visibility=hidden`";
            return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
        }
    }
    let fields = match call.json()? {
        None => None,
        Some(Value::Object(fields)) => Some(fields),
        Some(other) => {
            let message = format!("the body is {other}, not an object");
            let cure = "send the fields of the event, or no body at all";
            return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
        }
    };
    let timeline = control.mock.append(timeline, resource, fields, now);
    Ok(latest(&timeline.map_err(refused)?))
}

pub(super) fn finish(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    end(control, call, Ending::Finished)
}

pub(super) fn fail(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    end(control, call, Ending::Failed)
}

fn end(control: &Control, call: &Call<'_>, ending: Ending) -> Result<Answer, Refused> {
    let (timeline, resource) = (call.capture("timeline"), call.resource());
    let ended = control
        .mock
        .end(timeline, resource, ending, control.clock.now());
    Ok(latest(&ended.map_err(refused)?))
}

pub(super) fn delete(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let (timeline, resource) = (call.capture("timeline"), call.resource());
    let deleted = control.mock.delete(timeline, resource);
    deleted.map(|()| nothing()).map_err(refused)
}

/// The number of events, and the last event.
fn latest(timeline: &Timeline) -> Answer {
    let event = timeline.len().checked_sub(1);
    let event = event.and_then(|last| timeline.event(last));
    let event: Value = event
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let body = json!({ "events": timeline.len(), "event": event });
    json_answer(StatusCode::CREATED, &body)
}

pub(super) fn refused(error: ChangeError) -> Refused {
    let list = "see /__mock/jobs for all jobs";
    match error {
        ChangeError::NoTimeline => {
            let message = "no document has timelines of this name";
            Refused(StatusCode::NOT_FOUND, message.to_owned(), list)
        }
        ChangeError::NoResource => Refused(
            StatusCode::NOT_FOUND,
            "the job does not exist".to_owned(),
            list,
        ),
        ChangeError::SeveralResources => Refused(
            StatusCode::CONFLICT,
            "several jobs have this id".to_owned(),
            "add the values of the other path parameters, as in `?path[org]=acme`",
        ),
        ChangeError::Full(full) => Refused(
            StatusCode::INSUFFICIENT_STORAGE,
            full.to_string(),
            Full::CURE,
        ),
        ChangeError::Unfit(unfit) => {
            let (status, cure) = match unfit {
                Unfit::Ended => (
                    StatusCode::CONFLICT,
                    "choose another job, or reset the mock",
                ),
                Unfit::NotBegun => (
                    StatusCode::CONFLICT,
                    "set the clock to its first event or later",
                ),
                Unfit::NoEnd => (
                    StatusCode::CONFLICT,
                    "add the end to the scenario's `ends:`",
                ),
                Unfit::Taken(_) => (StatusCode::CONFLICT, "choose another key"),
                Unfit::Computed(_) | Unfit::Invalid(_) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "send only fields of the document's item schema that are not computed",
                ),
            };
            Refused(status, unfit.to_string(), cure)
        }
    }
}
