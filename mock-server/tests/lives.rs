//! What a client creates lives: its events begin at that moment, grow by the clock of the mock, and come to an end.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Document, Names, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Training jobs that no list shows, whose events page by a key.
const TRAINING: &str = "
openapi: 3.1.0
info: { title: Training, version: '1' }
security: [{ bearer: [] }]
paths:
  /v1/training-jobs:
    post:
      operationId: createTrainingJob
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewJob' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } } }
  /v1/training-jobs/{training_job_id}:
    parameters: [{ name: training_job_id, in: path, required: true, schema: { type: string } }]
    get:
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } }
        404: { description: '' }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
  /v1/training-jobs/{training_job_id}/cancel:
    parameters: [{ name: training_job_id, in: path, required: true, schema: { type: string } }]
    post:
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } }, 404: { description: '' } }
  /v1/training-jobs/{training_job_id}/events:
    get:
      operationId: listTrainingEvents
      parameters:
        - { name: training_job_id, in: path, required: true, schema: { type: string } }
        - { name: after, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 100, default: 20 } }
      responses:
        200:
          description: ''
          content:
            application/json:
              schema:
                type: object
                required: [data, has_more]
                properties: { data: { type: array, items: { $ref: '#/components/schemas/Event' } }, has_more: { type: boolean } }
        404: { description: '' }
      x-pagination:
        style: cursor
        items: $.data
        key: $.id
        request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }
        next: { cursor: '$.data[-1:].id', more: $.has_more }
        order: { append-only: true }
        cursor: { bound: exclusive, resume: true }
        lifecycle: { at: $.type, first: [training_started], terminal: [training_ended, training_failed] }
        parent: { parameter: training_job_id, missing: 404, foreign: 404 }
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  schemas:
    NewJob: { type: object, required: [model_id], properties: { model_id: { type: string }, note: { type: string } } }
    Job:
      type: object
      required: [id, model_id, status]
      properties:
        id: { type: string, format: uuid, readOnly: true }
        model_id: { type: string }
        status: { enum: [queued, running, succeeded, failed, cancelled], readOnly: true }
    Event:
      type: object
      required: [id, type]
      properties: { id: { type: string, format: uuid }, type: { enum: [training_started, gradient_step, training_ended, training_failed] } }
";

/// Runs that a list shows; their events page by an offset, and their logs come whole.
const RUNS: &str = "
openapi: 3.1.0
info: { title: Runs, version: '1' }
security: [{ bearer: [] }]
paths:
  /runs:
    get:
      operationId: listRuns
      parameters: [{ name: status, in: query, schema: { type: string } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Run' } } } } } }
    post:
      operationId: createRun
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { name: { type: string } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } }
  /runs/{run_id}:
    parameters: [{ name: run_id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { name: { type: string }, status: { $ref: '#/components/schemas/Status' } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } }, 404: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
  /runs/{run_id}/cancel:
    parameters: [{ name: run_id, in: path, required: true, schema: { type: integer } }]
    post: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } }, 404: { description: '' } } }
  /runs/{run_id}/events:
    get:
      operationId: listRunEvents
      parameters:
        - { name: run_id, in: path, required: true, schema: { type: integer } }
        - { name: offset, in: query, schema: { type: integer, minimum: 0, default: 0 } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 50 } }
      responses:
        200:
          description: ''
          content:
            application/json:
              schema:
                type: object
                required: [items, total]
                properties: { items: { type: array, items: { $ref: '#/components/schemas/Event' } }, total: { type: integer } }
        404: { description: '' }
      x-pagination:
        name: run-events
        style: offset
        items: $.items
        key: $.id
        request: { offset: { in: query, name: offset }, limit: { in: query, name: limit } }
        totals: { items: $.total }
        lifecycle: { at: $.kind, first: [started], terminal: [ended, failed] }
        parent: { parameter: run_id, missing: 404, foreign: 404 }
  /runs/{run_id}/logs:
    get:
      operationId: listRunLogs
      parameters: [{ name: run_id, in: path, required: true, schema: { type: integer } }]
      responses:
        200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Line' } } } } }
        404: { description: '' }
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  schemas:
    Status: { enum: [queued, running, succeeded, failed, cancelled] }
    Run:
      type: object
      required: [id, name, status]
      properties: { id: { type: integer, readOnly: true }, name: { type: string }, status: { $ref: '#/components/schemas/Status' } }
    Event:
      type: object
      required: [id, kind]
      properties: { id: { type: integer }, kind: { enum: [started, step, ended, failed] } }
    Line:
      type: object
      required: [id, text]
      properties: { id: { type: integer }, text: { type: string } }
";

/// A mock that is asked through its socketless front.
struct Served {
    router: Router,
    mock: Arc<Mock>,
}

fn served(document: &str) -> Served {
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let document = Document::read(Source::new("lives.yaml", document), &[]).unwrap();
    let owners = "owners: [{ name: mia, token: mia-1 }, { name: bob, token: bob-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    let plan = Plan::of(&[document], scenario, 1, now).unwrap();
    let mock = Arc::new(Mock::new(plan).unwrap());
    let rim = Rim::new(Arc::clone(&mock), Clock::new(Arc::new(move || now)));
    let router = rim.with_worlds(2).router();
    Served { router, mock }
}

/// The bundled document of training jobs with two more operations of the same service.
const FAMILY: &str = "
overlay: 1.0.0
info: { title: More of the service, version: '1' }
actions:
  - target: $.paths
    update:
      /v1/preview/training-jobs:
        post:
          operationId: create_training_job
          security: [{ HTTPBearer: [] }]
          requestBody: { required: true, content: { application/json: { schema: { type: object, required: [model_id], properties: { model_id: { type: string } } } } } }
          responses: { 200: { description: '', content: { application/json: { schema: &job { type: object, required: [id], properties: { id: { type: string, format: uuid } } } } } } }
      /v1/preview/training-jobs/{training_job_id}:
        get:
          operationId: get_training_job
          security: [{ HTTPBearer: [] }]
          parameters: [{ name: training_job_id, in: path, required: true, schema: { type: string } }]
          responses: { 200: { description: '', content: { application/json: { schema: *job } } } }
";

#[tokio::test]
async fn a_job_of_the_bundled_document_is_created_watched_and_ends() {
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let folder = format!("{}/../openapi", env!("CARGO_MANIFEST_DIR"));
    let open =
        |path: &str| Source::open(std::path::Path::new(&format!("{folder}/{path}"))).unwrap();
    let overlays = [
        open("overlays/wandb-training.overlay.yaml"),
        Source::new("family.yaml", FAMILY),
    ];
    let document = Document::read(open("documents/wandb-training.yaml"), &overlays).unwrap();
    let names = Names::of(&document.contracts().unwrap());
    let scenario = Scenario::bundled().unwrap().limited_to(&names);
    let plan = Plan::of(&[document], scenario, 1, now).unwrap();
    let mock = Arc::new(Mock::new(plan).unwrap());
    let rim = Rim::new(Arc::clone(&mock), Clock::new(Arc::new(move || now)));
    let router = rim.router();
    let mock = Served { router, mock };
    let ada = async |method: &str, target: &str, body: Value| {
        mock.ask("token-of-ada", method, target, &body).await
    };
    let jobs = "/v1/preview/training-jobs";
    let (status, job) = ada("POST", jobs, json!({ "model_id": "m" })).await;
    assert_eq!(status, 200, "{job}");
    let read = format!("{jobs}/{}", job["id"].as_str().unwrap());
    assert_eq!(ada("GET", &read, Value::Null).await, (200, job));
    // The client polls with the last cursor that it saw.
    let (mut kinds, mut cursor) = (Vec::new(), String::new());
    while kinds.last().is_none_or(|kind| kind != "training_ended") {
        let (status, page) = ada("GET", &format!("{read}/events{cursor}"), Value::Null).await;
        assert_eq!(status, 200, "{page}");
        kinds.extend(words(&page["data"], "type"));
        if let Some(last) = words(&page["data"], "id").last() {
            cursor = format!("?after={last}");
        }
        assert!(kinds.len() < 1_000, "it has no end");
        mock.shift("5s").await;
    }
    assert_eq!(kinds[0], "training_started");
    assert!(
        kinds[1..kinds.len() - 1]
            .iter()
            .all(|kind| kind == "gradient_step")
    );
    let events = format!("{read}/events");
    let stranger = mock.ask("token-of-grace", "GET", &events, &Value::Null);
    assert_eq!(stranger.await.0, 404);
}

impl Served {
    async fn ask(&self, token: &str, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder().method(method).uri(target);
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        let body = match body {
            Value::Null => Body::empty(),
            body => Body::from(body.to_string()),
        };
        let answer = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await;
        let answer = answer.unwrap();
        let status = answer.status().as_u16();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        (
            status,
            serde_json::from_slice(&body.unwrap()).unwrap_or_default(),
        )
    }

    /// A request of the owner that succeeds.
    async fn own(&self, method: &str, target: &str, body: Value) -> Value {
        let (status, answer) = self.ask("mia-1", method, target, &body).await;
        assert!(status < 300, "{method} {target}: {status} {answer}");
        answer
    }

    async fn status(&self, target: &str) -> u16 {
        self.ask("mia-1", "GET", target, &Value::Null).await.0
    }

    async fn shift(&self, span: &str) {
        self.own("PUT", "/__mock/time", json!({ "shift": span }))
            .await;
    }
}

impl Served {
    /// The state of a run, which its list and its reading agree about.
    async fn state_of(&self, read: &str) -> String {
        let run = self.own("GET", read, Value::Null).await;
        let runs = self.own("GET", "/runs", Value::Null).await;
        let mut runs = runs.as_array().unwrap().iter();
        let listed = runs
            .find(|one| one["id"] == run["id"])
            .expect("it is listed");
        assert_eq!(listed, &run);
        let chosen = format!("/runs?status={}", run["status"].as_str().unwrap());
        let chosen = self.own("GET", &chosen, Value::Null).await;
        let mut chosen = chosen.as_array().unwrap().iter();
        assert!(chosen.any(|one| *one == run), "the filter shows it");
        run["status"].as_str().unwrap().to_owned()
    }

    /// The types of a run's events.
    async fn kinds(&self, events: &str) -> Vec<String> {
        words(&self.own("GET", events, Value::Null).await["items"], "kind")
    }
}

/// The values of a property of the items in an answer.
fn words(items: &Value, property: &str) -> Vec<String> {
    let items = items.as_array().expect("a list");
    let words = items
        .iter()
        .map(|one| one[property].as_str().unwrap_or_default());
    words.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_job_that_no_list_shows_lives_from_its_creation_to_its_end() {
    let mock = served(TRAINING);
    let job = mock
        .own("POST", "/v1/training-jobs", json!({ "model_id": "m-7" }))
        .await;
    assert_eq!(job["model_id"], "m-7");
    let read = format!("/v1/training-jobs/{}", job["id"].as_str().unwrap());
    let events = format!("{read}/events?limit=100");
    let first = mock.own("GET", &events, Value::Null).await;
    assert_eq!(words(&first["data"], "type"), ["training_started"]);
    mock.shift("20s").await;
    let later = mock.own("GET", &events, Value::Null).await;
    let kinds = words(&later["data"], "type");
    assert!(kinds.len() > 2, "{kinds:?}");
    assert!(
        kinds[1..].iter().all(|kind| kind == "gradient_step"),
        "{kinds:?}"
    );
    assert_eq!(later["data"][0], first["data"][0]);
    mock.shift("10m").await;
    let all = mock.own("GET", &events, Value::Null).await;
    assert_eq!(
        words(&all["data"], "type").last().unwrap(),
        "training_ended"
    );
    assert_eq!(all["has_more"], false);
    mock.shift("1h").await;
    assert_eq!(mock.own("GET", &events, Value::Null).await, all);
    // A stranger gets what the document says, and so does the owner when the job is deleted.
    for target in [&read, &events] {
        assert_eq!(mock.ask("bob-1", "GET", target, &Value::Null).await.0, 404);
    }
    mock.own("DELETE", &read, Value::Null).await;
    assert_eq!(mock.status(&events).await, 404);
    assert_eq!(mock.status(&read).await, 404);
}

#[tokio::test]
async fn events_of_a_listed_thing_begin_with_it_page_by_page_and_whole() {
    let mock = served(RUNS);
    let run = mock.own("POST", "/runs", json!({ "name": "one" })).await;
    let read = format!("/runs/{}", run["id"]);
    let (events, logs) = (format!("{read}/events"), format!("{read}/logs"));
    let first = mock.own("GET", &events, Value::Null).await;
    assert_eq!(
        (&first["total"], words(&first["items"], "kind")),
        (&json!(1), vec!["started".to_owned()])
    );
    assert_eq!(
        mock.own("GET", &logs, Value::Null)
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
    mock.shift("10m").await;
    let all = mock.own("GET", &events, Value::Null).await;
    let kinds = words(&all["items"], "kind");
    assert_eq!(kinds.last().unwrap(), "ended");
    assert_eq!(all["items"][0], first["items"][0]);
    let part = mock
        .own("GET", &format!("{events}?offset=2&limit=3"), Value::Null)
        .await;
    assert_eq!(
        part["items"].as_array().unwrap()[..],
        all["items"].as_array().unwrap()[2..5]
    );
    let lines = mock.own("GET", &logs, Value::Null).await;
    assert!(lines.as_array().unwrap().len() > 5, "{lines}");
    for target in [&events, &logs] {
        assert_eq!(
            mock.ask("bob-1", "GET", target, &Value::Null).await.0,
            404,
            "{target}"
        );
    }
    mock.own("DELETE", &read, Value::Null).await;
    for target in [&events, &logs] {
        assert_eq!(mock.status(target).await, 404, "{target}");
    }
}

#[tokio::test]
async fn lives_are_taken_out_and_put_back_forgotten_by_a_reset_and_apart_in_worlds() {
    for (document, things) in [(TRAINING, "/v1/training-jobs"), (RUNS, "/runs")] {
        let (one, other) = (served(document), served(document));
        let body = json!({ "model_id": "m", "name": "n" });
        let thing = one.own("POST", things, body.clone()).await;
        one.shift("30s").await;
        other.shift("30s").await;
        let id = &thing["id"];
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let targets = [format!("{things}/{id}"), format!("{things}/{id}/events")];
        let state = one.own("GET", "/__mock/state", Value::Null).await;
        assert_eq!(
            other.own("PUT", "/__mock/state", state.clone()).await,
            state
        );
        for target in &targets {
            let own = one.own("GET", target, Value::Null).await;
            assert_eq!(other.own("GET", target, Value::Null).await, own);
            let elsewhere = format!("/__worlds/a{target}");
            assert_ne!(
                one.ask("mia-1", "GET", &elsewhere, &Value::Null).await.1,
                own
            );
        }
        // What comes next is the same in both, and nothing comes twice.
        let next = one.own("POST", things, body.clone()).await;
        assert_eq!(other.own("POST", things, body).await["id"], next["id"]);
        assert_ne!(next["id"], thing["id"]);
        other.own("POST", "/__mock/reset", Value::Null).await;
        assert_eq!(other.status(&targets[1]).await, 404);
    }
}

#[tokio::test]
async fn the_state_of_a_run_follows_its_events_in_the_list_and_alone() {
    let mock = served(RUNS);
    let run = mock.own("POST", "/runs", json!({ "name": "one" })).await;
    assert_eq!(run["status"], "queued");
    let read = format!("/runs/{}", run["id"]);
    let events = format!("{read}/events");
    let mut seen = Vec::new();
    for _ in 0..60 {
        let state = mock.state_of(&read).await;
        let kinds = mock.kinds(&events).await;
        let expected = match (kinds.len(), kinds.last().unwrap().as_str()) {
            (1, _) => "queued",
            (_, "ended") => "succeeded",
            _ => "running",
        };
        assert_eq!(state, expected, "{kinds:?}");
        if seen.last() != Some(&state) {
            seen.push(state);
        }
        mock.shift("3s").await;
        // A change of another property takes nothing from what comes later.
        if seen.len() == 2 {
            let named = json!({ "name": "two" });
            assert_eq!(mock.own("PATCH", &read, named).await["name"], "two");
        }
    }
    assert_eq!(seen, ["queued", "running", "succeeded"]);
    assert_eq!(mock.own("GET", &read, Value::Null).await["name"], "two");
}

#[tokio::test]
async fn a_state_that_a_client_sets_wins_and_ends_the_events() {
    for (method, act, body, state, last) in [
        ("POST", "/cancel", Value::Null, "cancelled", "step"),
        (
            "PATCH",
            "",
            json!({ "status": "failed" }),
            "failed",
            "failed",
        ),
    ] {
        let mock = served(RUNS);
        let run = mock.own("POST", "/runs", json!({ "name": "one" })).await;
        let read = format!("/runs/{}", run["id"]);
        let events = format!("{read}/events");
        mock.shift("20s").await;
        let before = mock.kinds(&events).await;
        let changed = mock.own(method, &format!("{read}{act}"), body).await;
        assert_eq!(changed["status"], state);
        let after = mock.kinds(&events).await;
        assert_eq!(after[..before.len()], before);
        assert_eq!(after.last().unwrap(), last);
        let saved = mock.own("GET", "/__mock/state", Value::Null).await;
        let other = served(RUNS);
        other.own("PUT", "/__mock/state", saved).await;
        for mock in [&mock, &other] {
            mock.shift("1h").await;
            assert_eq!(mock.kinds(&events).await, after);
            assert_eq!(mock.state_of(&read).await, state);
        }
    }
}

#[tokio::test]
async fn the_state_of_a_job_that_no_list_shows_follows_its_events_too() {
    let mock = served(TRAINING);
    let mut jobs = Vec::new();
    for _ in 0..2 {
        let job = mock
            .own("POST", "/v1/training-jobs", json!({ "model_id": "m" }))
            .await;
        assert_eq!(job["status"], "queued");
        jobs.push(format!("/v1/training-jobs/{}", job["id"].as_str().unwrap()));
    }
    mock.shift("20s").await;
    let cancelled = mock
        .own("POST", &format!("{}/cancel", jobs[1]), Value::Null)
        .await;
    assert_eq!(cancelled["status"], "cancelled");
    let events = format!("{}/events?limit=100", jobs[1]);
    let stopped = mock.own("GET", &events, Value::Null).await;
    assert_eq!(
        mock.own("GET", &jobs[0], Value::Null).await["status"],
        "running"
    );
    mock.shift("1h").await;
    assert_eq!(
        mock.own("GET", &jobs[0], Value::Null).await["status"],
        "succeeded"
    );
    assert_eq!(
        mock.own("GET", &jobs[1], Value::Null).await["status"],
        "cancelled"
    );
    assert_eq!(mock.own("GET", &events, Value::Null).await, stopped);
}

#[tokio::test]
async fn a_person_ends_a_run_by_hand_and_its_state_follows() {
    for (act, state) in [("finish", "succeeded"), ("fail", "failed")] {
        let mock = served(RUNS);
        let run = mock.own("POST", "/runs", json!({ "name": "one" })).await;
        mock.shift("20s").await;
        let read = format!("/runs/{}", run["id"]);
        assert_eq!(mock.state_of(&read).await, "running");
        let target = format!("/__mock/jobs/run-events/{}/{act}", run["id"]);
        mock.own("POST", &target, Value::Null).await;
        assert_eq!(mock.state_of(&read).await, state);
        mock.shift("1h").await;
        assert_eq!(mock.state_of(&read).await, state);
    }
}

#[tokio::test]
async fn what_was_created_and_deleted_takes_few_bytes_or_none() {
    const MANY: usize = 2_000;
    for (document, things, most) in [(TRAINING, "/v1/training-jobs", 0), (RUNS, "/runs", 400)] {
        let mock = served(document);
        let before = mock.mock.kept_bytes();
        let body = json!({ "model_id": "m".repeat(2_000), "name": "n".repeat(2_000) });
        for _ in 0..MANY {
            let thing = mock.own("POST", things, body.clone()).await;
            let id = &thing["id"];
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            mock.own("DELETE", &format!("{things}/{id}"), Value::Null)
                .await;
        }
        let grown = mock.mock.kept_bytes() - before;
        assert!(grown <= most * MANY, "{things}: {grown} bytes");
    }
}
