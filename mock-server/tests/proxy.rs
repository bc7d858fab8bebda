//! The proxy, in front of servers that are correct, that are wrong in known ways, and that do not answer.

mod upstreams;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use bytes::Bytes;
use fixtures::Scenario;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use mock_server::{ControlFrom, Mock, Plan, Proxy, router};
use openapi::{Document, Names, Source};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use upstreams::{plain_server, through_a_socket};

const TRAINING: &str = "/v1/preview/training-jobs/0a000000-0000-4000-8000-000000000020/events";
const TIMELINE: &str = "/v1/jobs/01JADA00000000000000000020/events";
const ADA: (&str, &str) = ("authorization", "Bearer token-of-ada");

/// A proxy, the runtime that it runs on, and the server that it stands in front of.
struct Front {
    runtime: Runtime,
    proxy: Proxy,
    upstream: SocketAddr,
}

impl Front {
    fn of(documents: &[Document], upstream: Router) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, upstream).await.unwrap() });
        Self {
            proxy: Proxy::new(documents, &format!("http://{address}")).unwrap(),
            runtime,
            upstream: address,
        }
    }

    fn of_bundled(upstream: Router) -> Self {
        Self::of(&Document::bundled().unwrap(), upstream)
    }

    /// A request through the proxy, read to its end.
    fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
        self.runtime.block_on(async {
            let answer = self.proxy.clone().router().oneshot(request).await.unwrap();
            let (head, body) = answer.into_parts();
            let body = body
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes);
            (head.status, head.headers, body.unwrap_or_default())
        })
    }

    fn get(&self, target: &str) -> (StatusCode, HeaderMap, Bytes) {
        self.send(asked("GET", target))
    }

    fn violations(&self) -> Value {
        let (status, _, body) = self.get("/__mock/violations");
        assert_eq!(status, 200);
        serde_json::from_slice(&body).unwrap()
    }
}

fn asked(method: &str, target: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(target);
    request.header(ADA.0, ADA.1).body(Body::empty()).unwrap()
}

/// A server that answers every request with one JSON text.
fn always<R: Into<Body>>(body: impl Fn() -> R + Clone + Send + Sync + 'static) -> Router {
    always_as(200, &[("content-type", "application/json")], body)
}

/// A server that gives every request one answer.
fn always_as<R: Into<Body>>(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: impl Fn() -> R + Clone + Send + Sync + 'static,
) -> Router {
    let headers = headers.to_vec();
    Router::new().fallback(move || {
        let mut answer = Response::builder().status(status);
        for (name, value) in &headers {
            answer = answer.header(*name, *value);
        }
        let answer = answer.body(body().into()).unwrap();
        async move { answer }
    })
}

fn mock() -> Router {
    let epoch: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    router(
        Arc::new(Mock::bundled(1, epoch).unwrap()),
        Arc::new(move || epoch),
    )
}

#[test]
fn a_server_that_is_right_is_found_right_and_nothing_of_it_is_changed() {
    let front = Front::of_bundled(mock());
    let unknown = TRAINING.replace("020", "fff");
    let targets = [
        TRAINING,
        &format!("{TRAINING}?limit=3"),
        TIMELINE,
        &unknown,
        "/__mock/jobs",
    ];
    for target in targets {
        for method in ["GET", "HEAD"] {
            let (status, mut headers, body) = front.send(asked(method, target));
            let direct = front
                .runtime
                .block_on(mock().oneshot(asked(method, target)))
                .unwrap();
            let (mut head, direct) = direct.into_parts();
            let direct = front.runtime.block_on(direct.collect()).unwrap().to_bytes();
            // The socket says when the answer is sent, and how long its body is.
            headers.remove("date");
            let length = headers.remove("content-length");
            if method == "GET" {
                assert_eq!(length.unwrap(), direct.len().to_string(), "{target}");
            }
            head.headers.remove("content-length");
            assert_eq!(
                (status, &headers),
                (head.status, &head.headers),
                "{method} {target}"
            );
            assert_eq!(body, direct, "{method} {target}");
        }
    }
    let seen = front.violations();
    assert_eq!(seen["total"], 0, "{seen}");
    assert_eq!(
        (&seen["exchanges"], &seen["checked"], &seen["elsewhere"]),
        (&json!(10), &json!(8), &json!(2))
    );
}

#[test]
fn a_request_arrives_as_it_was_sent() {
    let echo = Router::new().fallback(|request: Request<Body>| async {
        let (head, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let said: Vec<_> = head
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        let line = format!("{} {}\n{}\n\n", head.method, head.uri, said.join("\n"));
        [line.as_bytes(), &body].concat()
    });
    let front = Front::of_bundled(echo);
    let target = "/a/../b/%2e%2E//c%20d?x=%zz&y=1+1&&=";
    let sent: &[u8] = b"\x00\xff\r\n\r\nnot text";
    let request = Request::builder()
        .method("PURGE")
        .uri(target)
        .header("host", "the-proxy")
        .header("authorization", "Bearer token-of-ada")
        .header("cookie", "a=1")
        .header("connection", "close, x-hop")
        .header("x-hop", "1")
        .header("keep-alive", "5")
        .header("accept-encoding", "gzip")
        .body(Body::from(sent))
        .unwrap();
    let (_, _, body) = front.send(request);
    let end = body.windows(2).position(|two| two == b"\n\n").unwrap();
    let head = String::from_utf8(body[..end].to_vec()).unwrap();
    let mut lines: Vec<_> = head.lines().collect();
    assert_eq!(lines.remove(0), format!("PURGE {target}"));
    lines.sort_unstable();
    let host = format!("host: {}", front.upstream);
    let expect = [
        "accept-encoding: gzip",
        "authorization: Bearer token-of-ada",
        "content-length: 14",
        "cookie: a=1",
        &host,
    ];
    assert_eq!(lines, expect);
    assert_eq!(&body[end + 2..], sent);
}

/// A page of one step, to be made wrong.
fn page() -> Value {
    let id = "0a000000-0000-4000-8000-000000000001";
    json!({
        "object": "list",
        "data": [{ "id": id, "type": "gradient_step", "data": { "loss": 1.5 } }],
        "first_id": id,
        "last_id": id,
        "has_more": false,
    })
}

fn wrong(pointer: &str, value: Value) -> String {
    let mut page = page();
    *page.pointer_mut(pointer).unwrap() = value;
    page.to_string()
}

/// Checks that an answer breaks the document once: at this place, with these words and this citation.
fn check(upstream: Router, place: &str, words: &str, citation: &str) {
    let front = Front::of_bundled(upstream);
    front.get(TRAINING);
    let seen = front.violations();
    assert_eq!(seen["total"], 1, "{words}: {seen}");
    let found = &seen["latest"][0];
    assert_eq!(found["side"], "response", "{found}");
    assert_eq!(found["place"], place, "{found}");
    assert!(
        found["message"].as_str().unwrap().contains(words),
        "{found}"
    );
    assert_eq!(found["citation"], citation, "{found}");
    assert_eq!(found["target"], TRAINING, "{found}");
}

#[test]
fn each_breach_of_the_document_is_found_with_its_place() {
    let file = "wandb-training.yaml#";
    let responses = format!(
        "{file}/paths/~1v1~1preview~1training-jobs~1{{training_job_id}}~1events/get/responses"
    );
    let front = Front::of_bundled(always(|| page().to_string()));
    front.get(TRAINING);
    assert_eq!(front.violations()["total"], 0);

    check(
        always(|| wrong("/data/0/type", json!("resting"))),
        "/data/0/type",
        "resting",
        "wandb-training.yaml#/components/schemas/TrainingJobEventType/enum",
    );
    check(
        always(|| wrong("/has_more", json!("no"))),
        "/has_more",
        "not of type",
        "wandb-training.yaml#/components/schemas/PaginatedResponse_TrainingJobEventResponse_/properties/has_more/type",
    );
    check(
        always(|| "{\"data\": ["),
        "/",
        "it is not JSON",
        &format!("{responses}/200/content/application~1json/schema"),
    );
    check(
        always_as(418, &[], || "{}"),
        "status",
        "418 is not declared",
        &responses,
    );
    let content = format!("{responses}/200/content");
    check(
        always_as(200, &[("content-type", "text/html")], || "<p>"),
        "header content-type",
        "text/html is not declared",
        &content,
    );
    check(
        always_as(200, &[], || "{}"),
        "header content-type",
        "it is missing",
        &content,
    );
}

fn own_document() -> Vec<Document> {
    let text = r"
openapi: 3.1.0
info: { title: x, version: x }
paths:
  /things/{id}:
    get:
      security: [{ key: [] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: size, in: query, required: true, schema: { type: integer, maximum: 5 } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: X-Secret, in: header, schema: { type: integer } }
      responses:
        '200':
          description: fine
          headers: { ETag: { $ref: '#/components/headers/Tag' } }
  /things/own:
    get: { responses: { '204': { description: nothing } } }
  /things/refused:
    get: { responses: { '404': { description: nothing } } }
  /things/none:
    get: { responses: { '204': { description: nothing, content: { application/json: { schema: { type: object } } } } } }
components:
  headers: { Tag: { required: true, schema: { type: string } } }
  securitySchemes: { key: { type: apiKey, in: query, name: key } }
";
    vec![Document::read(Source::new("own.yaml", text), &[]).unwrap()]
}

#[test]
fn a_status_without_a_body_needs_no_media_type_although_a_body_is_declared() {
    for headers in [&[][..], &[("content-type", "application/json")]] {
        let front = Front::of(&own_document(), always_as(204, headers, || ""));
        front.get("/things/none");
        let seen = front.violations();
        assert_eq!((&seen["total"], &seen["checked"]), (&json!(0), &json!(1)));
    }
}

#[test]
fn a_success_that_the_document_forgot_breaks_nothing() {
    for (status, expect) in [(204, 0), (500, 1)] {
        let front = Front::of(&own_document(), always_as(status, &[], || ""));
        front.get("/things/refused");
        assert_eq!(front.violations()["total"], expect, "{status}");
    }
}

#[test]
fn requests_that_the_mock_proposes_and_its_answers_break_nothing() {
    let now = Timestamp::UNIX_EPOCH;
    let bundled = Document::bundled().unwrap();
    for documents in [bundled, own_document()] {
        let contracts = documents.iter().flat_map(|one| one.contracts().unwrap());
        let names = Names::of(&contracts.collect::<Vec<_>>());
        let scenario = Scenario::bundled().unwrap().limited_to(&names);
        let plan = Plan::of(&documents, scenario, 1, now).unwrap();
        let mock = Arc::new(Mock::new(plan).unwrap());
        let front = Front::of(&documents, router(Arc::clone(&mock), Arc::new(move || now)));
        for operation in mock.operations() {
            let sample = operation.request(now).unwrap();
            let mut request = Request::builder()
                .method(sample.method.as_str())
                .uri(&sample.target);
            for (name, value) in &sample.headers {
                request = request.header(name, value);
            }
            let body = Body::from(sample.body.unwrap_or_default());
            front.send(request.body(body).unwrap());
        }
        let seen = front.violations();
        assert_eq!(seen["total"], 0, "{seen:#}");
        assert_eq!(seen["checked"], mock.operations().count(), "{seen:#}");
    }
}

#[test]
fn a_header_that_must_be_there_and_is_not_is_found() {
    let front = Front::of(&own_document(), always_as(200, &[], || ""));
    front.get("/things/1?size=1");
    let seen = front.violations();
    assert_eq!(seen["total"], 1, "{seen}");
    assert_eq!(seen["latest"][0]["place"], "header etag");
    assert_eq!(
        seen["latest"][0]["citation"],
        "own.yaml#/components/headers/Tag/required"
    );
    let front = Front::of(&own_document(), always_as(200, &[("etag", "x")], || ""));
    front.get("/things/1?size=1");
    assert_eq!(front.violations()["total"], 0);
}

#[test]
fn a_schema_that_cannot_be_used_finds_nothing_and_says_so() {
    let text = r"
openapi: 3.1.0
info: { title: x, version: x }
paths:
  /x:
    get:
      responses:
        '200':
          description: fine
          content:
            application/json: { schema: { $ref: '#/components/schemas/Gone' } }
";
    let document = Document::read(Source::new("own.yaml", text), &[]).unwrap();
    let front = Front::of(&[document], always(|| "1"));
    front.get("/x");
    let seen = front.violations();
    assert_eq!((&seen["total"], &seen["checked"]), (&json!(0), &json!(0)));
    let why = seen["unchecked"][0]["why"].as_str().unwrap();
    assert!(why.starts_with("the schema cannot be used: "), "{why}");
}

#[test]
fn a_concrete_path_goes_before_a_template() {
    let front = Front::of(&own_document(), always_as(204, &[], || ""));
    front.get("/things/own");
    let seen = front.violations();
    assert_eq!(seen["total"], 0, "{seen}");
    assert_eq!(seen["operations"][0]["operation"], "GET /things/own");
}

#[test]
fn traffic_below_the_base_path_of_a_server_is_checked() {
    let text = "
openapi: 3.1.0
servers: [{ url: 'https://api.example.com/v2' }]
paths:
  /feeds/{feed}:
    get:
      parameters: [{ name: tags, in: query, schema: { type: array, items: { enum: [a, b] } } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object } } } } }
";
    let document = Document::read(Source::new("feed.yaml", text), &[]).unwrap();
    let front = Front::of(&[document], always(|| "[]"));
    for target in ["/v2/feeds/7?tags=a&tags=b", "/feeds/7"] {
        front.get(target);
    }
    let seen = front.violations();
    assert_eq!(
        (&seen["checked"], &seen["total"]),
        (&json!(2), &json!(2)),
        "{seen}"
    );
    front.get("/v2/feeds/7?tags=a&tags=c");
    front.get("/v3/feeds/7");
    let seen = front.violations();
    assert_eq!(
        (&seen["elsewhere"], &seen["total"]),
        (&json!(1), &json!(4)),
        "{seen}"
    );
}

#[test]
fn requests_are_held_against_their_parameters_too() {
    let front = Front::of(&own_document(), always_as(200, &[("etag", "x")], || ""));
    let places = |target: &str, header: Option<&str>| {
        front.send(asked("DELETE", "/__mock/violations"));
        let mut request = asked("GET", target);
        if let Some(value) = header {
            request
                .headers_mut()
                .insert("x-secret", value.parse().unwrap());
        }
        front.send(request);
        let seen = front.violations();
        let found = seen["latest"].as_array().unwrap().clone();
        assert!(found.iter().all(|one| one["side"] == "request"), "{seen}");
        let places = found
            .iter()
            .map(|one| one["place"].as_str().unwrap().to_owned());
        (places.collect::<Vec<_>>(), seen)
    };
    assert_eq!(
        places("/things/1?size=5&tags=a&tags=b", Some("1")).0,
        [""; 0]
    );
    assert_eq!(
        places("/things/one?size=6", None).0,
        ["path id", "query size"]
    );
    assert_eq!(
        places("/things/1?sise=1", None).0,
        ["query size", "query sise"]
    );
    let (found, seen) = places("/things/1?size=1&key=s3cret", Some("s3cret"));
    assert_eq!(found, ["header X-Secret"]);
    assert!(!seen.to_string().contains("s3cret"), "{seen}");
    assert_eq!(seen["latest"][0]["target"], "/things/1?size=1&key=***");
}

#[test]
fn an_answer_that_cannot_be_checked_is_passed_on_and_counted() {
    let why = |upstream: Router, length: usize| {
        let front = Front::of_bundled(upstream);
        let (_, _, body) = front.get(TRAINING);
        assert_eq!(body.len(), length);
        let seen = front.violations();
        assert_eq!(
            (&seen["total"], &seen["checked"]),
            (&json!(0), &json!(0)),
            "{seen}"
        );
        seen["unchecked"][0]["why"].as_str().unwrap().to_owned()
    };
    let kind = ("content-type", "application/json");
    let zipped = always_as(200, &[kind, ("content-encoding", "gzip")], || "zipped");
    assert_eq!(why(zipped, 6), "the body is encoded: gzip");
    let long = 17 * 1024 * 1024;
    let endless = always(move || vec![b' '; long]);
    assert_eq!(why(endless, long), "the body is longer than 16 MiB");
}

/// Through the proxy, a body whose beginning was read before `then` was written; what is read of it then.
fn in_parts(then: Part) -> (Front, Result<Bytes, axum::Error>) {
    let (more, parts) = tokio::sync::mpsc::channel::<Part>(1);
    let parts = Arc::new(Mutex::new(Some(parts)));
    let front = Front::of_bundled(always(move || {
        let parts = parts.lock().unwrap().take().expect("asked once");
        Body::new(Channel(parts))
    }));
    let rest = front.runtime.block_on(async {
        more.send(Ok(Bytes::from("{\"object\": "))).await.unwrap();
        let router = front.proxy.clone().router();
        let answer = router.oneshot(asked("GET", TRAINING)).await.unwrap();
        let mut body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, "{\"object\": ");
        more.send(then).await.unwrap();
        drop(more);
        body.collect()
            .await
            .map(http_body_util::Collected::to_bytes)
    });
    (front, rest)
}

#[test]
fn a_body_is_passed_on_while_it_comes() {
    let (front, rest) = in_parts(Ok(Bytes::from("1}")));
    assert_eq!(rest.unwrap(), "1}");
    assert!(front.violations()["total"].as_u64() > Some(0));
}

#[test]
fn trailers_are_passed_on_and_do_not_break_a_body() {
    let (upstream, _) = plain_server(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\n{}\r\n0\r\nx-sum: 7\r\n\r\n",
    );
    let (answer, proxy) = through_a_socket(
        upstream,
        &format!(
            "GET {TIMELINE} HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n"
        ),
    );
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("\r\nx-sum: 7\r\n"), "{answer}");
    let summary = proxy.tally().summary();
    assert!(summary.contains("1 exchanges, 1 checked"), "{summary}");
    assert!(!summary.contains("broke off"), "{summary}");
}

#[test]
fn one_request_stays_one_request_for_every_reader() {
    // Two readers that take different headers for the length would see another end, and another next request.
    let inner = "GET /inner HTTP/1.1\r\nHost: inner\r\n\r\n";
    let chunks = format!("{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len());
    let pairs = [
        (
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
            &*chunks,
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
            &chunks,
        ),
        (
            "Transfer-Encoding: chunked\r\nConnection: Transfer-Encoding\r\n",
            &chunks,
        ),
        (
            "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n",
            &chunks,
        ),
        (
            "Transfer-Encoding : chunked\r\nContent-Length: 3\r\n",
            &chunks,
        ),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            &chunks,
        ),
        (
            "Transfer-Encoding:\u{b}chunked\r\nContent-Length: 3\r\n",
            &chunks,
        ),
        ("Content-Length: 0\r\nContent-Length: 41\r\n", inner),
        ("Content-Length: 0, 41\r\n", inner),
        ("Content-Length: 0\r\nConnection: Content-Length\r\n", inner),
    ];
    for (framing, body) in pairs {
        let (upstream, received) =
            plain_server("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        let (answer, _) = through_a_socket(
            upstream,
            &format!(
                "POST /outer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{framing}\r\n{body}"
            ),
        );
        let answer = String::from_utf8(answer).unwrap();
        if answer.starts_with("HTTP/1.1 400") {
            continue;
        }
        assert!(answer.starts_with("HTTP/1.1 204"), "{framing}: {answer}");
        let seen = received.recv().unwrap();
        let (head, sent) = seen.split_once("\r\n\r\n").unwrap();
        let head = head.to_ascii_lowercase();
        let length = head
            .lines()
            .filter(|line| line.starts_with("content-length:"));
        let length: Vec<_> = length
            .filter_map(|line| line[15..].trim().parse::<usize>().ok())
            .collect();
        let chunked = head
            .lines()
            .filter(|line| line.starts_with("transfer-encoding:"))
            .count();
        match (&length[..], chunked) {
            ([], 0) => assert!(sent.is_empty(), "{framing}: {seen}"),
            ([length], 0) => assert_eq!(sent.len(), *length, "{framing}: {seen}"),
            ([], 1) => assert_eq!(sent, chunks, "{framing}: {seen}"),
            _ => panic!("{framing}: {seen}"),
        }
    }
}

#[test]
fn a_body_that_breaks_off_does_so_for_the_client_too() {
    let (front, rest) = in_parts(Err(std::io::Error::other("gone")));
    assert!(rest.is_err());
    let seen = front.violations();
    assert_eq!(seen["unchecked"][0]["why"], "the body broke off");
}

/// A part of a body, or its untimely end.
type Part = Result<Bytes, std::io::Error>;

/// A body that comes as it is sent.
struct Channel(tokio::sync::mpsc::Receiver<Part>);

impl http_body::Body for Channel {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let part = self.0.poll_recv(context);
        part.map(|part| part.map(|part| part.map(http_body::Frame::data)))
    }
}

#[test]
fn a_server_that_does_not_answer_is_a_502_with_a_cure() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let documents = Document::bundled().unwrap();
    let front = Front {
        proxy: Proxy::new(&documents, &format!("http://{nobody}")).unwrap(),
        runtime: Runtime::new().unwrap(),
        upstream: nobody,
    };
    let (status, headers, body) = front.get(TRAINING);
    assert_eq!(status, 502);
    assert_eq!(headers["content-type"], "application/problem+json");
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert!(
        body["detail"]
            .as_str()
            .unwrap()
            .contains(&nobody.to_string()),
        "{body}"
    );
    assert!(
        body["cure"].as_str().unwrap().contains("--upstream"),
        "{body}"
    );
    let seen = front.violations();
    assert_eq!((&seen["total"], &seen["lost"]), (&json!(0), &json!(1)));
}

#[test]
fn by_default_only_this_machine_may_read_findings() {
    let front = Front::of_bundled(mock());
    let mut foreign = asked("GET", "/__mock/violations");
    foreign
        .headers_mut()
        .insert("origin", "https://elsewhere.example".parse().unwrap());
    assert_eq!(front.send(foreign).0, 403);
    let (status, headers, _) = front.send(asked("PUT", "/__mock/violations"));
    assert_eq!(
        (status, headers["allow"].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "DELETE, GET, HEAD")
    );
    let shut = Front {
        proxy: front.proxy.clone().controlled_from(ControlFrom::Nobody),
        ..front
    };
    // The mock behind the proxy refuses it.
    assert_eq!(shut.get("/__mock/violations").0, 404);
}

#[test]
fn a_wrong_upstream_is_refused() {
    let documents = Document::bundled().unwrap();
    for url in [
        "",
        "localhost",
        "ftp://x",
        "http://",
        "http://u:p@x",
        "http://x/?a=1",
    ] {
        let problem = Proxy::new(&documents, url).unwrap_err().to_string();
        assert!(problem.contains("not a server's URL"), "{url}: {problem}");
    }
    let path = Front::of_bundled(
        Router::new().fallback(|request: Request<Body>| async move { request.uri().to_string() }),
    );
    let base = format!("http://{}/below/", path.upstream);
    let path = Front {
        proxy: Proxy::new(&documents, &base).unwrap(),
        ..path
    };
    assert_eq!(path.get("/x?y").2, "/below/x?y");
}

/// Runs the built program in front of a server, sends one request, and stops the program.
fn program(arguments: &[&str], upstream: Router, target: &str) -> (Option<i32>, String, String) {
    let front = Front::of_bundled(upstream);
    let mut child = Command::new(env!("CARGO_BIN_EXE_mock-server"))
        .args([
            "proxy",
            "--listen",
            "127.0.0.1:0",
            "--log",
            "json",
            "--upstream",
        ])
        .arg(format!("http://{}", front.upstream))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    let address = first
        .trim()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    let mut socket = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer s3cret\r\nCookie: session=s3cret\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).unwrap();
    socket.read_to_string(&mut String::new()).unwrap();
    let told = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(told.unwrap().success());
    let stderr = child.stderr.take().unwrap();
    let log = thread::spawn(move || std::io::read_to_string(stderr).unwrap());
    let mut summary = String::new();
    stdout.read_to_string(&mut summary).unwrap();
    let code = child.wait().unwrap().code();
    (code, summary, log.join().unwrap())
}

#[cfg(unix)]
#[test]
fn the_program_prints_a_summary_and_fails_if_strict() {
    let (code, summary, log) = program(&["--strict"], mock(), TIMELINE);
    assert_eq!(code, Some(0), "{summary}{log}");
    assert!(summary.contains("1 exchanges, 1 checked"), "{summary}");
    assert!(summary.contains("\n0 violations,"), "{summary}");
    let teapot = || always_as(418, &[], || "");
    let (code, summary, log) = program(&["--strict"], teapot(), TRAINING);
    assert_eq!(code, Some(1), "{summary}{log}");
    assert!(
        summary.contains("\n1 violations, 0 by requests and 1 by responses\n"),
        "{summary}"
    );
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["place"], "status");
    assert_eq!(lines[0]["level"], "WARN");
    assert_eq!(lines[1]["verdict"], "violated");
    assert!(!log.contains("s3cret"), "{log}");
    assert_eq!(program(&[], teapot(), TRAINING).0, Some(0));
}
