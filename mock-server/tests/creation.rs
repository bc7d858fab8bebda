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

/// A mock, and the time that its clock shows.
fn mock() -> (Router, Arc<Mutex<Timestamp>>) {
    let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let time = Arc::new(Mutex::new(epoch + SignedDuration::from_hours(3)));
    let mock = Arc::new(Mock::bundled(1, epoch).unwrap());
    let read = Arc::clone(&time);
    let clock = Clock::new(Arc::new(move || *read.lock().unwrap()));
    (Rim::new(mock, clock).router(), time)
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
