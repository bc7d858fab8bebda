//! Faults: they strike as written, they show in the answer, and they can be off.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim, answer};
use openapi::{Contract, Document, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const JOB: &str = "/v1/jobs/01JADA0000000000000000DEAD/events";
const TRAINING: &str = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000021/events";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn router(faults: &[&str]) -> Router {
    let mock = Arc::new(Mock::bundled(1, now()).unwrap());
    let faults = faults.iter().map(|text| text.parse().unwrap()).collect();
    let rim = Rim::new(mock, Clock::new(Arc::new(now)));
    rim.with_faults(1, faults).router()
}

/// Status, the fault that shows, and the body.
async fn get(router: &Router, target: &str) -> (u16, String, Value) {
    let request = Request::get(target).header("authorization", "Bearer token-of-ada");
    let request = request.body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let fault = answer.headers().get("x-mock-fault");
    let fault = fault.map_or("", |fault| fault.to_str().unwrap()).to_owned();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (status, fault, body)
}

/// The latest line of the request log.
async fn line(router: &Router) -> Value {
    let (_, _, log) = get(router, "/__mock/requests").await;
    log["requests"].as_array().unwrap().last().unwrap().clone()
}

fn keys(page: &Value, list: &str, key: &str) -> Vec<Value> {
    let items = page[list].as_array().unwrap();
    items.iter().map(|item| item[key].clone()).collect()
}

#[tokio::test]
async fn a_repeated_page_begins_with_the_item_that_its_cursor_names() {
    let (honest, struck) = (router(&[]), router(&["repeat"]));
    let (_, _, first) = get(&honest, &format!("{TRAINING}?limit=5")).await;
    let last = first["last_id"].as_str().unwrap();
    let target = format!("{TRAINING}?limit=5&after={last}");
    let (_, fault, repeated) = get(&struck, &target).await;
    assert_eq!(fault, "repeat");
    let repeated = keys(&repeated, "data", "id");
    let (_, _, whole) = get(&honest, &format!("{TRAINING}?limit=9")).await;
    assert_eq!(repeated, keys(&whole, "data", "id")[4..]);
    assert_eq!(line(&struck).await["breaks"], true);
    let (_, fault, page) = get(&struck, &format!("{JOB}?since=1000000")).await;
    assert_eq!(
        (fault.as_str(), keys(&page, "events", "seq").len()),
        ("repeat", 1)
    );
}

#[tokio::test]
async fn a_vanished_cursor_is_answered_as_the_contract_answers_unknown_ones() {
    let struck = router(&["vanish"]);
    let (status, fault, first) = get(&struck, &format!("{TRAINING}?limit=5")).await;
    assert_eq!((status, fault.as_str()), (200, ""));
    let last = first["last_id"].as_str().unwrap();
    let vanished = get(&struck, &format!("{TRAINING}?after={last}")).await;
    let unknown = get(&router(&[]), &format!("{TRAINING}?after=never-handed-out")).await;
    assert_eq!((vanished.0, &vanished.2), (unknown.0, &unknown.2));
    assert_eq!(vanished.1, "vanish");
    assert_eq!(line(&struck).await["faults"], json!(["vanish"]));
}

#[tokio::test]
async fn expired_urls_are_refused_where_fresh_ones_open() {
    for (faults, expect) in [(&[][..], 200), (&["expired"][..], 403)] {
        let router = router(faults);
        let (_, _, page) = get(&router, JOB).await;
        let text = page.to_string();
        let urls: Vec<_> = text
            .split('"')
            .filter(|part| part.contains("://"))
            .collect();
        assert!(!urls.is_empty());
        for url in urls {
            let target = url.strip_prefix("http://127.0.0.1:4010").unwrap();
            assert_eq!(get(&router, target).await.0, expect, "{url}");
        }
    }
}

#[tokio::test]
async fn a_fault_shows_only_where_it_did_something() {
    let router = router(&["repeat", "expired"]);
    let (status, fault, _) = get(
        &router,
        "/v1/jobs/01JADA0000000000000000XXXX/events?since=1",
    )
    .await;
    assert_eq!((status, fault.as_str()), (404, ""));
    assert_eq!(line(&router).await["breaks"], false);
    let (_, fault, _) = get(&router, TRAINING).await;
    assert_eq!(fault, "");
}

#[tokio::test]
async fn a_fault_that_the_contract_allows_breaks_nothing() {
    for (fault, breaks) in [
        ("latency=1ms", false),
        ("slow=1MB/s", false),
        ("status=503", false),
        ("status=404", false),
        ("status=500", true),
    ] {
        let router = router(&[fault]);
        get(&router, JOB).await;
        let line = line(&router).await;
        assert_eq!(
            (&line["faults"], &line["breaks"]),
            (&json!([fault]), &json!(breaks))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_says_the_same_later() {
    let whole = get(&router(&[]), JOB).await.2;
    let began = tokio::time::Instant::now();
    let slow = get(&router(&["slow=1KiB/s"]), JOB).await.2;
    assert_eq!(slow, whole);
    assert!(began.elapsed().as_secs() >= whole.to_string().len() as u64 / 1_024 - 1);
}

#[tokio::test]
async fn off_means_byte_for_byte_the_same_as_a_mock_without_faults() {
    let mock = Mock::bundled(1, now()).unwrap();
    let router = router(&["drop@job=nobody", "repeat@0%"]);
    for target in [JOB, TRAINING, "/v1/jobs/x/events?since=y", "/nowhere"] {
        let request = |body| {
            let request = Request::get(target).header("authorization", "Bearer token-of-ada");
            request.body(body).unwrap()
        };
        let plain = answer(&mock, &request(()).map(|()| bytes::Bytes::new()), now());
        let served = router.clone().oneshot(request(()).map(|()| Body::empty()));
        let served = served.await.unwrap();
        assert_eq!(served.status(), plain.status, "{target}");
        for (name, value) in &plain.headers {
            assert_eq!(served.headers().get(name), Some(value), "{target}");
        }
        let body = axum::body::to_bytes(served.into_body(), usize::MAX).await;
        assert_eq!(body.unwrap(), plain.into_bytes(), "{target}");
    }
}

fn contracts() -> Vec<Contract> {
    let documents = Document::bundled().unwrap();
    let contracts = documents
        .iter()
        .map(|document| document.contracts().unwrap());
    contracts.flatten().collect()
}

fn mock(faults: &str) -> Result<Mock, openapi::Problem> {
    let text = format!("owners:\n  - {{ name: ada, token: t }}\nfaults: {faults}\n");
    let scenario = Scenario::read(Source::new("s.yaml", text)).unwrap();
    Mock::new(Plan::new(contracts(), scenario, 1, now())?)
}

#[tokio::test]
async fn a_reset_restores_the_faults_of_the_scenario() {
    let mock = Arc::new(mock("[status=429@every=2]").unwrap());
    let rim = Rim::new(mock, Clock::new(Arc::new(now)));
    let router = rim
        .with_faults(1, vec!["latency=1ms".parse().unwrap()])
        .router();
    let faults = async || get(&router, "/__mock/faults").await.2["faults"].clone();
    let both = json!(["latency=1ms", "status=429@every=2"]);
    assert_eq!(faults().await, both);
    let request = |method: &str, target: &str, body: &'static str| {
        let request = Request::builder().method(method).uri(target);
        router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
    };
    request("PUT", "/__mock/faults", r#"{"faults": []}"#)
        .await
        .unwrap();
    assert_eq!(faults().await, json!([]));
    request("POST", "/__mock/reset", "").await.unwrap();
    assert_eq!(faults().await, both);
    let other = r#"{"name": "empty-account"}"#;
    request("PUT", "/__mock/scenario", other).await.unwrap();
    assert_eq!(faults().await, json!(["latency=1ms"]));
}

#[test]
fn a_wrong_fault_of_a_scenario_is_a_problem_at_its_place() {
    for (faults, words) in [
        ("[drop, flood]", "`flood` is not a fault"),
        (
            "[drop, drop@operation=nobody]",
            "`nobody` is no name of timelines in these documents",
        ),
    ] {
        let problem = mock(faults).unwrap_err();
        assert_eq!(problem.place().unwrap(), "s.yaml:3:16");
        assert_eq!(problem.message(), words);
        assert!(miette::Diagnostic::help(&problem).is_some());
    }
}
