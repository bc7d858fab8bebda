//! A path with several parameters, from requests to the control path.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Document, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const SCENARIO: &str = "\
owners: [{ name: ada, token: secret }]
timelines:
  log:
    life: { first: {}, steps: [{}] }
    pace: { every: 5s }
    jobs:
      - { path: { org: acme, id: '17' }, owner: ada, events: 3 }
      - { path: { org: umbrella, id: '17' }, owner: ada, events: 4 }
      - { id: '18', owner: ada, events: 5 }
";

fn router() -> Router {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": { "/orgs/{org}/jobs/{id}/log": { "get": {
            "operationId": "log",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "org", "in": "path", "required": true, "example": "globex",
                  "schema": { "type": "string" } },
                { "name": "after", "in": "query", "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["items"],
                "properties": {
                    "items": { "type": "array", "items": {
                        "type": "object",
                        "required": ["id"],
                        "properties": { "id": { "type": "string" } },
                    } },
                    "next": { "type": "string" },
                },
            } } } } },
            "x-pagination": {
                "style": "cursor",
                "request": { "cursor": { "in": "query", "name": "after" } },
                "items": "$.items",
                "key": "$.id",
                "next": { "cursor": "$.next" },
                "parent": { "parameter": "id" },
            },
        } } },
    });
    let source = Source::new("log.json", document.to_string());
    let document = Document::read(source, &[]).unwrap();
    let scenario = Scenario::read(Source::new("s.yaml", SCENARIO)).unwrap();
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let plan = Plan::new(document.contracts().unwrap(), scenario, 1, now).unwrap();
    let mock = Mock::new(plan).unwrap();
    Rim::new(Arc::new(mock), Clock::new(Arc::new(move || now))).router()
}

async fn ask(router: &Router, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let request = Request::builder().method(method).uri(target);
    let request = request.body(Body::from(body)).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (status, body)
}

async fn get(router: &Router, target: &str) -> (u16, Value) {
    ask(router, "GET", target, &Value::Null).await
}

/// How many items the log has.
async fn length(router: &Router, org: &str, id: &str) -> Option<usize> {
    let (_, body) = get(router, &format!("/orgs/{org}/jobs/{id}/log")).await;
    body["items"].as_array().map(Vec::len)
}

#[tokio::test]
async fn a_request_names_a_resource_by_all_its_path_values() {
    let router = router();
    assert_eq!(length(&router, "acme", "17").await, Some(3));
    assert_eq!(length(&router, "umbrella", "17").await, Some(4));
    assert_eq!(length(&router, "globex", "18").await, Some(5));
    for (org, id) in [("globex", "17"), ("acme", "18"), ("17", "acme")] {
        let (status, _) = get(&router, &format!("/orgs/{org}/jobs/{id}/log")).await;
        assert_eq!(status, 404, "{org} {id}");
    }
}

#[tokio::test]
async fn the_control_path_lists_the_path_values() {
    let (_, body) = get(&router(), "/__mock/jobs").await;
    assert_eq!(
        body["jobs"][0]["path"],
        json!({ "org": "acme", "id": "17" })
    );
    assert_eq!(
        body["jobs"][2]["path"],
        json!({ "org": "globex", "id": "18" })
    );
}

#[tokio::test]
async fn a_change_is_made_to_one_of_several_resources_with_an_id() {
    let router = router();
    let append = "/__mock/jobs/log/17/events";
    let (status, problem) = ask(&router, "POST", append, &Value::Null).await;
    assert_eq!(status, 409, "{problem}");
    for query in [
        "path[org]=umbrella",
        "path%5Borg%5D=umbrella&visibility=public",
    ] {
        let target = format!("{append}?{query}");
        let (status, body) = ask(&router, "POST", &target, &Value::Null).await;
        assert_eq!(status, 201, "{body}");
    }
    assert_eq!(length(&router, "umbrella", "17").await, Some(6));
    assert_eq!(length(&router, "acme", "17").await, Some(3));
    let target = "/__mock/jobs/log/17?path[org]=acme";
    let (status, _) = ask(&router, "DELETE", target, &Value::Null).await;
    assert_eq!(status, 204);
    assert_eq!(length(&router, "acme", "17").await, None);
    assert_eq!(length(&router, "umbrella", "17").await, Some(6));
}

#[tokio::test]
async fn an_id_of_one_resource_needs_no_other_path_values() {
    let router = router();
    let target = "/__mock/jobs/log/18/cursor?behind=2";
    let (status, body) = get(&router, target).await;
    assert_eq!((status, &body["behind"]), (200, &json!(2)), "{body}");
    let target = "/__mock/jobs/log/17/cursor?behind=2&path[org]=acme";
    assert_eq!(get(&router, target).await.0, 200);
    let target = "/__mock/jobs/log/17/events?path[org]=initech";
    assert_eq!(ask(&router, "POST", target, &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_resource_is_created_at_path_values() {
    let router = router();
    let job = json!({ "path": { "org": "acme" }, "id": "18", "events": 2 });
    let (status, body) = ask(&router, "POST", "/__mock/jobs/log", &job).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["path"], json!({ "org": "acme", "id": "18" }));
    assert_eq!(length(&router, "acme", "18").await, Some(1));
    assert_eq!(length(&router, "globex", "18").await, Some(5));
    let (status, _) = ask(&router, "POST", "/__mock/jobs/log", &job).await;
    assert_eq!(status, 422);
    let job = json!({ "path": { "org": "acme" } });
    let (status, body) = ask(&router, "POST", "/__mock/jobs/log", &job).await;
    assert_eq!((status, &body["path"]["org"]), (201, &json!("acme")));
}
