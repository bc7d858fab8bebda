//! The creation of resources while the mock runs.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use http::Request;
use jiff::{SignedDuration, Timestamp};
use mock_server::{Clock, Mock, Rim};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const CREATE: &str = "/__mock/jobs/job-timeline";

fn epoch() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A mock, and the time that its clock shows.
fn mock() -> (Router, Arc<Mutex<Timestamp>>) {
    serve(&Arc::new(Mock::bundled(1, epoch()).unwrap()))
}

fn serve(mock: &Arc<Mock>) -> (Router, Arc<Mutex<Timestamp>>) {
    let time = Arc::new(Mutex::new(epoch() + SignedDuration::from_hours(3)));
    let read = Arc::clone(&time);
    let clock = Clock::new(Arc::new(move || *read.lock().unwrap()));
    (Rim::new(Arc::clone(mock), clock).router(), time)
}

async fn ask(router: &Router, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = Request::builder().method(method).uri(target);
    let request = request.header("authorization", "Bearer token-of-ada");
    let request = request.body(Body::from(body)).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (status, body)
}

async fn create(router: &Router, entry: Value) -> String {
    let (status, job) = ask(router, "POST", CREATE, &entry).await;
    assert_eq!(status, 201, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

async fn events(router: &Router, id: &str) -> Vec<Value> {
    let target = format!("/v1/jobs/{id}/events");
    let (status, page) = ask(router, "GET", &target, &Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["events"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_are_created_at_the_same_time_have_ids_of_their_own() {
    let (router, _) = mock();
    let created = (0..40).map(|_| {
        let router = router.clone();
        tokio::spawn(async move { create(&router, json!({})).await })
    });
    let mut ids = std::collections::HashSet::new();
    for id in created.collect::<Vec<_>>() {
        assert!(ids.insert(id.await.unwrap()));
    }
}

#[tokio::test]
async fn a_job_begins_when_it_is_created_and_keeps_its_pace() {
    let (router, clock) = mock();
    let entry = json!({ "events": 5, "ends": "succeeded", "pace": { "every": "2s" } });
    let id = create(&router, entry).await;
    let first = events(&router, &id).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0]["event_type"], "queued");
    let now = *clock.lock().unwrap();
    let created: Timestamp = first[0]["created_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(created, now);
    *clock.lock().unwrap() = now + SignedDuration::from_secs(30);
    let all = events(&router, &id).await;
    assert_eq!((all.len(), &all[0]), (5, &first[0]));
    assert_eq!(all[4]["event_type"], "succeeded");
}

#[tokio::test]
async fn a_job_starts_at_its_start_and_spans_count_from_now() {
    let (router, _) = mock();
    let pace = json!({ "every": "2s" });
    let started = json!({ "starts": "1m ago", "pace": pace });
    assert_eq!(
        events(&router, &create(&router, started).await).await.len(),
        30
    );
    let later = json!({ "starts": "1m", "pace": pace });
    assert_eq!(
        events(&router, &create(&router, later).await).await.len(),
        0
    );
}

#[tokio::test]
async fn ids_are_made_up_as_those_around_them_are_and_each_is_another() {
    let (router, _) = mock();
    let (one, other) = (
        create(&router, json!({})).await,
        create(&router, json!({})).await,
    );
    assert_ne!(one, other);
    assert!(openapi::ulid_is_well_formed(&one));
    let (_, job) = ask(&router, "POST", "/__mock/jobs/wandb-training", &Value::Null).await;
    let id = job["id"].as_str().unwrap();
    assert_eq!((id.len(), id.matches('-').count()), (36, 4), "{id}");
}

#[tokio::test]
async fn changes_of_other_jobs_stay_until_a_reset() {
    let (router, _) = mock();
    let feed = "01JADA0000000000000000FEED";
    let append = format!("{CREATE}/{feed}/events");
    ask(&router, "POST", &append, &json!({ "message": "by hand" })).await;
    let before = events(&router, feed).await;
    let id = create(&router, json!({ "id": "01JADA0000000000000000NEW0" })).await;
    assert_eq!(events(&router, feed).await, before);
    let append = format!("{CREATE}/{id}/events");
    assert_eq!(ask(&router, "POST", &append, &Value::Null).await.0, 201);
    assert_eq!(events(&router, &id).await.len(), 2);
    ask(&router, "POST", "/__mock/reset", &Value::Null).await;
    let target = format!("/v1/jobs/{id}/events");
    assert_eq!(ask(&router, "GET", &target, &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_job_that_no_scenario_could_have_is_refused_with_a_cure() {
    let (router, _) = mock();
    for (entry, words) in [
        (json!({ "owner": "bob" }), "`owner` is `bob`"),
        (json!({ "ends": "well", "events": 4 }), "`ends` is `well`"),
        (
            json!({ "events": "many" }),
            "must be a whole number, 0 or more",
        ),
        (json!({ "pace": { "every": "soon" } }), "`every` is `soon`"),
        (json!({ "times": 3 }), "one at a time"),
        (json!({ "id": "no ulid" }), "no ulid"),
        (json!({ "id": 7 }), "not a text"),
    ] {
        let (status, said) = ask(&router, "POST", CREATE, &entry).await;
        assert_eq!(status, 422, "{entry}");
        let detail = said["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
    let (_, jobs) = ask(&router, "GET", "/__mock/jobs", &Value::Null).await;
    let (fresh, _) = mock();
    assert_eq!(
        jobs,
        ask(&fresh, "GET", "/__mock/jobs", &Value::Null).await.1
    );
}

#[tokio::test]
async fn of_a_job_that_was_created_and_deleted_nothing_is_kept_and_ids_never_run_out() {
    let mock = Arc::new(Mock::bundled(1, epoch()).unwrap());
    let (router, _) = serve(&mock);
    let before = mock.kept_bytes();
    let mut ids = std::collections::HashSet::new();
    for _ in 0..20_000 {
        let id = create(&router, json!({})).await;
        let target = format!("{CREATE}/{id}");
        assert_eq!(ask(&router, "DELETE", &target, &Value::Null).await.0, 204);
        assert!(ids.insert(id), "an id came again");
    }
    assert_eq!(mock.kept_bytes(), before);
    let (_, jobs) = ask(&router, "GET", "/__mock/jobs", &Value::Null).await;
    let (fresh, _) = self::mock();
    let (_, none) = ask(&fresh, "GET", "/__mock/jobs", &Value::Null).await;
    assert_eq!(jobs, none);
}

#[tokio::test]
async fn an_id_that_a_person_chose_stays_taken_and_takes_few_bytes() {
    let mock = Arc::new(Mock::bundled(1, epoch()).unwrap());
    let (router, _) = serve(&mock);
    for number in 0..1_000 {
        let id = format!("01JNEW{number:020}");
        create(&router, json!({ "id": id })).await;
        let target = format!("{CREATE}/{id}");
        assert_eq!(ask(&router, "DELETE", &target, &Value::Null).await.0, 204);
        let again = json!({ "id": id });
        assert_eq!(ask(&router, "POST", CREATE, &again).await.0, 409);
    }
    assert!(mock.kept_bytes() < 200 * 1_000, "{}", mock.kept_bytes());
}

#[tokio::test]
async fn a_mock_without_room_refuses_jobs_until_some_are_deleted() {
    let mock = Mock::bundled(1, epoch()).unwrap().with_room(100_000);
    let (router, _) = serve(&Arc::new(mock));
    let mut ids = Vec::new();
    let refused = loop {
        let (status, job) = ask(&router, "POST", CREATE, &json!({})).await;
        if status != 201 {
            break (status, job);
        }
        ids.push(job["id"].as_str().unwrap().to_owned());
        assert!(ids.len() < 1_000, "the room has no end");
    };
    assert_eq!(refused.0, 507, "{}", refused.1);
    let said = refused.1.to_string();
    assert!(said.contains("100000 bytes"), "{said}");
    assert!(said.contains("delete what was created"), "{said}");
    let target = format!("{CREATE}/{}", ids[0]);
    assert_eq!(ask(&router, "DELETE", &target, &Value::Null).await.0, 204);
    create(&router, json!({})).await;
}

#[tokio::test]
async fn created_jobs_are_taken_out_and_put_back_with_their_events_and_the_count_of_ids() {
    let ((one, time), (other, same)) = (mock(), mock());
    let entry = json!({ "events": 5, "ends": "succeeded", "pace": { "every": "2s" } });
    let kept = create(&one, entry).await;
    let gone = create(&one, json!({})).await;
    let target = format!("{CREATE}/{gone}");
    assert_eq!(ask(&one, "DELETE", &target, &Value::Null).await.0, 204);
    let later = *time.lock().unwrap() + SignedDuration::from_secs(5);
    (*time.lock().unwrap(), *same.lock().unwrap()) = (later, later);
    let (_, state) = ask(&one, "GET", "/__mock/state", &Value::Null).await;
    assert_eq!(state["version"], 2);
    let (status, read) = ask(&other, "PUT", "/__mock/state", &state).await;
    assert_eq!((status, &read), (200, &state));
    assert_eq!(events(&other, &kept).await, events(&one, &kept).await);
    assert_eq!(events(&other, &kept).await.len(), 3);
    let next = create(&other, json!({})).await;
    assert!(next != kept && next != gone);
    assert_eq!(create(&one, json!({})).await, next);
    for (pointer, value, words) in [
        (
            "/lists/0/resource/0",
            json!("other"),
            "#/lists/0/resource: `resource` has other values",
        ),
        (
            "/lists/0/changes/begun/job/owner",
            json!("bob"),
            "#/lists/0/changes/begun/job: `owner` is `bob`",
        ),
        (
            "/lists/0/changes/begun/at",
            json!("noon"),
            "`noon` is no date and time",
        ),
    ] {
        let mut wrong = state.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        let (status, said) = ask(&other, "PUT", "/__mock/state", &wrong).await;
        assert_eq!(status, 422, "{said}");
        assert!(said["detail"].as_str().unwrap().contains(words), "{said}");
    }
    assert_eq!(
        ask(&other, "POST", "/__mock/reset", &Value::Null).await.0,
        204
    );
    let target = format!("/v1/jobs/{kept}/events");
    assert_eq!(ask(&other, "GET", &target, &Value::Null).await.0, 404);
}
