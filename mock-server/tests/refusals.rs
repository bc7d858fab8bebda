//! Requests that get no page: the status and the reason. Each table is one kind of mistake.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use jiff::Timestamp;
use mock_server::{Answer, Mock, answer};
use serde_json::Value;

const ADA: &str = "Bearer token-of-ada";
const TRAINING: &str = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000021/events";
const TRAINING_OF_GRACE: &str =
    "/v1/preview/training-jobs/0b000000-0000-4000-8000-000000000005/events";
const TRAINING_OF_NOBODY: &str =
    "/v1/preview/training-jobs/0b000000-0000-4000-8000-00000000ffff/events";
const TIMELINE: &str = "/v1/jobs/01JADA00000000000000000021/events";
const TIMELINE_OF_GRACE: &str = "/v1/jobs/01JGRACE000000000000000005/events";
const TIMELINE_OF_NOBODY: &str = "/v1/jobs/01JADA0000000000000000ZZZZ/events";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock() -> Mock {
    Mock::bundled(1, now()).unwrap()
}

fn ask(mock: &Mock, method: &str, target: &str, authorization: Option<&str>) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = Request::builder().method(method).uri(target);
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    answer(mock, &request.body(Bytes::new()).unwrap(), now())
}

fn json(answer: Answer) -> Value {
    serde_json::from_slice(&answer.into_bytes()).unwrap()
}

#[test]
fn a_path_that_no_document_has_is_404() {
    let mock = mock();
    for target in [
        "/",
        "/v1",
        "/v1/jobs",
        "/v1/jobs//events",
        "/v1/jobs/x/events/",
        "/v1/jobs/x/y/events",
        "//v1/jobs/x/events",
        "/V1/jobs/x/events",
        "*",
    ] {
        assert_eq!(ask(&mock, "GET", target, Some(ADA)).status, 404, "{target}");
    }
}

#[test]
fn a_method_that_the_path_does_not_take_is_405_and_says_which_it_does() {
    let mock = mock();
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
        let answer = ask(&mock, method, TIMELINE, Some(ADA));
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.headers[header::ALLOW], "GET, HEAD, OPTIONS");
    }
    let answer = ask(&mock, "OPTIONS", TIMELINE, None);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.headers[header::ALLOW], "GET, HEAD, OPTIONS");
}

#[test]
fn without_credentials_nothing_else_matters() {
    let mock = mock();
    let expect = ask(&mock, "GET", TIMELINE, None);
    assert_eq!(expect.status, 401);
    assert_eq!(expect.headers[header::WWW_AUTHENTICATE], "Bearer");
    let expect = (expect.headers.clone(), expect.into_bytes());
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer token-of-nobody"),
        Some("Bearer token-of-ada token-of-ada"),
        Some("Basic token-of-ada"),
        Some("token-of-ada"),
    ] {
        for path in [TIMELINE, TIMELINE_OF_GRACE, TIMELINE_OF_NOBODY] {
            for query in ["", "?since=abc", "?since=1"] {
                let answer = ask(&mock, "GET", &format!("{path}{query}"), authorization);
                assert_eq!(answer.status, 401, "{authorization:?} {path}{query}");
                assert_eq!((answer.headers.clone(), answer.into_bytes()), expect);
            }
        }
    }
    assert_eq!(
        ask(&mock, "GET", TIMELINE, Some("bEARER token-of-ada")).status,
        200
    );
}

#[test]
fn bytes_that_are_no_text_are_no_credentials() {
    let mock = mock();
    let value = HeaderValue::from_bytes(b"Bearer \xff\xfe").unwrap();
    let request = Request::get(TIMELINE).header(header::AUTHORIZATION, value);
    let request = request.body(Bytes::new()).unwrap();
    assert_eq!(answer(&mock, &request, now()).status, 401);
}

#[test]
fn a_wrong_parameter_is_422_and_named() {
    let mock = mock();
    for (query, kind, message) in [
        (
            "limit=0",
            "greater_than_equal",
            "Input should be greater than or equal to 1",
        ),
        (
            "limit=-1",
            "greater_than_equal",
            "Input should be greater than or equal to 1",
        ),
        (
            "limit=101",
            "less_than_equal",
            "Input should be less than or equal to 100",
        ),
        (
            "limit=2147483648",
            "less_than_equal",
            "Input should be less than or equal to 100",
        ),
        (
            "limit=18446744073709551616",
            "less_than_equal",
            "Input should be less than or equal to 100",
        ),
        (
            "limit=",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=abc",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=1.5",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=1e2",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=NaN",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=%00",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=%FF%FE",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=%2",
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        (
            "limit=5&limit=0",
            "greater_than_equal",
            "Input should be greater than or equal to 1",
        ),
    ] {
        for path in [TRAINING, TRAINING_OF_GRACE, TRAINING_OF_NOBODY] {
            let answer = ask(&mock, "GET", &format!("{path}?{query}"), Some(ADA));
            assert_eq!(answer.status, 422, "{query}");
            let body = json(answer);
            let errors = body["detail"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{query}: {body}");
            assert_eq!(
                errors[0]["loc"],
                serde_json::json!(["query", "limit"]),
                "{query}"
            );
            assert_eq!(errors[0]["type"], kind, "{query}");
            assert_eq!(errors[0]["msg"], message, "{query}");
        }
    }
    let answer = ask(&mock, "GET", &format!("{TIMELINE}?since=1.5"), Some(ADA));
    assert_eq!(answer.status, 422);
    assert_eq!(
        json(answer)["detail"][0]["loc"],
        serde_json::json!(["query", "since"])
    );
}

#[test]
fn the_last_of_several_values_counts_and_unknown_names_are_ignored() {
    let mock = mock();
    for query in [
        "limit=0&limit=5",
        "limit=5&colour=red&x",
        "l%69mit=5",
        "&&limit=5&",
        "limit=5#x",
    ] {
        let answer = ask(&mock, "GET", &format!("{TRAINING}?{query}"), Some(ADA));
        assert_eq!(answer.status, 200, "{query}");
        assert_eq!(json(answer)["data"].as_array().unwrap().len(), 5, "{query}");
    }
}

#[test]
fn somebody_elses_job_looks_like_one_that_does_not_exist_whatever_is_asked() {
    let mock = mock();
    let grace = Some("Bearer token-of-grace");
    let theirs = json(ask(&mock, "GET", TRAINING_OF_GRACE, grace))["data"][1]["id"].clone();
    let theirs = format!("?after={}", theirs.as_str().unwrap());
    for (foreign, unknown, queries) in [
        (
            TRAINING_OF_GRACE,
            TRAINING_OF_NOBODY,
            ["", "?limit=1", "?after=x", theirs.as_str()],
        ),
        (
            TIMELINE_OF_GRACE,
            TIMELINE_OF_NOBODY,
            ["", "?since=0", "?since=3", "?since=99999999"],
        ),
    ] {
        let plain = ask(&mock, "GET", unknown, Some(ADA));
        let expect = (plain.status, plain.headers.clone(), plain.into_bytes());
        assert_eq!(expect.0, 404);
        for path in [foreign, unknown] {
            for query in queries {
                let answer = ask(&mock, "GET", &format!("{path}{query}"), Some(ADA));
                let found = (answer.status, answer.headers.clone(), answer.into_bytes());
                assert_eq!(found, expect, "{path}{query}");
            }
        }
    }
}

#[test]
fn a_cursor_of_another_resource_gives_the_end() {
    let mock = mock();
    let other = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000100/events";
    let foreign = json(ask(&mock, "GET", other, Some(ADA)))["data"][3]["id"].clone();
    let expect = ask(&mock, "GET", &format!("{TRAINING}?after=nobody"), Some(ADA)).into_bytes();
    for cursor in [
        foreign.as_str().unwrap(),
        "00000000-0000-4000-8000-000000000000",
        "7",
        "%00",
        "%FF",
        "..%2F..",
        "'; DROP TABLE events; --".replace(' ', "+").as_str(),
        "x".repeat(60_000).as_str(),
    ] {
        let answer = ask(
            &mock,
            "GET",
            &format!("{TRAINING}?after={cursor}"),
            Some(ADA),
        );
        assert_eq!(answer.status, 200, "{cursor}");
        assert_eq!(answer.into_bytes(), expect, "{cursor}");
    }
    let body: Value = serde_json::from_slice(&expect).unwrap();
    assert_eq!(body["data"], serde_json::json!([]));
    assert_eq!(body["has_more"], false);
}

#[test]
fn any_number_is_a_place_in_a_sequence() {
    let mock = mock();
    let count = |since: &str| {
        let answer = ask(
            &mock,
            "GET",
            &format!("{TIMELINE}?since={since}"),
            Some(ADA),
        );
        assert_eq!(answer.status, 200, "{since}");
        json(answer)["events"].as_array().unwrap().len()
    };
    for (since, expect) in [
        ("0", 21),
        ("-1", 21),
        ("-9223372036854775809", 21),
        ("1", 20),
        ("2147483648", 0),
        ("9007199254740993", 0),
        ("9223372036854775808", 0),
        ("1000000000000000000000000000000", 0),
    ] {
        assert_eq!(count(since), expect, "{since}");
    }
}

#[test]
fn head_is_answered_like_get_without_the_body() {
    let mock = mock();
    for (target, authorization) in [
        (TIMELINE, Some(ADA)),
        (TIMELINE, None),
        (TIMELINE_OF_NOBODY, Some(ADA)),
        (TRAINING, Some(ADA)),
    ] {
        let get = ask(&mock, "GET", target, authorization);
        let mut head = ask(&mock, "HEAD", target, authorization);
        assert_eq!(head.status, get.status);
        let length = head.headers.remove(header::CONTENT_LENGTH).unwrap();
        assert_eq!(head.headers, get.headers);
        assert_eq!(length, get.into_bytes().len().to_string());
        assert!(head.into_bytes().is_empty());
    }
}

#[test]
fn an_encoded_id_is_the_same_id() {
    let mock = mock();
    let plain = ask(&mock, "GET", TIMELINE, Some(ADA)).into_bytes();
    let encoded = TIMELINE.replace("01JADA", "%30%31J%41D%41");
    assert_eq!(ask(&mock, "GET", &encoded, Some(ADA)).into_bytes(), plain);
}

#[test]
fn a_long_answer_streamed_is_the_same_answer() {
    let mock = mock();
    let answer = ask(
        &mock,
        "GET",
        "/v1/jobs/01JADA00000000000000100000/events",
        Some(ADA),
    );
    let mock_server::Body::Stream(mut page) = answer.body else {
        panic!("a long page is written while it is sent");
    };
    let mut chunks = 0;
    let mut streamed = Vec::new();
    for chunk in page.by_ref() {
        assert!(chunk.len() < 40_000);
        chunks += 1;
        streamed.extend(chunk);
    }
    assert!(chunks > 100);
    let body: Value = serde_json::from_slice(&streamed).unwrap();
    assert_eq!(body["events"].as_array().unwrap().len(), 100_000);
    assert_eq!(body["events"][99_999]["event_type"], "succeeded");
}

#[test]
fn undeclared_parameters_are_refused_where_that_is_wanted_behind_the_wrong_ones() {
    let strict = mock().with_strict_requests();
    let told = |query: &str, authorization| {
        let answer = ask(&strict, "GET", &format!("{TRAINING}{query}"), authorization);
        (answer.status.as_u16(), json(answer))
    };
    let (status, body) = told("?limt=5&a%20b", Some(ADA));
    assert_eq!(status, 422);
    let extra = |name: &str, input: &str| {
        serde_json::json!({
            "type": "extra_forbidden",
            "loc": ["query", name],
            "msg": "Extra inputs are not permitted",
            "input": input,
        })
    };
    let both = serde_json::json!([extra("limt", "5"), extra("a b", "")]);
    assert_eq!(body["detail"], both);
    let (_, body) = told("?limt=5&limit=0", Some(ADA));
    let kinds = body["detail"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds.map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["greater_than_equal", "extra_forbidden"]);
    // Credentials come first, and a missing resource last.
    assert_eq!(told("?limt=5", None).0, 401);
    let nobody = ask(
        &strict,
        "GET",
        &format!("{TIMELINE_OF_NOBODY}?x=1"),
        Some(ADA),
    );
    assert_eq!(nobody.status, 422);
    assert_eq!(told("?limit=5", Some(ADA)).0, 200);
    assert_eq!(
        ask(&mock(), "GET", &format!("{TRAINING}?limt=5"), Some(ADA)).status,
        200
    );
}
