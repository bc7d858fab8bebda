//! The base path of a document's servers is served, and checked by the proxy.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Method, Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Names, ServerChoice, Source};

const FEED: &str = "
openapi: 3.1.0
info: { title: Feed, version: '1' }
servers: [{ url: 'https://api.example.com/v2' }, { url: '/{stage}', variables: { stage: { default: beta } } }]
paths:
  /feeds/{feed}:
    get: { responses: { 200: { description: '', content: { application/json: { example: { feed: 1 } } } } } }
  /health:
    servers: [{ url: / }]
    get: { responses: { 204: { description: '' } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(choice: ServerChoice) -> Mock {
    let document = Document::read(Source::new("feed.yaml", FEED), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap();
    let scenario = scenario.limited_to(&Names::of(&document.contracts().unwrap()));
    let plan = Plan::of(&[document], scenario, 1, now()).unwrap();
    Mock::new(plan.at_server(choice).unwrap()).unwrap()
}

fn ask(mock: &Mock, method: Method, target: &str) -> Answer {
    let request = Request::builder().method(method).uri(target);
    answer(mock, &request.body(Bytes::new()).unwrap(), now())
}

fn check(choice: &ServerChoice, served: &[&str], missing: &[&str]) {
    let mock = mock(choice.clone());
    for target in served {
        let status = ask(&mock, Method::GET, target).status;
        assert!(status.is_success(), "{target}: {status}");
    }
    for target in missing {
        let status = ask(&mock, Method::GET, target).status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{target}");
    }
}

#[test]
fn the_path_of_the_first_server_is_served() {
    let served = ["/v2/feeds/7", "/feeds/7", "/health"];
    check(
        &ServerChoice::default(),
        &served,
        &["/beta/feeds/7", "/v2/health"],
    );
    let mock = mock(ServerChoice::default());
    let allow = ask(&mock, Method::OPTIONS, "/v2/feeds/7");
    assert_eq!(allow.headers["allow"], "GET, HEAD, OPTIONS");
}

#[test]
fn another_server_or_path_is_served_instead() {
    let second = ServerChoice {
        number: Some(2),
        ..ServerChoice::default()
    };
    check(&second, &["/beta/feeds/7", "/feeds/7"], &["/v2/feeds/7"]);
    let stage = ServerChoice {
        variables: vec![("stage".to_owned(), "live".to_owned())],
        ..second
    };
    check(&stage, &["/live/feeds/7"], &["/beta/feeds/7"]);
    let own = ServerChoice {
        base_path: Some("/x/y".to_owned()),
        ..ServerChoice::default()
    };
    check(&own, &["/x/y/feeds/7", "/x/y/health"], &["/v2/feeds/7"]);
    let none = ServerChoice {
        base_path: Some("/".to_owned()),
        ..ServerChoice::default()
    };
    check(&none, &["/feeds/7"], &["/v2/feeds/7"]);
}
