//! The creation of a resource.

use fixtures::{Caller, Noise, Unseen, Wanted, resource_id};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use miette::Diagnostic as _;
use openapi::Problem;
use serde_json::{Map, Value};

use super::{Call, Control, Refused, json_answer, resources};
use crate::answer::Answer;
use crate::changes::ChangeError;
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
    let missing = || resources::refused(ChangeError::NoTimeline);
    let name = &control.mock.named(timeline).ok_or_else(missing)?.name;
    let described = |mock: &Mock| {
        let route = mock.named(name).ok_or_else(missing)?;
        fill_in(mock, route, &mut resource, now)?;
        Ok(Value::Object(resource))
    };
    let wrong = |problem: &Problem| invalid(words(problem));
    let mock = control.stage.add_resource(name, now, described, wrong)?;
    let cards = mock.resources(now).into_iter();
    // A resource that is added comes after all others.
    let card = cards
        .filter(|card| card.contract == *name)
        .last()
        .ok_or_else(|| resources::refused(ChangeError::NoResource))?;
    let body = resources::shown(&mock, &card, now);
    Ok(json_answer(StatusCode::CREATED, &body))
}

/// Fills in missing fields. An id that is filled in is free.
fn fill_in(
    mock: &Mock,
    route: &TimelineRoute,
    resource: &mut Map<String, Value>,
    now: Timestamp,
) -> Result<(), Refused> {
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
    match resource.get(ID) {
        // Whether the path values are taken is checked with the scenario.
        Some(Value::String(_)) if path.is_some() => Ok(()),
        None if in_path => Ok(()),
        Some(Value::String(id)) if is_taken(mock, route, id, now) => Err(Refused(
            StatusCode::CONFLICT,
            format!("the id `{id}` is taken by a job, or by one that was deleted"),
            "send another id, or none",
        )),
        Some(Value::String(_)) => Ok(()),
        Some(other) => Err(invalid(format!("`id` is {other}, not a text"))),
        None => {
            let id = free_id(mock, route, now);
            let id =
                id.ok_or_else(|| invalid("`id` is missing, and no free one was found".to_owned()))?;
            resource.insert(ID.to_owned(), Value::from(id));
            Ok(())
        }
    }
}

/// Whether a resource has this id, or had it before it was deleted.
fn is_taken(mock: &Mock, route: &TimelineRoute, id: &str, now: Timestamp) -> bool {
    let found = mock
        .world
        .timeline(route.place, Caller::Anyone, Wanted::Id(id), now);
    !matches!(found, Err(Unseen::Missing))
}

/// The first computed id that is free.
fn free_id(mock: &Mock, route: &TimelineRoute, now: Timestamp) -> Option<String> {
    let name = route.name.as_str();
    let jobs = mock.world().resources(now);
    let example = jobs.iter().find(|job| job.contract == name);
    let example = example.map(|job| job.id.as_str());
    let noise = Noise::new(mock.plan.seed).at(name).at("created");
    let mut ids =
        (0..10_000).map_while(|number| resource_id(&route.contract, example, noise.number(number)));
    ids.find(|id| !is_taken(mock, route, id, now))
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
