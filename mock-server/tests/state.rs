//! The state of the mock: taken out, put back, and kept in a file.

use std::path::PathBuf;
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

const NOTES: &str = "
openapi: 3.1.0
info: { title: Notes, version: '1' }
paths:
  /notes:
    get:
      operationId: listNotes
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Text' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } } }
  /notes/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
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

fn plan(document: &str, seed: u64) -> Plan {
    let document = Document::read(Source::new("notes.yaml", document), &[]).unwrap();
    let owners = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    Plan::of(&[document], scenario, seed, now()).unwrap()
}

fn rim(seed: u64) -> Rim {
    let mock = Mock::new(plan(NOTES, seed)).unwrap();
    Rim::new(Arc::new(mock), Clock::new(Arc::new(now)))
}

async fn send(router: &Router, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request.header("content-type", "application/json");
    let body = match body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    };
    let answer = router.clone().oneshot(request.body(body).unwrap()).await;
    let answer = answer.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    (status, body)
}

/// Creates, changes and deletes a note; returns the list.
async fn edited(router: &Router) -> Value {
    let (_, before) = send(router, "GET", "/notes", &Value::Null).await;
    let (status, made) = send(router, "POST", "/notes", &json!({ "text": "new" })).await;
    assert_eq!(status, 201, "{made}");
    let target = format!("/notes/{}", before[1]["id"]);
    let (status, _) = send(router, "PATCH", &target, &json!({ "text": "changed" })).await;
    assert_eq!(status, 200);
    let target = format!("/notes/{}", before[2]["id"]);
    let (status, _) = send(router, "DELETE", &target, &Value::Null).await;
    assert_eq!(status, 204);
    let (_, after) = send(router, "GET", "/notes", &Value::Null).await;
    assert_ne!(after, before);
    after
}

#[tokio::test]
async fn what_is_taken_out_is_put_back_into_another_mock() {
    let (one, other) = (rim(1).router(), rim(1).router());
    let after = edited(&one).await;
    let (status, state) = send(&one, "GET", "/__mock/state", &Value::Null).await;
    assert_eq!((status, &state["seed"]), (200, &json!(1)));
    let (status, same) = send(&other, "PUT", "/__mock/state", &state).await;
    assert_eq!((status, &same), (200, &state));
    assert_eq!(send(&other, "GET", "/notes", &Value::Null).await.1, after);
    // What is created next has a key of its own.
    let (_, made) = send(&other, "POST", "/notes", &json!({ "text": "next" })).await;
    assert!(
        !after
            .as_array()
            .unwrap()
            .iter()
            .any(|note| note["id"] == made["id"])
    );
    let empty = json!({ "version": 1, "seed": 1 });
    assert_eq!(send(&other, "PUT", "/__mock/state", &empty).await.0, 200);
    let (_, fresh) = send(&rim(1).router(), "GET", "/notes", &Value::Null).await;
    assert_eq!(send(&other, "GET", "/notes", &Value::Null).await.1, fresh);
}

#[tokio::test]
async fn a_state_that_does_not_suit_changes_nothing_and_is_told_with_its_place() {
    let router = rim(1).router();
    let after = edited(&router).await;
    let (_, state) = send(&router, "GET", "/__mock/state", &Value::Null).await;
    let list = "todo/none";
    for (pointer, value, place) in [
        ("/version", json!(3), "#/version: `version` is 3"),
        (
            "/seed",
            json!(7),
            "#/seed: `seed` is 7, and the mock's is 1",
        ),
        (
            "/lists/0/list",
            json!(list),
            "#/lists/0/list: `list` is `todo/none`",
        ),
        (
            "/lists/0/changes/kept/0/item",
            json!({ "id": "x", "text": "y" }),
            "#/lists/0/changes/kept/0/item/id: the item does not suit",
        ),
        (
            "/lists/0/changes/added/0/at",
            json!("noon"),
            "#/lists/0/changes/added/0/at: `at` is `noon`",
        ),
        (
            "/lists/0/changes",
            json!({ "aded": [] }),
            "unknown field `aded`",
        ),
    ] {
        let mut wrong = state.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        let (status, problem) = send(&router, "PUT", "/__mock/state", &wrong).await;
        assert_eq!(status, 422, "{pointer}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(place), "{detail}");
        assert_eq!(send(&router, "GET", "/notes", &Value::Null).await.1, after);
    }
}

/// A path of this test's own.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("state");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    let _ = std::fs::remove_file(&file);
    file
}

#[tokio::test]
async fn a_file_holds_the_state_for_the_next_start() {
    let file = file("kept.yaml");
    let first = rim(1);
    first.keep_state(&file).unwrap();
    let after = edited(&first.clone().router()).await;
    first.save_state(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("version: 1\nseed: 1\n"), "{text}");
    let second = rim(1);
    second.keep_state(&file).unwrap();
    assert_eq!(
        send(&second.router(), "GET", "/notes", &Value::Null)
            .await
            .1,
        after
    );
    // Nothing but the file is left behind.
    let names = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let left = names.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("kept.yaml.")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_file_that_does_not_suit_is_told_with_line_and_column() {
    let file = file("wrong.yaml");
    for (text, message) in [
        (
            "version: 1\nseed: 2\n",
            "wrong.yaml:2:1: `seed` is 2, and the mock's is 1",
        ),
        (
            "version: 1\nseed: 1\nlists: [{ list: a/b, resource: [x], changes: {} }]\n",
            "wrong.yaml:3:11: `list` is `a/b`, and no document has it",
        ),
        (
            "version: 1\nsed: 1\n",
            "wrong.yaml:2:1: unknown field `sed`",
        ),
        ("not a state", "wrong.yaml:1:1"),
    ] {
        std::fs::write(&file, text).unwrap();
        let problem = rim(1).keep_state(&file).unwrap_err();
        assert!(problem.to_string().contains(message), "{problem}");
        // It is left as it is.
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    }
    let nowhere = file.with_file_name("no-folder").join("state.yaml");
    let problem = rim(1).keep_state(&nowhere).unwrap_err();
    assert!(problem.to_string().starts_with("cannot write"), "{problem}");
}

#[tokio::test]
async fn changes_stay_when_the_document_is_edited_as_far_as_they_suit_it() {
    let rim = rim(1);
    let router = rim.clone().router();
    let before = edited(&router).await;
    let described = NOTES.replace("title: Notes", "title: Better notes");
    rim.reload(Ok(plan(&described, 1))).unwrap();
    let (_, after) = send(&router, "GET", "/notes", &Value::Null).await;
    assert_eq!(after, before);
    // The new text is too short now; the changed one is not.
    let longer = NOTES.replace(
        "text: { type: string } } }\n    Note",
        "text: { type: string, minLength: 4 } } }\n    Note",
    );
    let longer = longer.replace(
        "readOnly: true }, text: { type: string }",
        "readOnly: true }, text: { type: string, minLength: 4 }",
    );
    rim.reload(Ok(plan(&longer, 1))).unwrap();
    let (_, after) = send(&router, "GET", "/notes", &Value::Null).await;
    let texts = |list: &Value| -> Vec<String> {
        let notes = list.as_array().unwrap().iter();
        notes.map(|note| note["text"].to_string()).collect()
    };
    assert!(texts(&before).contains(&"\"new\"".to_owned()));
    assert!(!texts(&after).contains(&"\"new\"".to_owned()));
    assert!(texts(&after).contains(&"\"changed\"".to_owned()));
    assert_eq!(texts(&after).len() + 1, texts(&before).len());
    // Another seed has other items, to which no change belongs.
    rim.reload(Ok(plan(NOTES, 2))).unwrap();
    let (_, anew) = send(&router, "GET", "/notes", &Value::Null).await;
    assert!(!texts(&anew).contains(&"\"changed\"".to_owned()));
}
