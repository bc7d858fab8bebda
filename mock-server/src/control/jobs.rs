//! Jobs, by hand: what there are, and events and ends for them.

use fixtures::{Caller, Ending, ResourceCard, Timeline, Unfit};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, Control, Refused, json_answer, nothing};
use crate::answer::Answer;
use crate::hand::Undone;
use crate::mock::Mock;

pub(super) fn list(control: &Control, _: &Call<'_>) -> Result<Answer, Refused> {
    let jobs = control.mock.jobs(control.time.now()).into_iter();
    let now = control.time.now();
    let jobs: Vec<_> = jobs.map(|job| shown(&control.mock, &job, now)).collect();
    Ok(json_answer(StatusCode::OK, &json!({ "jobs": jobs })))
}

/// A job, as it is now.
pub(super) fn shown(mock: &Mock, job: &ResourceCard, now: Timestamp) -> Value {
    json!({
        "timeline": job.contract,
        "id": job.id,
        "owner": job.owner,
        "events": job.events,
        "grows": job.grows,
        "ended": job.ended,
        "ending": ending(mock, job, now),
        "note": job.note,
    })
}

/// The type of a job's last event, where that is an end.
fn ending(mock: &Mock, job: &ResourceCard, now: Timestamp) -> Option<Value> {
    let route = mock.named(&job.contract)?;
    let life = route.contract.pagination().lifecycle.as_ref()?;
    let timeline = mock.see(route, Caller::Anyone, Some(&job.id), now);
    let timeline = timeline.ok().filter(Timeline::has_ended)?;
    let event = timeline.event(timeline.len().checked_sub(1)?)?;
    let event: Value = serde_json::from_slice(&event).ok()?;
    life.at.get(&event).cloned()
}

pub(super) fn append(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let (timeline, id) = (call.capture("timeline"), call.capture("id"));
    let now = control.time.now();
    match call.query {
        "" | "visibility=public" => {}
        "visibility=hidden" => {
            // Never served, so that whatever it says is right.
            let hidden = control.mock.hide(timeline, id, now);
            return hidden.map(|_| nothing()).map_err(refused);
        }
        other => {
            let message = format!("`{other}` is not known here");
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
    let timeline = control.mock.append(timeline, id, fields, now);
    Ok(latest(&timeline.map_err(refused)?))
}

pub(super) fn finish(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    end(control, call, Ending::Finished)
}

pub(super) fn fail(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    end(control, call, Ending::Failed)
}

fn end(control: &Control, call: &Call<'_>, ending: Ending) -> Result<Answer, Refused> {
    let (timeline, id) = (call.capture("timeline"), call.capture("id"));
    let ended = control.mock.end(timeline, id, ending, control.time.now());
    Ok(latest(&ended.map_err(refused)?))
}

pub(super) fn delete(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let (timeline, id) = (call.capture("timeline"), call.capture("id"));
    let deleted = control.mock.delete(timeline, id, control.time.now());
    deleted.map(|()| nothing()).map_err(refused)
}

/// How many events there are now, and the last of them.
fn latest(timeline: &Timeline) -> Answer {
    let event = timeline.len().checked_sub(1);
    let event = event.and_then(|last| timeline.event(last));
    let event: Value = event
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    let body = json!({ "events": timeline.len(), "event": event });
    json_answer(StatusCode::CREATED, &body)
}

pub(super) fn refused(undone: Undone) -> Refused {
    let list = "see /__mock/jobs for what there is";
    match undone {
        Undone::NoTimeline => {
            let message = "no document has timelines of this name";
            Refused(StatusCode::NOT_FOUND, message.to_owned(), list)
        }
        Undone::NoJob => Refused(
            StatusCode::NOT_FOUND,
            "there is no such job".to_owned(),
            list,
        ),
        Undone::Unfit(unfit) => {
            let (status, cure) = match unfit {
                Unfit::Ended => (StatusCode::CONFLICT, "take another job, or reset"),
                Unfit::NotBegun => (StatusCode::CONFLICT, "move time on to its first event"),
                Unfit::NoEnd => (
                    StatusCode::CONFLICT,
                    "add the end to the scenario's `ends:`",
                ),
                Unfit::Computed(_) | Unfit::Invalid(_) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "give only fields of the document's item schema that are yours to choose",
                ),
            };
            Refused(status, unfit.to_string(), cure)
        }
    }
}
