//! Credentials of every kind let a caller in, and clients of OAuth 2 get a token.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Method, Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Answer, Auth, Mock, Plan, answer};
use openapi::{Document, Names, Source};
use serde_json::Value;

const VAULT: &str = "
openapi: 3.1.0
info: { title: Vault, version: '1' }
paths:
  /bearer: { get: { security: [{ bearer: [] }], responses: { 204: { description: '' } } } }
  /basic: { get: { security: [{ basic: [] }], responses: { 204: { description: '' } } } }
  /both: { get: { security: [{ key: [], cookie: [] }], responses: { 204: { description: '' } } } }
  /either: { get: { security: [{ key: [] }, { bearer: [] }], responses: { 204: { description: '' } } } }
  /optional: { get: { security: [{ bearer: [] }, {}], responses: { 204: { description: '' } } } }
  /certificate: { get: { security: [{ certificate: [] }], responses: { 204: { description: '' } } } }
  /login: { get: { security: [{ login: [] }], responses: { 204: { description: '' } } } }
components:
  securitySchemes:
    bearer: { type: http, scheme: bearer }
    basic: { type: http, scheme: basic }
    key: { type: apiKey, in: query, name: key }
    cookie: { type: apiKey, in: cookie, name: session }
    certificate: { type: mutualTLS }
    login: { type: oauth2, flows: { authorizationCode: { tokenUrl: 'https://login.example.com/oauth/token', authorizationUrl: 'https://login.example.com/oauth/authorize', scopes: {} } } }
";

const TOKEN: &str = "token-of-ada";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock() -> Mock {
    let document = Document::read(Source::new("vault.yaml", VAULT), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap();
    let scenario = scenario.limited_to(&Names::of(&document.contracts().unwrap()));
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn ask(mock: &Mock, target: &str, headers: &[(&str, &str)]) -> StatusCode {
    let mut request = Request::builder().uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(mock, &request.body(Bytes::new()).unwrap(), now()).status
}

/// A request and whether it is let in: by a token of the scenario, and by any credentials.
fn check(target: &str, headers: &[(&str, &str)], by_token: bool, by_any: bool) {
    let status = |is_in| {
        if is_in {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::UNAUTHORIZED
        }
    };
    let sent = format!("{target} {headers:?}");
    assert_eq!(ask(&mock(), target, headers), status(by_token), "{sent}");
    let any = mock().with_auth(Auth::Any);
    assert_eq!(ask(&any, target, headers), status(by_any), "any: {sent}");
    let off = mock().with_auth(Auth::Off);
    assert_eq!(ask(&off, target, headers), status(true), "off: {sent}");
}

#[test]
fn all_schemes_of_one_alternative_are_needed() {
    let bearer = ("authorization", "Bearer token-of-ada");
    check("/bearer", &[bearer], true, true);
    check("/bearer", &[("authorization", "Bearer other")], false, true);
    check("/bearer", &[("authorization", "Basic other")], false, false);
    check("/bearer", &[], false, false);
    check(
        "/both?key=token-of-ada",
        &[("cookie", "session=token-of-ada")],
        true,
        true,
    );
    check("/both?key=token-of-ada", &[], false, false);
    check("/both?key=x", &[("cookie", "session=y")], false, true);
    check(
        "/both?key=token-of-ada",
        &[("cookie", "session=y")],
        false,
        true,
    );
    check("/both?key=", &[("cookie", "session=y")], false, false);
    check("/either", &[bearer], true, true);
    check("/either?key=token-of-ada", &[], true, true);
    check("/optional", &[], true, true);
    check("/certificate", &[], true, true);
}

#[test]
fn basic_takes_a_name_and_a_token() {
    let basic = |text: &str, is_in| check("/basic", &[("authorization", text)], is_in, true);
    basic("Basic token-of-ada", true);
    // ada:token-of-ada
    basic("Basic YWRhOnRva2VuLW9mLWFkYQ==", true);
    // token-of-ada:
    basic("Basic dG9rZW4tb2YtYWRhOg==", true);
    // :token-of-ada
    basic("Basic OnRva2VuLW9mLWFkYQ==", true);
    // bob:token-of-ada
    basic("Basic Ym9iOnRva2VuLW9mLWFkYQ==", false);
}

fn post(mock: &Mock, form: &str) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/oauth/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let request = request.body(Bytes::from(form.to_owned())).unwrap();
    let answer: Answer = answer(mock, &request, now());
    assert_eq!(answer.headers["cache-control"], "no-store");
    let status = answer.status;
    (
        status,
        serde_json::from_slice(&answer.into_bytes()).unwrap(),
    )
}

#[test]
fn a_client_gets_a_token_that_works() {
    let mock = mock();
    for form in [
        "grant_type=client_credentials&scope=a+b",
        "grant_type=password&username=ada&password=x",
        "grant_type=authorization_code&code=code-of-ada&code_verifier=x",
        "grant_type=refresh_token&refresh_token=refresh-of-ada",
    ] {
        let (status, body) = post(&mock, form);
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["access_token"], TOKEN, "{form}");
        let bearer = format!("Bearer {TOKEN}");
        let status = ask(&mock, "/login", &[("authorization", &bearer)]);
        assert_eq!(status, StatusCode::NO_CONTENT);
    }
    let (_, body) = post(
        &mock,
        "grant_type=client_credentials&client_id=grace&scope=a+b",
    );
    assert_eq!(body["access_token"], "token-of-grace");
    assert_eq!(body["scope"], "a b");
}

#[test]
fn a_wrong_request_for_a_token_gets_an_error_of_oauth() {
    let mock = mock();
    for (form, error) in [
        ("", "invalid_request"),
        ("grant_type=password", "invalid_request"),
        ("grant_type=authorization_code", "invalid_request"),
        ("grant_type=magic", "unsupported_grant_type"),
    ] {
        let (status, body) = post(&mock, form);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{form}");
        assert_eq!(body["error"], error, "{form}");
    }
    assert_eq!(
        ask(&mock, "/oauth/token", &[]),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[test]
fn a_browser_is_sent_back_with_a_code_and_its_state() {
    let mock = mock();
    let location = |query: &str| {
        let request = Request::builder().uri(format!("/oauth/authorize?{query}"));
        let answer = answer(&mock, &request.body(Bytes::new()).unwrap(), now());
        let location = answer.headers.get("location");
        let location = location.map(|location| location.to_str().unwrap().to_owned());
        (answer.status, location)
    };
    let back = "redirect_uri=http%3A%2F%2Flocalhost%2Fback";
    assert_eq!(
        location(&format!(
            "response_type=code&{back}&state=s%26t&client_id=grace"
        )),
        (
            StatusCode::FOUND,
            Some("http://localhost/back?code=code%2Dof%2Dgrace&state=s%26t".to_owned())
        )
    );
    let (_, token) = location(&format!("response_type=token&{back}"));
    let expect =
        "http://localhost/back#access_token=token%2Dof%2Dada&token_type=Bearer&expires_in=3600";
    assert_eq!(token.as_deref(), Some(expect));
    assert_eq!(location("state=1"), (StatusCode::BAD_REQUEST, None));
    let broken = location("redirect_uri=http%3A%2F%2Flocalhost%0D%0Ax");
    assert_eq!(broken, (StatusCode::BAD_REQUEST, None));
}

#[test]
fn an_openid_discovery_names_endpoints_that_work() {
    const BASE: &str = "http://127.0.0.1:4010";
    let text = "openapi: 3.1.0
components: { securitySchemes: { open: { type: openIdConnect, openIdConnectUrl: 'https://login.example.com/realm/.well-known/openid-configuration' } } }
paths: { /a: { get: { security: [{ open: [] }], responses: { 204: {} } } } }
";
    let document = Document::read(Source::new("open.yaml", text), &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let plan = Plan::of(&[document], scenario, 1, now()).unwrap();
    let mock = Mock::new(plan).unwrap().at_base(BASE);
    let asked = |method: Method, target: &str, form: &str| {
        let request = Request::builder().method(method).uri(target);
        let request = request.body(Bytes::from(form.to_owned())).unwrap();
        let answer: Answer = answer(&mock, &request, now());
        assert_eq!(answer.status, StatusCode::OK, "{target}");
        let body: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
        body
    };
    let found = asked(Method::GET, "/realm/.well-known/openid-configuration", "");
    assert_eq!(found["issuer"], format!("{BASE}/realm"));
    let path = |name: &str| {
        let url = found[name].as_str().unwrap();
        url.strip_prefix(BASE).unwrap().to_owned()
    };
    let form = "grant_type=client_credentials&client_id=ada";
    let token = asked(Method::POST, &path("token_endpoint"), form);
    assert_eq!(token["access_token"], TOKEN);
    let keys = asked(Method::GET, &path("jwks_uri"), "");
    assert_eq!(keys["keys"], serde_json::json!([]));
    let target = format!("{}?redirect_uri=http://a/b", path("authorization_endpoint"));
    let request = Request::get(target).body(Bytes::new()).unwrap();
    assert_eq!(answer(&mock, &request, now()).status, StatusCode::FOUND);
}
