//! The answers of the mock, without a socket.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use jiff::Timestamp;
use mock_server::{Answer, Mock, answer};
use serde_json::{Value, json};

const ADA: &str = "Bearer token-of-ada";
const TRAINING: &str = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000021/events";
const TIMELINE: &str = "/v1/jobs/01JADA00000000000000000021/events";

fn epoch() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock() -> Mock {
    Mock::bundled(1, epoch()).unwrap()
}

fn ask(mock: &Mock, method: Method, target: &str, authorization: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(target);
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    answer(mock, &request.body(Bytes::new()).unwrap(), epoch())
}

fn get(target: &str) -> (StatusCode, Value) {
    let answer = ask(&mock(), Method::GET, target, Some(ADA));
    let status = answer.status;
    (
        status,
        serde_json::from_slice(&answer.into_bytes()).unwrap(),
    )
}

#[test]
fn a_page_without_a_limit_has_the_documented_default() {
    let (status, body) = get(TRAINING);
    assert_eq!(status, 200);
    assert_eq!(body["data"].as_array().unwrap().len(), 20);
    assert_eq!(body["has_more"], true);
    assert_eq!(body["first_id"], body["data"][0]["id"]);
    assert_eq!(body["last_id"], body["data"][19]["id"]);
}

#[test]
fn the_last_key_gives_the_next_page_and_then_an_empty_one() {
    let (_, body) = get(TRAINING);
    let target = format!("{TRAINING}?after={}", body["last_id"].as_str().unwrap());
    let (_, rest) = get(&target);
    assert_eq!(rest["data"].as_array().unwrap().len(), 1);
    assert_eq!(rest["data"][0]["type"], "training_ended");
    assert_eq!(rest["has_more"], false);
    let target = format!("{TRAINING}?after={}", rest["last_id"].as_str().unwrap());
    let (_, nothing) = get(&target);
    let expect =
        json!({"object": "list", "data": [], "first_id": "", "last_id": "", "has_more": false});
    assert_eq!(nothing, expect);
}

#[test]
fn everything_behind_a_number_comes_in_one_answer() {
    let (status, body) = get(TIMELINE);
    assert_eq!(status, 200);
    let events = body["events"].as_array().unwrap();
    assert_eq!(events.len(), 21);
    assert_eq!(body["latest_seq"], events[20]["seq"]);
    let (_, rest) = get(&format!("{TIMELINE}?since={}", events[9]["seq"]));
    assert_eq!(rest["events"].as_array().unwrap().as_slice(), &events[10..]);
    assert_eq!(rest["latest_seq"], body["latest_seq"]);
}

#[test]
fn all_validation_errors_come_in_one_answer() {
    let (status, body) = get(&format!("{TRAINING}?limit=0"));
    assert_eq!(status, 422);
    let expect = json!({"detail": [{
        "type": "greater_than_equal",
        "loc": ["query", "limit"],
        "msg": "Input should be greater than or equal to 1",
        "input": "0",
        "ctx": {"ge": 1},
    }]});
    assert_eq!(body, expect);
    let (status, body) = get(&format!("{TIMELINE}?since=abc"));
    assert_eq!(status, 422);
    assert_eq!(body["detail"][0]["type"], "int_parsing");
}
