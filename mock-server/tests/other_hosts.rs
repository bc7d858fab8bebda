//! URLs in documents and in requests lead the mock to no other host: it sends no webhooks and no callbacks.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Mock, Plan, Web, router};
use openapi::{Names, OpenOptions};
use tower::ServiceExt as _;

/// A document with a URL of `OTHER` in each place that may hold one.
const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Hooks, version: '1', termsOfService: 'http://OTHER/terms' }
externalDocs: { url: 'http://OTHER/docs' }
servers: [{ url: 'http://OTHER/v1' }]
paths:
  /hooks:
    get:
      parameters: [{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [data], properties: { data: { type: array, items: { $ref: '#/components/schemas/Hook' } }, has_more: { type: boolean } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Hook' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Hook' }, example: { id: a, url: 'http://OTHER/example' } } }, links: { next: { operationRef: 'http://OTHER/other.yaml#/paths/~1a/get', server: { url: 'http://OTHER/link' } } } } }
      callbacks:
        made:
          '{$request.body#/url}':
            post: { requestBody: { content: { application/json: { schema: { type: object } } } }, responses: { 200: { description: '' } } }
        fixed:
          'http://OTHER/callback':
            post: { responses: { 200: { description: '' } } }
  /hooks/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Hook' } } } }, 302: { description: '', headers: { location: { schema: { const: 'http://OTHER/moved' } } } }, 404: { description: '' } } }
    put: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Hook' } } } }, responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Hook' } } } } } }
    delete: { responses: { 204: { description: '' } } }
  /remote:
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: 'http://OTHER/schemas.yaml#/Remote' } } } } } }
webhooks:
  made:
    post: { servers: [{ url: 'http://OTHER/webhook' }], requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Hook' } } } }, responses: { 200: { description: '' } } }
components:
  schemas:
    Hook: { type: object, required: [id, url], properties: { id: { type: string }, url: { type: string, format: uri, default: 'http://OTHER/default' } } }
  securitySchemes:
    flow: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'http://OTHER/token', scopes: {} } } }
    open: { type: openIdConnect, openIdConnectUrl: 'http://OTHER/openid' }
";

#[test]
fn no_url_of_a_document_or_a_request_is_called() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let other = elsewhere.local_addr().unwrap().to_string();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-hosts.yaml");
    std::fs::write(&path, DOCUMENT.replace("OTHER", &other)).unwrap();
    // A loader is there, but parts on other servers were not allowed.
    let documents = OpenOptions::new().loader(&Web).open(&[&path], &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let plan = Plan::of(&documents, scenario, 1, Timestamp::now()).unwrap();
    let router = router(Arc::new(Mock::new(plan).unwrap()), Arc::new(Timestamp::now));
    let hook = format!("{{\"id\": \"a\", \"url\": \"http://{other}/hook\"}}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (method, target, prefer) in [
        ("POST", "/v1/hooks", ""),
        ("GET", "/v1/hooks?limit=2", ""),
        ("GET", "/v1/hooks/a", ""),
        ("GET", "/v1/hooks/a", "code=302"),
        ("PUT", "/v1/hooks/a", ""),
        ("DELETE", "/v1/hooks/a", ""),
        ("GET", "/v1/remote", ""),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", &other)
            .header("origin", format!("http://{other}"))
            .header("referer", format!("http://{other}/"))
            .header("forwarded", format!("host={other}"))
            .header("content-type", "application/json")
            .header("prefer", prefer);
        let request = request.body(Body::from(hook.clone())).unwrap();
        let answer = runtime.block_on(router.clone().oneshot(request)).unwrap();
        assert_ne!(answer.status(), 404, "{method} {target}");
    }
    let came = elsewhere.accept().unwrap_err();
    assert_eq!(
        came.kind(),
        ErrorKind::WouldBlock,
        "the other host was asked"
    );
}
