//! The pictures behind presigned URLs.

use bytes::Bytes;
use http::{Method, Request};
use jiff::{SignedDuration, Timestamp};
use mock_server::{Answer, Mock, answer};
use serde_json::Value;

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn ask(mock: &Mock, method: Method, url: &str, token: Option<&str>, now: Timestamp) -> Answer {
    let mut request = Request::builder().method(method).uri(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    answer(mock, &request.body(Bytes::new()).unwrap(), now)
}

/// The URLs of a job's artifacts.
fn urls(mock: &Mock) -> Vec<String> {
    let target = "/v1/jobs/01JADA0000000000000000CAFE/events";
    let answer = ask(mock, Method::GET, target, Some("token-of-ada"), now());
    let body: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
    let events = body["events"].as_array().unwrap().iter();
    let artifacts = events.filter_map(|event| event["artifacts"].as_array());
    artifacts
        .flatten()
        .map(|artifact| artifact["image_url"].as_str().unwrap().to_owned())
        .collect()
}

fn get(mock: &Mock, url: &str, now: Timestamp) -> (u16, Bytes) {
    let answer = ask(mock, Method::GET, url, None, now);
    (answer.status.as_u16(), answer.into_bytes())
}

#[test]
fn every_url_opens_without_credentials_and_shows_a_picture_of_its_own() {
    let mock = Mock::bundled(1, now()).unwrap();
    let mut pictures = Vec::new();
    for url in urls(&mock) {
        let (status, body) = get(&mock, &url, now());
        assert_eq!(status, 200, "{url}");
        let decoder = png::Decoder::new(std::io::Cursor::new(body.clone()));
        let reader = decoder.read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), (512, 768));
        assert!(!pictures.contains(&body));
        pictures.push(body);
    }
    assert!(pictures.len() > 5);
}

#[test]
fn one_seed_one_picture() {
    let mock = Mock::bundled(1, now()).unwrap();
    let same = Mock::bundled(1, now()).unwrap();
    let other = Mock::bundled(2, now()).unwrap();
    let url = &urls(&mock)[0];
    assert_eq!(get(&mock, url, now()), get(&same, url, now()));
    assert_eq!(get(&other, url, now()).0, 403, "another mock's signature");
}

#[test]
fn an_expired_or_forged_url_is_refused() {
    let mock = Mock::bundled(1, now()).unwrap();
    let url = &urls(&mock)[0];
    let later = now() + SignedDuration::from_mins(60);
    assert_eq!(get(&mock, url, later).0, 403);
    let (stem, query) = url.split_once('?').unwrap();
    let expires: i64 = query["expires=".len()..]
        .split('&')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    for forged in [
        url.replace(&expires.to_string(), &(expires + 1).to_string()),
        url.replace(".png", ".gif"),
        stem.to_owned(),
        format!("{stem}?"),
        format!("{url}0"),
        format!("{url}é").replace('é', "%C3%A9"),
        format!("{}f", &url[..url.len() - 1]),
        format!("{}0", &url[..url.len() - 1]),
        "/__mock/artifacts/".to_owned(),
        "/__mock/artifacts/x/y.png?expires=&signature=".to_owned(),
    ] {
        if forged != *url {
            assert_eq!(get(&mock, &forged, now()).0, 403, "{forged}");
        }
    }
}

#[test]
fn urls_expire_after_the_given_time() {
    let mock = Mock::bundled(1, now()).unwrap().with_artifacts_for(60);
    let url = &urls(&mock)[0];
    assert_eq!(get(&mock, url, now()).0, 200);
    let later = now() + SignedDuration::from_secs(60);
    assert_eq!(get(&mock, url, later).0, 403);
}

#[test]
fn a_picture_can_be_asked_for_its_headers_and_for_nothing_else() {
    let mock = Mock::bundled(1, now()).unwrap();
    let url = &urls(&mock)[0];
    let head = ask(&mock, Method::HEAD, url, None, now());
    assert_eq!(head.status, 200);
    assert_eq!(head.headers["content-type"], "image/png");
    assert!(head.into_bytes().is_empty());
    let post = ask(&mock, Method::POST, url, None, now());
    assert_eq!(post.status, 405);
    assert_eq!(post.headers["allow"], "GET, HEAD");
}
