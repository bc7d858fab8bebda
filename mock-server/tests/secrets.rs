//! Credentials of requests stand in no log and in no report, whatever way a client or a server repeats them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fixtures::Scenario;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use mock_server::{Auth, Clock, Mock, Plan, Proxy, Rim};
use openapi::{Document, Names, Source};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
paths:
  /things/{id}:
    get:
      security: [{ header: [] }, { query: [] }, { cookie: [] }, { bearer: [] }]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: size, in: query, schema: { type: integer } }
      responses:
        '200':
          description: A thing
          content: { application/json: { schema: { type: object, properties: { kind: { enum: [a, b] } } } } }
components:
  securitySchemes:
    header: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: api key }
    cookie: { type: apiKey, in: cookie, name: session }
    bearer: { type: http, scheme: bearer }
";

fn documents() -> Vec<Document> {
    vec![Document::read(Source::new("things.yaml", DOCUMENT), &[]).unwrap()]
}

/// A place of a request that carries a secret.
#[derive(Debug, Clone, Copy)]
enum Place {
    Bearer,
    Basic,
    Header,
    Query,
    Cookie,
}

const PLACES: [Place; 5] = [
    Place::Bearer,
    Place::Basic,
    Place::Header,
    Place::Query,
    Place::Cookie,
];

/// A request with a secret in one place, and one way to write it in other places.
fn request(place: Place, secret: &str, spelled: &str) -> Request<Body> {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut target = format!("/things/{0}?size={0}&x={0}", encoded(spelled));
    if matches!(place, Place::Query) {
        target += &format!("&api%20key={}", encoded(secret));
    }
    let request = Request::get(target).header("prefer", format!("x={}", encoded(spelled)));
    let request = match place {
        Place::Bearer => request.header("authorization", format!("Bearer {secret}")),
        Place::Basic => {
            let pair = STANDARD.encode(format!("ada:{secret}"));
            request.header("authorization", format!("basic {pair}"))
        }
        Place::Header => request.header("x-key", secret),
        Place::Cookie => request.header("cookie", format!("theme=dark; session={secret}")),
        Place::Query => request,
    };
    request.body(Body::empty()).unwrap()
}

/// Ways to write a secret.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::Value::from(secret).to_string();
    let encoded = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let entities = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('\'', "&#39;");
    let codes = secret
        .chars()
        .map(|one| format!("&#x{:x};", u32::from(one)));
    vec![
        secret.to_owned(),
        json[1..json.len() - 1].to_owned(),
        encoded.to_lowercase(),
        utf8_percent_encode(&encoded, NON_ALPHANUMERIC).to_string(),
        encoded,
        entities,
        codes.collect(),
        secret.replace('\'', r"'\''"),
        STANDARD.encode(secret),
        STANDARD.encode(format!("user:{secret}")),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ]
}

/// The log lines of a test's thread.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// All that `router` writes in logs when it is asked, and what it answers at `report` then.
fn written(runtime: &Runtime, router: &Router, asked: Request<Body>, report: &str) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_ansi(false);
    let answer = |request: Request<Body>| {
        runtime.block_on(async {
            let answer = router.clone().oneshot(request).await.unwrap();
            let body = answer.into_body().collect().await.unwrap();
            String::from_utf8(body.to_bytes().to_vec()).unwrap()
        })
    };
    // The answer itself is for the client, and is left out.
    tracing::subscriber::with_default(log.finish(), || answer(asked));
    let report = answer(Request::get(report).body(Body::empty()).unwrap());
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    format!("{log}\n{report}")
}

/// Fails if a text shows a secret in this spelling.
fn check(shown: &str, spelled: &str, place: Place) -> Result<(), TestCaseError> {
    let json = serde_json::Value::from(spelled).to_string();
    for text in [spelled, &json[1..json.len() - 1]] {
        prop_assert!(!shown.contains(text), "{place:?}, {text}: {shown}");
    }
    prop_assert!(shown.contains("***"), "{place:?}: {shown}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_proxy_shows_no_secret_that_its_server_repeats(secret in r"[!#-+\--:<-~]{12,40}") {
        let runtime = Runtime::new().unwrap();
        let spelled = Arc::new(Mutex::new(String::new()));
        let upstream = {
            let spelled = Arc::clone(&spelled);
            Router::new().fallback(move || {
                let text = spelled.lock().unwrap().clone();
                let body = serde_json::json!({ "kind": format!("you are {text}, ok") });
                async move {
                    let answer = Response::builder().header("content-type", "application/json");
                    answer.body(Body::from(body.to_string())).unwrap()
                }
            })
        };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, upstream).await.unwrap() });
        for place in PLACES {
            let proxy = Proxy::new(&documents(), &url).unwrap();
            for text in spellings(&secret) {
                *spelled.lock().unwrap() = text.clone();
                let tally = proxy.tally();
                let asked = request(place, &secret, &text);
                let router = proxy.clone().router();
                let mut shown = written(&runtime, &router, asked, "/__mock/violations");
                shown += &tally.summary();
                check(&shown, &text, place)?;
            }
        }
    }

    #[test]
    fn the_mock_shows_no_secret_of_a_request(secret in r"[!#-+\--:<-~]{12,40}") {
        let runtime = Runtime::new().unwrap();
        let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
        let plan = Plan::of(&documents(), scenario, 1, now).unwrap();
        let mock = Arc::new(Mock::new(plan).unwrap().with_auth(Auth::Any));
        for place in PLACES {
            let clock = Clock::new(Arc::new(move || now));
            let router = Rim::new(Arc::clone(&mock), clock).router();
            for text in spellings(&secret) {
                let asked = request(place, &secret, &text);
                let shown = written(&runtime, &router, asked, "/__mock/requests");
                check(&shown, &text, place)?;
            }
        }
    }
}

#[test]
fn credentials_that_are_too_long_to_search_for_hide_the_whole_line() {
    let runtime = Runtime::new().unwrap();
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let plan = Plan::of(&documents(), scenario, 1, now).unwrap();
    let mock = Arc::new(Mock::new(plan).unwrap().with_auth(Auth::Any));
    for (length, is_shown) in [(4 * 1024, true), (9 * 1024, false)] {
        let clock = Clock::new(Arc::new(move || now));
        let router = Rim::new(Arc::clone(&mock), clock).router();
        let secret = "s3cret".repeat(length / 6);
        let asked = Request::get("/told?kind=one")
            .header("authorization", format!("Bearer {secret}"))
            .body(Body::empty())
            .unwrap();
        let shown = written(&runtime, &router, asked, "/__mock/requests");
        assert!(!shown.contains("s3crets3cret"), "{shown}");
        assert_eq!(shown.contains("/told?kind=one"), is_shown, "{shown}");
        assert_eq!(shown.contains("***"), !is_shown, "{shown}");
    }
}
