//! Worlds: requests that name different ones do not disturb each other.
//!
//! `WORLD_TURNS=5000 cargo nextest run -p mock-server --test worlds` sends ten thousand requests in each of three.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use fixtures::Scenario;
use http::{Request, Response};
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Document, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const NOTES: &str = "
openapi: 3.1.0
info: { title: Notes, version: '1' }
paths:
  /notes:
    get:
      operationId: listNotes
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 5 } }]
      x-pagination: { style: page, items: $.items, key: $.id, request: { page: { in: query, name: page }, limit: { in: query, name: per_page } }, next: { link: next }, totals: { items: $.total } }
      responses: { 200: { description: '', headers: { Link: { schema: { type: string } } }, content: { application/json: { schema: { type: object, required: [items, total], properties: { total: { type: integer }, items: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Text' } } } }
      responses: { 201: { description: '', headers: { Location: { schema: { type: string } } }, content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Text' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }, 404: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  schemas:
    Text: { type: object, properties: { text: { type: string } } }
    Note: { type: object, required: [id, text], properties: { id: { type: integer, readOnly: true }, text: { type: string } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn router(worlds: usize) -> Router {
    let document = Document::read(Source::new("notes.yaml", NOTES), &[]).unwrap();
    let owners = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    let mock = Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap();
    let rim = Rim::new(Arc::new(mock), Clock::new(Arc::new(now)));
    rim.with_worlds(worlds).router()
}

async fn ask(
    router: &Router,
    world: &str,
    method: &str,
    target: &str,
    body: &Value,
) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(target);
    request = request
        .header("content-type", "application/json")
        .header("host", "127.0.0.1");
    if !world.is_empty() {
        request = request.header("X-Mock-World", world);
    }
    let body = match body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    };
    let answer = router.clone().oneshot(request.body(body).unwrap()).await;
    answer.unwrap()
}

/// The status and the body of an answer.
async fn send(
    router: &Router,
    world: &str,
    method: &str,
    target: &str,
    body: &Value,
) -> (u16, Value) {
    let answer = ask(router, world, method, target, body).await;
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    (
        status,
        serde_json::from_slice(&body.unwrap()).unwrap_or_default(),
    )
}

/// Lists, creates, reads, changes and deletes, so many times, each time otherwise. Returns all answers.
async fn work(router: Router, world: &'static str, turns: usize, seed: usize) -> Vec<(u16, Value)> {
    let mut answers = Vec::new();
    for turn in 0..turns {
        let target = format!("/notes?per_page=7&page={}", (turn * seed) % 4 + 1);
        let list = send(&router, world, "GET", &target, &Value::Null).await;
        let items = list.1["items"].as_array().cloned().unwrap_or_default();
        let one = items
            .get(turn % 5)
            .map_or(1, |item| item["id"].as_u64().unwrap());
        let target = format!("/notes/{one}");
        let text = json!({ "text": format!("{world} {turn}") });
        answers.push(list);
        answers.push(match (turn * seed) % 5 {
            0 | 1 => send(&router, world, "POST", "/notes", &text).await,
            2 => send(&router, world, "PATCH", &target, &text).await,
            3 => send(&router, world, "DELETE", &target, &Value::Null).await,
            _ => send(&router, world, "GET", &target, &Value::Null).await,
        });
        tokio::task::yield_now().await;
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_world_is_as_if_no_other_were_there() {
    let turns = std::env::var("WORLD_TURNS").ok();
    let turns: usize = turns.map_or(200, |turns| turns.parse().unwrap());
    let shared = router(4);
    let workers = [("one", 3), ("two", 7), ("", 9)];
    let together =
        workers.map(|(world, seed)| tokio::spawn(work(shared.clone(), world, turns, seed)));
    for (task, (world, seed)) in together.into_iter().zip(workers) {
        let alone = work(router(4), world, turns, seed).await;
        assert!(alone.iter().any(|(status, _)| *status == 201));
        assert!(alone.iter().any(|(status, _)| *status == 204));
        assert_eq!(task.await.unwrap(), alone, "{world}");
    }
}

#[tokio::test]
async fn a_path_names_a_world_as_a_header_does_and_urls_lead_back_into_it() {
    let router = router(4);
    let text = json!({ "text": "mine" });
    let made = ask(&router, "", "POST", "/__worlds/one/notes", &text).await;
    assert_eq!(made.status(), 201);
    let place = made.headers()["location"].to_str().unwrap().to_owned();
    let place = &place[place.find("/__worlds/one/notes/").unwrap()..];
    let read = send(&router, "", "GET", place, &Value::Null).await;
    assert_eq!(read.1["text"], "mine");
    let plain = place.strip_prefix("/__worlds/one").unwrap();
    assert_eq!(send(&router, "one", "GET", plain, &Value::Null).await, read);
    assert_eq!(send(&router, "", "GET", plain, &Value::Null).await.0, 404);
    assert_eq!(
        send(&router, "two", "GET", plain, &Value::Null).await.0,
        404
    );
    let page = ask(
        &router,
        "",
        "GET",
        "/__worlds/one/notes?per_page=2",
        &Value::Null,
    )
    .await;
    let link = page.headers()["link"].to_str().unwrap();
    assert!(
        link.contains("http://127.0.0.1/__worlds/one/notes?"),
        "{link}"
    );
}

#[tokio::test]
async fn a_world_has_its_own_controls_and_a_reset_frees_it() {
    let router = router(1);
    let text = json!({ "text": "mine" });
    let total = async |world: &'static str| {
        let (status, page) = send(&router, world, "GET", "/notes", &Value::Null).await;
        (status, page["total"].as_u64())
    };
    let (_, first) = total("").await;
    assert_eq!(send(&router, "one", "POST", "/notes", &text).await.0, 201);
    assert_eq!(total("one").await.1, first.map(|first| first + 1));
    let (status, refused) = send(&router, "two", "GET", "/notes", &Value::Null).await;
    assert_eq!(status, 503);
    assert!(
        refused.to_string().contains("`two` would be world 2"),
        "{refused}"
    );
    // A reset of the usual world is none of the other.
    let (_, state) = send(&router, "one", "GET", "/__mock/state", &Value::Null).await;
    assert_eq!(state["lists"].as_array().unwrap().len(), 1);
    assert_eq!(
        send(&router, "", "POST", "/__mock/reset", &Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(total("one").await.1, first.map(|first| first + 1));
    assert_eq!(
        send(&router, "one", "POST", "/__mock/reset", &Value::Null)
            .await
            .0,
        204
    );
    assert_eq!(total("two").await, (200, first));
    assert_eq!(total("one").await.0, 503);
}

#[tokio::test]
async fn a_name_that_is_none_is_refused() {
    let router = router(1);
    let long = "a".repeat(65);
    for world in ["a b", "ä", "a/b", long.as_str()] {
        assert_eq!(
            send(&router, world, "GET", "/notes", &Value::Null).await.0,
            400,
            "{world}"
        );
    }
    assert_eq!(
        send(&router, "", "GET", "/__worlds//notes", &Value::Null)
            .await
            .0,
        400
    );
    assert_eq!(
        send(&router, "", "GET", "/__worlds/one", &Value::Null)
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn the_console_of_a_world_needs_no_final_slash() {
    let router = router(2);
    for world in ["", "/__worlds/a"] {
        let target = format!("{world}/__mock");
        let answer = ask(&router, "", "GET", &target, &Value::Null).await;
        assert_eq!(answer.status(), 308);
        let place = answer.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(place, format!("{world}/__mock/"));
        let page = ask(&router, "", "GET", &place, &Value::Null).await;
        assert_eq!(page.status(), 200);
    }
}
