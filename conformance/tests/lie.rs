//! `conformance lie` as a program, in front of servers whose operations have a base path.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Mock, Plan, router};
use openapi::{Document, Names};

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Boards, version: '1' }
servers: [{ url: 'https://api.example.com/v1' }, { url: 'https://api.example.com/v2' }]
paths:
  /boards:
    get:
      parameters: [{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [data, has_more], properties: { data: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, has_more: { type: boolean } } } } } }, 422: { description: '' } }
      x-pagination: { name: boards, style: cursor, items: $.data, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.data[-1:].id', more: $.has_more } }
";

fn document() -> PathBuf {
    static WRITTEN: AtomicUsize = AtomicUsize::new(0);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("boards.yaml");
    // Another test may read the file meanwhile, so it is replaced whole.
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let own = path.with_extension(format!("{}-{number}", std::process::id()));
    std::fs::write(&own, DOCUMENT).unwrap();
    std::fs::rename(&own, &path).unwrap();
    path
}

/// The URL of an honest mock. Its operations stand below `/v1`, or below nothing.
fn honest() -> String {
    let document = Document::open(&[document()], &[]).unwrap();
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of([]));
    let plan = Plan::of(&document, scenario, 1, Timestamp::now()).unwrap();
    let mock = Arc::new(Mock::new(plan).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let router = router(mock, Arc::new(Timestamp::now));
            axum::serve(listener, router).await.unwrap();
        });
    });
    url
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_conformance"))
}

/// A liar on a free port, ended with its test.
struct Lying {
    child: Child,
    url: String,
}

impl Lying {
    fn start(upstream: &str, more: &[&str]) -> Self {
        let mut child = program()
            .args(["lie", "cursor-is-exclusive", "--upstream", upstream])
            .args(["--listen", "127.0.0.1:0", "--document"])
            .arg(document())
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.by_ref().find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("listening on ").map(str::to_owned)
        });
        Self {
            child,
            url: url.unwrap(),
        }
    }
}

impl Drop for Lying {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the judge ends, and what it says.
fn judged(url: &str, more: &[&str]) -> (Option<i32>, String) {
    judged_by("cursor-is-exclusive", url, more)
}

fn judged_by(law: &str, url: &str, more: &[&str]) -> (Option<i32>, String) {
    let mut check = program();
    check
        .args(["check", url, "--strict", "--law", law, "--document"])
        .arg(document())
        .args(more);
    let output = check.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn a_liar_lies_below_the_base_path_and_without_it() {
    let honest = honest();
    let (code, said) = judged(&honest, &[]);
    assert_eq!(code, Some(0), "{said}");
    let liar = Lying::start(&honest, &[]);
    for more in [&[][..], &["--base-path", "/"]] {
        let (code, said) = judged(&liar.url, more);
        assert_eq!(code, Some(1), "{more:?}: {said}");
    }
}

#[test]
fn a_liar_about_one_law_answers_head_as_the_honest_server_does() {
    let honest = honest();
    let liar = Lying::start(&honest, &[]);
    for url in [&honest, &liar.url] {
        let (code, said) = judged_by("head-mirrors-get", url, &[]);
        assert_eq!(code, Some(0), "{url}: {said}");
    }
}

/// The URL of a server that answers each request with its head and its body.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut socket in listener.incoming().map_while(Result::ok) {
            let mut asked = Vec::new();
            let mut part = [0; 1024];
            while !asked.ends_with(b"the end") {
                match socket.read(&mut part) {
                    Ok(read) if read > 0 => asked.extend_from_slice(&part[..read]),
                    _ => break,
                }
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", asked.len());
            let answer = [head.as_bytes(), b"Connection: close\r\n\r\n", &asked].concat();
            let _ = socket.write_all(&answer);
        }
    });
    url
}

fn sent(liar: &Lying, target: &str) -> String {
    let address = liar.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    let request = format!(
        "POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nConnection: close\r\n\r\nfrom the end"
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn requests_are_passed_on_with_their_bodies_to_where_they_are_for() {
    let upstream = echo();
    let first = Lying::start(&upstream, &[]);
    let second = Lying::start(&upstream, &["--server", "2"]);
    let plain = Lying::start(&upstream, &["--base-path", "/"]);
    for (liar, target, expect) in [
        (&first, "/v1/boards", "POST /v1/boards "),
        (&first, "/boards", "POST /v1/boards "),
        (&first, "/__mock/reads", "POST /__mock/reads "),
        (&second, "/v2/boards", "POST /v2/boards "),
        (&plain, "/boards", "POST /boards "),
    ] {
        let answer = sent(liar, target);
        assert!(answer.contains(expect), "{target}: {answer}");
        assert!(answer.contains("from the end"), "{target}: {answer}");
    }
}

#[test]
fn a_server_that_the_document_does_not_have_is_told() {
    for command in ["lie", "check"] {
        let mut wrong = program();
        match command {
            "lie" => wrong.args(["lie", "cursor-is-exclusive", "--upstream", "http://a"]),
            _ => wrong.args(["check", "http://a"]),
        };
        wrong.arg("--document").arg(document());
        let output = wrong.args(["--server", "3"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("server"), "{said}");
    }
}

/// A connection to a liar on which these bytes were sent.
fn connected(liar: &Lying, bytes: &[u8]) -> TcpStream {
    let address = liar.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    // The liar may answer, and close, before it has read everything.
    let _ = socket.write_all(bytes);
    socket
}

/// What comes until the liar ends the connection.
fn rest(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that is reset has ended, too.
    let _ = socket.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

const HEAD: &str = "POST /v1/boards HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

#[test]
fn a_slow_client_holds_no_connection_of_a_liar() {
    let liar = Lying::start(&echo(), &["--head-timeout", "50ms"]);
    rest(connected(&liar, HEAD.as_bytes()));
    rest(connected(&liar, b""));
    let liar = Lying::start(&echo(), &["--body-timeout", "50ms"]);
    for body in [
        "Content-Length: 20\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{",
    ] {
        let answer = rest(connected(&liar, format!("{HEAD}{body}").as_bytes()));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    // A whole request is passed on.
    assert!(sent(&liar, "/v1/boards").contains("from the end"));
}

#[test]
fn a_liar_reads_no_body_that_is_too_long() {
    const TOO_LONG: usize = (16 << 20) + 1;
    let liar = Lying::start(&echo(), &[]);
    let announced = format!("{HEAD}Content-Length: {TOO_LONG}\r\n\r\n");
    let answer = rest(connected(&liar, announced.as_bytes()));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    // The client goes on to send until the liar closes, so it may not see the answer.
    let chunk = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{TOO_LONG:x}\r\n");
    let socket = connected(&liar, &[chunk.as_bytes(), &vec![b'a'; TOO_LONG]].concat());
    let answer = rest(socket);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413 "),
        "{answer}"
    );
    assert!(sent(&liar, "/v1/boards").contains("from the end"));
}

#[test]
fn a_connection_beyond_the_limit_of_a_liar_waits_for_another_to_end() {
    let liar = Lying::start(&echo(), &["--max-connections", "1"]);
    let first = connected(&liar, HEAD.as_bytes());
    let mut second = connected(
        &liar,
        format!("{HEAD}Content-Length: 7\r\n\r\nthe end").as_bytes(),
    );
    second
        .set_read_timeout(Some(Duration::from_millis(50)))
        .unwrap();
    assert!(second.read(&mut [0]).is_err(), "it has been answered");
    second.set_read_timeout(None).unwrap();
    drop(first);
    assert!(rest(second).starts_with("HTTP/1.1 200 "));
}
