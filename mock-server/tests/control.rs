//! The control path: its answers match its document, and its changes are served.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use fixtures::Scenario;
use http::{HeaderName, Request, header};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use mock_server::{Clock, ControlFrom, Mock, Plan, Rim};
use openapi::{Document, Names, Operation, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const TIMELINE: &str = "/v1/jobs/01JADA0000000000000000FEED/events";
const JOB: &str = "/__mock/jobs/job-timeline/01JADA0000000000000000FEED";
const ENDED: &str = "/__mock/jobs/job-timeline/01JADA0000000000000000DEAD";
const TRAINING: &str = "/__mock/jobs/wandb-training/0a000000-0000-4000-8000-000000000001";

/// The document of the control path.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let text = include_str!("../src/server/control/openapi.yaml");
    let document = Document::read(Source::new("openapi.yaml", text), &[]).unwrap();
    document.operations().to_vec()
});

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A mock whose clock stands still.
fn rim() -> Rim {
    let mock = Arc::new(Mock::bundled(1, now()).unwrap());
    Rim::new(mock, Clock::new(Arc::new(now)))
}

/// A request over a connection from `peer`, or none; status and body.
async fn send(router: &Router, request: Request<Body>) -> (u16, String, Vec<u8>) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    (status, kind, body.unwrap().to_vec())
}

/// Sends a request to the control path and checks that its document declares the answer.
async fn control(router: &Router, method: &str, target: &str, body: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (status, kind, body) = send(router, request).await;
    let path = target.split('?').next().unwrap();
    let fits = |one: &&Operation| one.method == method && one.path.captures(path).is_some();
    let operation = OPERATIONS.iter().find(fits).expect(target);
    let declared = operation.response(status).expect(target);
    let value = serde_json::from_slice(&body)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&body)));
    let kind = kind.split(';').next().unwrap();
    match declared.media(kind) {
        Some(media) => {
            let schema = media.schema.as_ref().unwrap();
            assert_eq!(schema.violations(&value), [], "{method} {target}: {value}");
        }
        None => assert!(body.is_empty() && declared.media.is_empty(), "{target}"),
    }
    (status, value)
}

async fn timeline(router: &Router, target: &str) -> Value {
    let request = Request::get(target).header("authorization", "Bearer token-of-ada");
    let (status, _, body) = send(router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, 200, "{target}");
    serde_json::from_slice(&body).unwrap()
}

/// A request to the control path: method, target, body; and the status that it gets.
type Call = (&'static str, String, &'static str, u16);

/// Requests for the console's files, and its first requests.
fn calls_of_the_console() -> Vec<Call> {
    vec![
        ("GET", "/__mock".to_owned(), "", 308),
        ("GET", "/__mock/".to_owned(), "", 200),
        ("GET", "/__mock/console/app.js".to_owned(), "", 200),
        ("GET", "/__mock/console/console.css".to_owned(), "", 200),
        ("GET", "/__mock/console/reference.html".to_owned(), "", 200),
        ("GET", "/__mock/console/nothing.js".to_owned(), "", 404),
        (
            "GET",
            "/__mock/console/vendor/swagger-ui.css".to_owned(),
            "",
            200,
        ),
        ("GET", "/__mock/owners".to_owned(), "", 200),
        ("GET", "/__mock/operations".to_owned(), "", 200),
        ("GET", "/__mock/operations?id=x".to_owned(), "", 400),
        ("GET", "/__mock/operations?operation=x".to_owned(), "", 404),
        ("GET", "/__mock/forms?operation=nothing".to_owned(), "", 404),
        ("GET", "/__mock/forms".to_owned(), "", 400),
        ("GET", "/__mock/collections".to_owned(), "", 200),
        ("GET", "/__mock/collections/nobody".to_owned(), "", 404),
        (
            "GET",
            "/__mock/collections/nobody/changes".to_owned(),
            "",
            404,
        ),
        (
            "DELETE",
            "/__mock/collections/nobody/changes/1".to_owned(),
            "",
            404,
        ),
        ("GET", "/__mock/worlds".to_owned(), "", 200),
        ("GET", "/__mock/documents".to_owned(), "", 200),
        (
            "GET",
            "/__mock/documents/job-timeline.json".to_owned(),
            "",
            200,
        ),
        ("GET", "/__mock/documents/nobody.json".to_owned(), "", 404),
        ("GET", format!("{JOB}/cursor?behind=3"), "", 200),
        ("GET", format!("{JOB}/cursor"), "", 400),
        ("GET", format!("{JOB}x/cursor?behind=3"), "", 404),
    ]
}

/// Requests about jobs.
fn calls_about_jobs() -> Vec<Call> {
    vec![
        ("GET", "/__mock/jobs".to_owned(), "", 200),
        (
            "GET",
            "/__mock/jobs?timeline=job-timeline".to_owned(),
            "",
            200,
        ),
        ("GET", "/__mock/jobs?timeline=nobody".to_owned(), "", 404),
        ("GET", "/__mock/jobs?owner=ada".to_owned(), "", 400),
        ("POST", "/__mock/jobs/job-timeline".to_owned(), "", 201),
        (
            "POST",
            "/__mock/jobs/job-timeline".to_owned(),
            r#"{"id": "01JADA0000000000000000FEED"}"#,
            409,
        ),
        (
            "POST",
            "/__mock/jobs/job-timeline".to_owned(),
            r#"{"ownr": "ada"}"#,
            422,
        ),
        ("POST", "/__mock/jobs/job-timeline".to_owned(), "[]", 400),
        ("POST", "/__mock/jobs/nobody".to_owned(), "", 404),
        ("POST", format!("{JOB}/events"), "", 201),
        ("POST", format!("{JOB}/events"), r#"{"message": "hi"}"#, 201),
        ("POST", format!("{JOB}/events"), r#"{"message": 1}"#, 422),
        ("POST", format!("{JOB}/events"), r#"{"seq": 1}"#, 422),
        ("POST", format!("{JOB}/events"), "[1]", 400),
        ("POST", format!("{JOB}/events"), "{", 400),
        (
            "POST",
            format!("{JOB}/events?visibility=hidden"),
            "any",
            204,
        ),
        ("POST", format!("{JOB}/events?visibility=dim"), "", 400),
        ("POST", format!("{ENDED}/events"), "", 409),
        ("POST", format!("{ENDED}x/events"), "", 404),
        ("POST", "/__mock/jobs/nobody/x/events".to_owned(), "", 404),
        ("POST", format!("{JOB}/finish"), "", 201),
        ("POST", format!("{JOB}/fail"), "", 409),
        ("POST", format!("{TRAINING}/fail"), "", 201),
        ("DELETE", TRAINING.to_owned(), "", 204),
        ("DELETE", TRAINING.to_owned(), "", 404),
    ]
}

/// All other requests.
fn calls_about_the_rest() -> Vec<Call> {
    vec![
        ("GET", "/__mock/reads".to_owned(), "", 200),
        ("GET", "/__mock/time".to_owned(), "", 200),
        (
            "PUT",
            "/__mock/time".to_owned(),
            r#"{"freeze": "now"}"#,
            200,
        ),
        ("PUT", "/__mock/time".to_owned(), r#"{"shift": "2h"}"#, 200),
        ("PUT", "/__mock/time".to_owned(), r#"{"speed": 10}"#, 200),
        ("PUT", "/__mock/time".to_owned(), r#"{"real": true}"#, 200),
        ("PUT", "/__mock/time".to_owned(), r#"{"speed": -1}"#, 422),
        ("PUT", "/__mock/time".to_owned(), r#"{"sped": 1}"#, 422),
        (
            "PUT",
            "/__mock/time".to_owned(),
            r#"{"freeze": "noon"}"#,
            422,
        ),
        ("PUT", "/__mock/time".to_owned(), "{}", 422),
        ("PUT", "/__mock/time".to_owned(), "", 422),
        ("PUT", "/__mock/time".to_owned(), "x", 400),
        ("GET", "/__mock/faults".to_owned(), "", 200),
        (
            "PUT",
            "/__mock/faults".to_owned(),
            r#"{"faults": ["status=503@10%"]}"#,
            200,
        ),
        (
            "PUT",
            "/__mock/faults".to_owned(),
            r#"{"faults": ["flood"]}"#,
            422,
        ),
        (
            "PUT",
            "/__mock/faults".to_owned(),
            r#"{"faults": ["drop@operation=nobody"]}"#,
            422,
        ),
        ("PUT", "/__mock/faults".to_owned(), "", 422),
        ("PUT", "/__mock/faults".to_owned(), "{", 400),
        ("GET", "/__mock/scenario".to_owned(), "", 200),
        (
            "PUT",
            "/__mock/scenario".to_owned(),
            r#"{"name": "stalled-job"}"#,
            200,
        ),
        (
            "PUT",
            "/__mock/scenario".to_owned(),
            r#"{"name": "paradise"}"#,
            422,
        ),
        ("PUT", "/__mock/scenario".to_owned(), "", 422),
        ("PUT", "/__mock/scenario".to_owned(), "{", 400),
        ("GET", "/__mock/requests".to_owned(), "", 200),
        ("GET", "/__mock/requests?after=1".to_owned(), "", 200),
        ("GET", "/__mock/requests?after=x".to_owned(), "", 400),
        ("GET", "/__mock/requests?before=1".to_owned(), "", 400),
        ("DELETE", "/__mock/requests".to_owned(), "", 204),
        ("GET", "/__mock/subject.yaml".to_owned(), "", 200),
        ("GET", "/__mock/openapi.yaml".to_owned(), "", 200),
        (
            "POST",
            "/__mock/onward/job-timeline".to_owned(),
            r#"{"cursor": "3", "body": {"events": []}}"#,
            200,
        ),
        ("POST", "/__mock/onward/job-timeline".to_owned(), "{", 400),
        ("POST", "/__mock/onward/nothing".to_owned(), "{}", 404),
        ("POST", "/__mock/onward/job-timeline".to_owned(), "", 422),
        ("GET", "/__mock/state".to_owned(), "", 200),
        (
            "PUT",
            "/__mock/state".to_owned(),
            r#"{"version": 1, "seed": 1}"#,
            200,
        ),
        ("PUT", "/__mock/state".to_owned(), "", 422),
        ("PUT", "/__mock/state".to_owned(), "{", 400),
        ("POST", "/__mock/reset".to_owned(), "", 204),
    ]
}

#[tokio::test]
async fn every_operation_answers_as_its_document_says() {
    let router = rim().router();
    let calls = [
        calls_of_the_console(),
        calls_about_jobs(),
        calls_about_the_rest(),
    ]
    .concat();
    for (method, target, body, expect) in &calls {
        let (status, said) = control(&router, method, target, body).await;
        assert_eq!(status, *expect, "{method} {target} {body}: {said}");
    }
    for operation in OPERATIONS.iter() {
        let called = calls.iter().any(|(method, target, ..)| {
            let path = target.split('?').next().unwrap();
            *method == operation.method && operation.path.captures(path).is_some()
        });
        assert!(called, "{} is described, and not tried", operation.id);
    }
}

#[tokio::test]
async fn a_page_learns_how_to_page_without_knowing_the_document() {
    let router = rim().router();
    let (_, told) = control(&router, "GET", "/__mock/documents", "").await;
    let documents = told["documents"].as_array().unwrap();
    let named = |name: &str| documents.iter().find(|one| one["name"] == name).unwrap();
    let timeline = named("job-timeline");
    assert_eq!(timeline["limit"], Value::Null);
    assert_eq!(timeline["time"], "$['created_at']");
    assert_eq!(
        timeline["credentials"],
        json!([{ "in": "header", "name": "Authorization", "text": "Bearer {token}" }])
    );
    let training = named("wandb-training");
    assert_eq!(
        training["cursor"],
        json!({ "in": "query", "name": "after", "type": "string" })
    );
    assert_eq!(training["limit"]["maximum"], 100);
    assert_eq!(training["time"], Value::Null);
}

#[tokio::test]
async fn the_cursor_after_some_events_gives_the_next_one() {
    let router = rim().router();
    let whole = timeline(&router, TIMELINE).await;
    let (_, told) = control(&router, "GET", &format!("{JOB}/cursor?behind=5"), "").await;
    let cursor = told["cursor"].as_str().unwrap();
    let behind = timeline(&router, &format!("{TIMELINE}?since={cursor}")).await;
    let events = whole["events"].as_array().unwrap();
    assert_eq!(behind["events"].as_array().unwrap(), &events[5..]);
    let (_, told) = control(&router, "GET", &format!("{JOB}/cursor?behind=0"), "").await;
    assert_eq!(told, json!({ "behind": 0, "cursor": null }));
    let (_, told) = control(&router, "GET", &format!("{JOB}/cursor?behind=999999"), "").await;
    assert_eq!(told["behind"], events.len());
}

#[tokio::test]
async fn a_job_that_ended_says_how() {
    let router = rim().router();
    control(&router, "POST", &format!("{JOB}/fail"), "").await;
    let (_, told) = control(&router, "GET", "/__mock/jobs", "").await;
    let ending = |id: &str| {
        let mut jobs = told["jobs"].as_array().unwrap().iter();
        jobs.find(|job| job["id"] == id).unwrap()["ending"].clone()
    };
    assert_eq!(ending("01JADA0000000000000000FEED"), "failed");
    assert_eq!(ending("01JADA0000000000000000CAFE"), "succeeded");
    assert_eq!(ending("01JADA00000000000000000001"), Value::Null);
}

#[tokio::test]
async fn an_appended_event_is_served_until_a_reset() {
    let router = rim().router();
    let before = timeline(&router, TIMELINE).await;
    let given = r#"{"message": "by hand"}"#;
    let (_, appended) = control(&router, "POST", &format!("{JOB}/events"), given).await;
    let since = format!("{TIMELINE}?since={}", before["latest_seq"]);
    let behind = timeline(&router, &since).await;
    assert_eq!(behind["events"], json!([appended["event"]]));
    assert_eq!(behind["events"][0]["message"], "by hand");
    control(&router, "POST", "/__mock/reset", "").await;
    assert_eq!(timeline(&router, TIMELINE).await, before);
}

#[tokio::test]
async fn reads_move_for_a_page_and_for_nothing_else() {
    let router = rim().router();
    let reads = async || {
        let (_, body) = control(&router, "GET", "/__mock/reads", "").await;
        body["reads"].as_u64().unwrap()
    };
    timeline(&router, TIMELINE).await;
    assert_eq!(reads().await, 1);
    control(&router, "GET", "/__mock/jobs", "").await;
    control(&router, "POST", &format!("{JOB}/events"), "").await;
    for (target, token) in [
        (TIMELINE, "token-of-grace"),
        (TIMELINE, "nobody's"),
        ("/v1/jobs/01JADA0000000000000000XXXX/events", "token-of-ada"),
        (
            "/v1/jobs/01JADA0000000000000000FEED/events?since=x",
            "token-of-ada",
        ),
        ("/nowhere", "token-of-ada"),
    ] {
        let request = Request::get(target).header("authorization", format!("Bearer {token}"));
        let (status, ..) = send(&router, request.body(Body::empty()).unwrap()).await;
        assert!(status >= 400, "{target}: {status}");
    }
    assert_eq!(reads().await, 1);
}

#[tokio::test]
async fn a_shifted_clock_shifts_the_timelines() {
    let router = rim().router();
    let length = async || {
        timeline(&router, TIMELINE).await["events"]
            .as_array()
            .unwrap()
            .len()
    };
    let before = length().await;
    control(&router, "PUT", "/__mock/time", r#"{"shift": "30s"}"#).await;
    assert_eq!(length().await, before + 10);
    control(&router, "PUT", "/__mock/time", r#"{"real": true}"#).await;
    assert_eq!(length().await, before);
}

#[tokio::test]
async fn the_request_log_shows_mistakes() {
    let router = rim().router();
    timeline(&router, TIMELINE).await;
    timeline(&router, &format!("{TIMELINE}?sinse=3")).await;
    let target = format!("{TIMELINE}?since=x");
    let request = Request::get(target).header("authorization", "Bearer token-of-ada");
    send(&router, request.body(Body::empty()).unwrap()).await;
    let (_, body) = control(&router, "GET", "/__mock/requests", "").await;
    let lines = body["requests"].as_array().unwrap();
    let verdicts: Vec<_> = lines.iter().map(|line| &line["verdict"]).collect();
    assert_eq!(verdicts, ["kept", "strayed", "refused"]);
    assert_eq!(
        lines[1]["wrong"],
        json!(["query `sinse`: no parameter of this operation"])
    );
    let wrong = lines[2]["wrong"][0].as_str().unwrap();
    assert!(
        wrong.starts_with("query `since`: Input should be a valid integer"),
        "{wrong}"
    );
    assert_eq!(lines[2]["route"], "GET /v1/jobs/{public_id}/events");
}

#[tokio::test]
async fn a_judge_is_not_sent_to_timelines_that_take_long() {
    let router = rim().router();
    let (_, file) = control(&router, "GET", "/__mock/subject.yaml", "").await;
    let file = file.as_str().unwrap();
    let of = |id: &str| {
        file.lines()
            .find(|line| line.contains(id))
            .unwrap()
            .to_owned()
    };
    assert!(of("01JADA00000000000000100000").trim().starts_with('#'));
    assert!(of("01JADA0000000000000000FEED").contains("grows: true"));
    assert!(of("0a000000-0000-4000-8000-000010000000").contains("events: 10000000"));
    let read: Value = Source::new("subject.yaml", file).parse().unwrap();
    assert_eq!(read["callers"]["ada"]["token"], "token-of-ada");
    for hook in ["append", "hide"] {
        let url = read["hooks"]["job-timeline"][hook]["url"].as_str().unwrap();
        let url = url.replace("{id}", "01JADA0000000000000000FEED");
        let (status, _) = control(&router, "POST", &url, "").await;
        assert!(status < 300, "{url}");
    }
}

#[tokio::test]
async fn a_list_for_anyone_is_one_resource() {
    let pins = json!({
        "openapi": "3.1.0", "info": { "title": "", "version": "" },
        "paths": { "/pins": { "get": {
            "operationId": "pins",
            "parameters": [
                { "name": "after", "in": "query", "schema": { "type": "string" } },
                { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 9 } },
            ],
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
                "type": "object", "required": ["pins", "has_more"],
                "properties": {
                    "has_more": { "type": "boolean" },
                    "pins": { "type": "array", "items": {
                        "type": "object", "required": ["id"],
                        "properties": { "id": { "type": "string" } },
                    } },
                },
            } } } } },
            "x-pagination": {
                "name": "pins", "style": "cursor", "items": "$.pins", "key": "$.id",
                "request": { "cursor": { "in": "query", "name": "after" }, "limit": { "in": "query", "name": "limit" } },
                "next": { "cursor": "$.pins[-1:].id", "more": "$.has_more" },
            },
        } } },
    });
    let document = Document::read(Source::new("pins.json", pins.to_string()), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let plan = Plan::of(&[document], scenario, 1, now()).unwrap();
    let rim = Rim::new(
        Arc::new(Mock::new(plan).unwrap()),
        Clock::new(Arc::new(now)),
    );
    let (_, file) = control(&rim.router(), "GET", "/__mock/subject.yaml", "").await;
    let read: Value = Source::new("subject.yaml", file.as_str().unwrap())
        .parse()
        .unwrap();
    // Two owners have pins, but no request says whose are meant.
    assert_eq!(read["callers"].as_object().unwrap().len(), 2);
    assert_eq!(
        read["timelines"]["pins"].as_array().unwrap().len(),
        1,
        "{file}"
    );
}

/// The status that a request for the jobs gets, from this peer and with this header.
async fn asked(from: ControlFrom, peer: Option<&str>, header: Option<(HeaderName, &str)>) -> u16 {
    let mut request = Request::get("/__mock/jobs").body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    if let Some((name, value)) = header {
        let value = value.parse().unwrap();
        request.headers_mut().insert(name, value);
    }
    let router = rim().controlled_from(from).router();
    send(&router, request).await.0
}

#[tokio::test]
async fn by_default_only_this_machine_may_use_the_control_path() {
    let near = ["127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5"];
    for peer in near.map(Some).into_iter().chain([None]) {
        assert_eq!(asked(ControlFrom::Loopback, peer, None).await, 200);
    }
    let far = Some("192.0.2.7:5");
    assert_eq!(asked(ControlFrom::Loopback, far, None).await, 403);
    assert_eq!(asked(ControlFrom::Anywhere, far, None).await, 200);
    assert_eq!(asked(ControlFrom::Nobody, None, None).await, 404);
}

#[tokio::test]
async fn a_page_from_elsewhere_cannot_have_the_browser_control_the_mock() {
    for (origin, expect) in [
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:4010", 200),
        ("http://[::1]:4010", 200),
        ("https://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("null", 403),
    ] {
        let header = Some((header::ORIGIN, origin));
        let status = asked(ControlFrom::Loopback, None, header).await;
        assert_eq!(status, expect, "{origin}");
    }
}

#[tokio::test]
async fn another_host_name_of_this_machine_is_refused() {
    for (host, expect) in [
        ("localhost:4010", 200),
        ("mock.localhost", 200),
        ("127.0.0.1:4010", 200),
        ("[::1]:4010", 200),
        ("evil.example:4010", 403),
        ("localhost.evil.example", 403),
        ("", 403),
    ] {
        let header = Some((header::HOST, host));
        let status = asked(ControlFrom::Loopback, None, header.clone()).await;
        assert_eq!(status, expect, "{host}");
        let status = asked(ControlFrom::Anywhere, None, header).await;
        assert_eq!(status, 200, "{host}");
    }
}

#[tokio::test]
async fn head_works_wherever_get_does() {
    let router = rim().router();
    let asked = |method: &str| {
        let request = Request::builder().method(method).uri("/__mock/jobs");
        request.body(Body::empty()).unwrap()
    };
    let (status, kind, body) = send(&router, asked("HEAD")).await;
    let (like, kind_like, _) = send(&router, asked("GET")).await;
    assert_eq!((status, kind), (like, kind_like));
    assert!(body.is_empty(), "{body:?}");
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let router = rim().router();
    for (method, target, expect) in [
        ("GET", "/__mock/nothing", 404),
        ("POST", "/__mock/jobs", 405),
        ("GET", "/__mock/jobs/%00/%FF/events", 405),
    ] {
        let request = Request::builder().method(method).uri(target);
        let request = request.body(Body::empty()).unwrap();
        let (status, kind, body) = send(&router, request).await;
        assert_eq!(
            (status, kind.as_str()),
            (expect, "application/problem+json")
        );
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert!(body["detail"].is_string() && body["cure"].is_string());
    }
}

#[tokio::test]
async fn a_fault_strikes_as_written_and_shows_in_answer_and_log() {
    let router = rim().router();
    let faults = r#"{"faults": ["status=429@every=2"]}"#;
    control(&router, "PUT", "/__mock/faults", faults).await;
    let ask = || {
        let request = Request::get(TIMELINE).header("authorization", "Bearer token-of-ada");
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask().await.unwrap().status(), 200);
    let struck = ask().await.unwrap();
    assert_eq!(struck.status(), 429);
    assert_eq!(struck.headers()["retry-after"], "1");
    assert_eq!(struck.headers()["x-mock-fault"], "status=429@every=2");
    let (_, log) = control(&router, "GET", "/__mock/requests", "").await;
    assert_eq!(log["requests"][0]["faults"], json!([]));
    assert_eq!(log["requests"][1]["faults"], json!(["status=429@every=2"]));
    control(&router, "POST", "/__mock/reset", "").await;
    for _ in 0..4 {
        assert_eq!(ask().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_request_may_prefer_a_refusal_that_the_document_declares() {
    let router = rim().router();
    let request = Request::get(TIMELINE)
        .header("authorization", "Bearer token-of-ada")
        .header("prefer", "code=404");
    let (status, _, body) = send(&router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, 404);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["error"]["code"], "JOB_NOT_FOUND");
}

#[tokio::test]
async fn a_truncated_answer_breaks_off() {
    let router = rim()
        .with_faults(1, vec!["truncate".parse().unwrap()])
        .router();
    let request = Request::get(TIMELINE).header("authorization", "Bearer token-of-ada");
    let request = request.body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key(header::CONTENT_LENGTH));
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    assert!(body.is_err());
}

#[tokio::test]
async fn a_long_answer_breaks_off_and_is_never_whole_in_memory() {
    const LONG: &str = "/v1/jobs/01JADA00000000000000100000/events";
    let whole = {
        let request = Request::get(LONG).header("authorization", "Bearer token-of-ada");
        send(&rim().router(), request.body(Body::empty()).unwrap())
            .await
            .2
    };
    for (fault, least, most) in [
        ("truncate", whole.len() / 3, whole.len() * 2 / 3),
        ("drop", 0, 0),
    ] {
        let router = rim().with_faults(1, vec![fault.parse().unwrap()]).router();
        let request = Request::get(LONG).header("authorization", "Bearer token-of-ada");
        let answer = router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let mut body = answer.into_body();
        let mut read = 0;
        let broken = loop {
            match body.frame().await {
                Some(Ok(frame)) => {
                    let part = frame.into_data().unwrap();
                    assert!(part.len() < 64 * 1024, "{}", part.len());
                    assert_eq!(part, whole[read..read + part.len()]);
                    read += part.len();
                }
                end => break end,
            }
        };
        assert!(matches!(broken, Some(Err(_))), "{fault}");
        assert!(
            (least..=most).contains(&read),
            "{fault}: {read} of {}",
            whole.len()
        );
    }
}

/// A mock of one list, `/notes`, that pages as `pagination` says.
fn notes(parameters: &str, fields: &str, pagination: &str) -> Router {
    let text = format!(
        "
openapi: 3.1.0
paths:
  /notes:
    get:
      parameters:
        - {{ name: size, in: query, schema: {{ type: integer, minimum: 1, maximum: 50, default: 20 }} }}
        {parameters}
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }}, 422: {{ description: '' }} }}
      x-pagination: {{ name: notes, items: $.rows, key: $.id, {pagination} }}
components:
  schemas:
    Page: {{ type: object, required: [rows], properties: {{ rows: {{ type: array, items: {{ $ref: '#/components/schemas/Row' }} }}, {fields} }} }}
    Row: {{ type: object, required: [id], properties: {{ id: {{ type: string }} }} }}
"
    );
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let contracts = document.contracts().unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let mock = Mock::new(Plan::new(contracts, scenario, 1, now()).unwrap()).unwrap();
    Rim::new(Arc::new(mock), Clock::new(Arc::new(now))).router()
}

#[tokio::test]
async fn the_way_on_is_told_in_every_dialect() {
    const SIZE: &str = "limit: { in: query, name: size }";
    let integer = "- { name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }";
    let text = "- { name: from, in: query, schema: { type: string } }";
    let page = format!(
        "style: page, request: {{ page: {{ in: query, name: page }}, {SIZE} }}, page: {{ first: 1 }}"
    );
    let token = format!(
        "style: token, request: {{ cursor: {{ in: query, name: from }}, {SIZE} }}, next: {{ cursor: $.next }}"
    );
    let key = format!(
        "style: cursor, request: {{ cursor: {{ in: query, name: from }}, {SIZE} }}, next: {{ cursor: '$.rows[-1:].id', more: $.more }}"
    );
    let follow = format!("style: follow, request: {{ {SIZE} }}, next: {{ link: next }}");
    let dialects = [
        (integer, "total: { type: integer }", page),
        (text, "next: { type: string }", token),
        (text, "more: { type: boolean }", key),
        ("", "total: { type: integer }", follow),
    ];
    for (parameters, fields, pagination) in dialects {
        let router = notes(parameters, fields, &pagination);
        let (_, jobs) = control(&router, "GET", "/__mock/jobs", "").await;
        let events = jobs["jobs"][0]["events"].as_u64().unwrap();
        let mut met = walked(&router).await;
        assert_eq!(met.len() as u64, events, "{pagination}");
        met.sort();
        met.dedup();
        assert_eq!(met.len() as u64, events, "{pagination}");
    }
}

/// The keys of all notes, by pages of 30 items, each reached as the control path says.
async fn walked(router: &Router) -> Vec<String> {
    let (_, documents) = control(router, "GET", "/__mock/documents", "").await;
    let name = &documents["documents"][0]["cursor"]["name"];
    let name = name.as_str().unwrap();
    let (_, owners) = control(router, "GET", "/__mock/owners", "").await;
    let token = owners["owners"][0]["token"].as_str().unwrap();
    let (mut met, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let place = cursor.as_ref().map(|cursor| format!("&{name}={cursor}"));
        let target = format!("/notes?size=30{}", place.unwrap_or_default());
        let request = Request::get(&target).header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{target}");
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, text)| [name.as_str(), text.to_str().unwrap()]);
        let mut asked =
            json!({ "cursor": cursor, "limit": "30", "headers": headers.collect::<Vec<_>>() });
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        asked["body"] = serde_json::from_slice(&body.unwrap()).unwrap();
        let rows = asked["body"]["rows"].as_array().unwrap();
        met.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        assert!(met.len() < 1_000, "{target}: no end");
        let asked = asked.to_string();
        let (status, told) = control(router, "POST", "/__mock/onward/notes", &asked).await;
        assert_eq!(status, 200, "{told}");
        let Some(next) = told["next"].as_str() else {
            assert!(told["end"].is_string(), "{told}");
            return met;
        };
        cursor = Some(next.to_owned());
    }
}

#[tokio::test]
async fn a_wrong_key_in_a_question_about_the_way_on_is_named() {
    let router = rim().router();
    let asked = r#"{ "curser": "1" }"#;
    let (status, problem) = control(&router, "POST", "/__mock/onward/job-timeline", asked).await;
    assert_eq!(status, 422, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("curser"), "{detail}");
}
