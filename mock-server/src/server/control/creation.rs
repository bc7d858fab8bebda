//! The creation of a resource.

use fixtures::Beginning;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use miette::Diagnostic as _;
use openapi::Problem;
use serde_json::{Map, Value};

use super::{Call, Control, Refused, json_answer, resources};
use crate::answer::Answer;
use crate::changes::{ChangeError, Kept};
use crate::kind::TimelineRoute;
use crate::mock::Mock;

/// The fields of a resource in a scenario that are read here. All but `path` are filled in if they are missing.
const ID: &str = "id";
const OWNER: &str = "owner";
const PATH: &str = "path";
const STARTS: &str = "starts";

const CURE: &str = "send a job as in a scenario, such as {\"events\": 30, \"pace\": {\"every\": \"2s\"}}; `mock-server scenario schema` says more";

pub(super) fn create(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let timeline = call.capture("timeline");
    let mut resource = match call.json()? {
        None => Map::new(),
        Some(Value::Object(resource)) => resource,
        Some(other) => {
            let message = format!("the body is {other}, not an object");
            return Err(Refused(StatusCode::BAD_REQUEST, message, CURE));
        }
    };
    let now = control.clock.now();
    let mock = &*control.mock;
    let missing = || resources::refused(ChangeError::NoTimeline);
    let route = mock.named(timeline).ok_or_else(missing)?;
    let full = |full| resources::refused(ChangeError::Full(full));
    mock.check_room().map_err(full)?;
    let card = mock.begin(route, now, |kept| {
        let (is_named, number) = fill_in(mock, kept, route, &mut resource, now)?;
        let beginning = Beginning {
            at: now,
            number,
            is_named,
            job: resource,
            record: None,
        };
        let changes = mock.world.begin(route.place, beginning);
        let changes = changes.map_err(|problem| invalid(words(&problem)))?;
        let key = changes.begun_key().unwrap_or_default();
        if kept.is_taken_by_key(&mock.world, route.place, key) {
            let key = key.join("`, `");
            let message = format!("`id` is `{key}`, and two resources would have it");
            return Err(invalid(format!("{message}: give each an id of its own")));
        }
        Ok(changes)
    })?;
    let card = card.ok_or_else(|| resources::refused(ChangeError::NoResource))?;
    let body = resources::shown(mock, &card, now);
    Ok(json_answer(StatusCode::CREATED, &body))
}

/// Fills in missing fields. An id that is filled in is free. Returns whether the caller chose the id, and the number
/// of the resource.
fn fill_in(
    mock: &Mock,
    kept: &Kept,
    route: &TimelineRoute,
    resource: &mut Map<String, Value>,
    now: Timestamp,
) -> Result<(bool, u64), Refused> {
    if let Some((owner, _)) = mock.world().owners().next() {
        resource.entry(OWNER).or_insert_with(|| Value::from(owner));
    }
    let starts = resource.get(STARTS).and_then(Value::as_str);
    let span: Option<SignedDuration> = starts.and_then(|text| text.parse().ok());
    if let Some(moment) = span.and_then(|span| now.checked_add(span).ok()) {
        resource.insert(STARTS.to_owned(), Value::from(moment.to_string()));
    }
    let parent = route.contract.parent().ok_or_else(|| {
        let message =
            "requests for these timelines name no resource, so a new one could never be read";
        invalid(message.to_owned())
    })?;
    let path = resource.get(PATH).and_then(Value::as_object);
    let in_path = path.is_some_and(|path| path.contains_key(&parent.name));
    let number = kept.created_of(route.place);
    match resource.get(ID) {
        // Whether the path values are taken is checked when all of them are known.
        Some(Value::String(_)) if path.is_some() => Ok((true, number)),
        None if in_path => Ok((true, number)),
        Some(Value::String(id)) if kept.is_taken(&mock.world, route.place, id) => Err(Refused(
            StatusCode::CONFLICT,
            format!("the id `{id}` is taken by a job, or by one that was deleted"),
            "send another id, or none",
        )),
        Some(Value::String(_)) => Ok((true, number)),
        Some(other) => Err(invalid(format!("`id` is {other}, not a text"))),
        None => {
            let free = mock.free_id(kept, (&mock.world, route.place), &route.contract, None);
            let (id, number) = free
                .ok_or_else(|| invalid("`id` is missing, and no free one was found".to_owned()))?;
            resource.insert(ID.to_owned(), Value::from(id));
            Ok((false, number))
        }
    }
}

fn invalid(message: String) -> Refused {
    Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE)
}

/// What is wrong with the resource. Its place in the scenario is left out, because no file has it.
fn words(problem: &Problem) -> String {
    match problem.help() {
        Some(cure) => format!("{}: {cure}", problem.message()),
        None => problem.message().to_owned(),
    }
}
