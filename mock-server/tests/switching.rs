//! The switch to another scenario while the mock runs.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Rim};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const DEFAULT: &str = "/v1/jobs/01JADA0000000000000000FEED/events";
const STALLED: &str = "/v1/jobs/01JADA00000000000000000014/events";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn router() -> Router {
    let mock = Mock::bundled(1, now()).unwrap().at_base("http://here:1");
    Rim::new(Arc::new(mock), Clock::new(Arc::new(now))).router()
}

async fn ask(router: &Router, method: &str, target: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request.header("authorization", "Bearer token-of-ada");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (status, body)
}

async fn switch(router: &Router, name: &str) -> (u16, Value) {
    let body = json!({ "name": name }).to_string();
    ask(router, "PUT", "/__mock/scenario", &body).await
}

#[tokio::test]
async fn the_new_scenario_is_served_until_a_reset() {
    let router = router();
    let (_, before) = ask(&router, "GET", DEFAULT, "").await;
    assert_eq!(ask(&router, "GET", STALLED, "").await.0, 404);
    let (status, said) = switch(&router, "stalled-job").await;
    assert_eq!((status, &said["name"]), (200, &json!("stalled-job")));
    assert_eq!(ask(&router, "GET", STALLED, "").await.0, 200);
    assert_eq!(ask(&router, "GET", DEFAULT, "").await.0, 404);
    ask(&router, "POST", "/__mock/reset", "").await;
    assert_eq!(ask(&router, "GET", DEFAULT, "").await.1, before);
    let (_, said) = ask(&router, "GET", "/__mock/scenario", "").await;
    assert_eq!(said["name"], "default");
}

#[tokio::test]
async fn urls_lead_to_the_same_address_in_every_scenario() {
    let router = router();
    switch(&router, "failed-job").await;
    let failed = "/v1/jobs/01JADA0000000000000000DEAD/events";
    let (_, page) = ask(&router, "GET", failed, "").await;
    assert!(page.to_string().contains("\"http://here:1/"), "{page}");
}

#[tokio::test]
async fn manual_changes_are_lost_with_their_world() {
    let router = router();
    let (_, before) = ask(&router, "GET", DEFAULT, "").await;
    let append = "/__mock/jobs/job-timeline/01JADA0000000000000000FEED/events";
    assert_eq!(ask(&router, "POST", append, "").await.0, 201);
    assert_ne!(ask(&router, "GET", DEFAULT, "").await.1, before);
    switch(&router, "stalled-job").await;
    switch(&router, "default").await;
    assert_eq!(ask(&router, "GET", DEFAULT, "").await.1, before);
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_and_changes_nothing() {
    let router = router();
    let (status, said) = switch(&router, "paradise").await;
    assert_eq!(status, 422);
    let detail = said["detail"].as_str().unwrap();
    assert!(detail.contains("thousand-jobs"), "{detail}");
    assert_eq!(ask(&router, "GET", DEFAULT, "").await.0, 200);
    let (_, said) = ask(&router, "GET", "/__mock/scenario", "").await;
    assert_eq!(said["ready"].as_array().unwrap().len(), 7);
}
