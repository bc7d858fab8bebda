//! A job that was not there before.

use fixtures::{Caller, Noise, Unseen, resource_id};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use miette::Diagnostic as _;
use openapi::Problem;
use serde_json::{Map, Value};

use super::{Call, Control, Refused, jobs, json_answer};
use crate::answer::Answer;
use crate::hand::Undone;
use crate::mock::{Mock, Route};

/// The fields of an entry, as scenarios spell them, that are filled in where they are missing.
const ID: &str = "id";
const OWNER: &str = "owner";
const STARTS: &str = "starts";

const CURE: &str = "send a job as scenarios have it, such as {\"events\": 30, \"pace\": {\"every\": \"2s\"}}; `mock-server scenario schema` says more";

pub(super) fn create(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let timeline = call.capture("timeline");
    let mut entry = match call.json()? {
        None => Map::new(),
        Some(Value::Object(entry)) => entry,
        Some(other) => {
            let message = format!("the body is {other}, not an object");
            return Err(Refused(StatusCode::BAD_REQUEST, message, CURE));
        }
    };
    let mock = &control.mock;
    let route = mock.named(timeline);
    let route = route.ok_or_else(|| jobs::refused(Undone::NoTimeline))?;
    let now = control.time.now();
    let id = fill_in(mock, route, &mut entry, now)?;
    let added = control.stage.add_job(timeline, &Value::Object(entry), now);
    let mock = added.map_err(|problem| invalid(words(&problem)))?;
    let cards = mock.jobs(now).into_iter();
    let mut cards = cards.filter(|card| card.contract == timeline && card.id == id);
    let card = cards.next().ok_or_else(|| jobs::refused(Undone::NoJob))?;
    let body = jobs::shown(&mock, &card, now);
    Ok(json_answer(StatusCode::CREATED, &body))
}

/// Says what the entry leaves open; the id that it has then, which no other job has.
fn fill_in(
    mock: &Mock,
    route: &Route,
    entry: &mut Map<String, Value>,
    now: Timestamp,
) -> Result<String, Refused> {
    if let Some((owner, _)) = mock.world().owners().next() {
        entry.entry(OWNER).or_insert_with(|| Value::from(owner));
    }
    let starts = entry.get(STARTS).and_then(Value::as_str);
    let span: Option<SignedDuration> = starts.and_then(|text| text.parse().ok());
    if let Some(moment) = span.and_then(|span| now.checked_add(span).ok()) {
        entry.insert(STARTS.to_owned(), Value::from(moment.to_string()));
    }
    if route.contract.parent().is_none() {
        let message =
            "the requests of these timelines name no job, so that another would never be seen";
        return Err(invalid(message.to_owned()));
    }
    match entry.get(ID) {
        Some(Value::String(id)) if is_taken(mock, route, id, now) => Err(Refused(
            StatusCode::CONFLICT,
            format!("there is, or was, a job `{id}`"),
            "take another id, or none",
        )),
        Some(Value::String(id)) => Ok(id.clone()),
        Some(other) => Err(invalid(format!("the id is {other}, not a text"))),
        None => {
            let id = free_id(mock, route, now);
            let id = id.ok_or_else(|| invalid("no id could be made up".to_owned()))?;
            entry.insert(ID.to_owned(), Value::from(id.clone()));
            Ok(id)
        }
    }
}

/// Whether a job has this id, were it one that was deleted.
fn is_taken(mock: &Mock, route: &Route, id: &str, now: Timestamp) -> bool {
    let found = mock
        .world
        .timeline(route.place, Caller::Anyone, Some(id), now);
    !matches!(found, Err(Unseen::Missing))
}

/// The first id that nobody has, of those that are made up one after the other.
fn free_id(mock: &Mock, route: &Route, now: Timestamp) -> Option<String> {
    let name = route.name.as_str();
    let jobs = mock.world().resources(now);
    let example = jobs.iter().find(|job| job.contract == name);
    let example = example.map(|job| job.id.as_str());
    let noise = Noise::new(mock.seed).at(name).at("created");
    let mut ids =
        (0..10_000).map_while(|number| resource_id(&route.contract, example, noise.number(number)));
    ids.find(|id| !is_taken(mock, route, id, now))
}

fn invalid(message: String) -> Refused {
    Refused(StatusCode::UNPROCESSABLE_ENTITY, message, CURE)
}

/// What is wrong with the entry; its place in a text that nobody wrote would help nobody.
fn words(problem: &Problem) -> String {
    match problem.help() {
        Some(cure) => format!("{}: {cure}", problem.message()),
        None => problem.message().to_owned(),
    }
}
