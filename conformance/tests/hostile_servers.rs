//! The program against servers that waste its time and its memory: the run ends, with a report.
//!
//! Each server ignores what it is asked. The limits of a run are short, so that a run that obeys them is, too.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

const SUBJECT: &str = "
callers:
  ada: { token: token-of-ada }
timelines:
  wandb-training:
    - { id: 0a000000-0000-4000-8000-000000000021, owner: ada, events: 21 }
";

/// A server on its own socket that converses so on each connection.
fn serve(converse: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let converse = converse.clone();
            thread::spawn(move || converse(stream));
        }
    });
    format!("http://{address}")
}

/// Reads the head of the next request. `false` at the end of the connection.
fn read(stream: &TcpStream) -> bool {
    let lines = BufReader::new(stream).lines();
    lines.map_while(Result::ok).any(|line| line.is_empty())
}

/// Writes `start`, and then `part` until the judge goes away, with these gaps.
fn flood(mut stream: TcpStream, start: &str, part: &str, gap: Duration) {
    read(&stream);
    let mut written = stream.write_all(start.as_bytes());
    while written.is_ok() {
        if !gap.is_zero() {
            thread::park_timeout(gap);
        }
        written = stream.write_all(part.as_bytes());
    }
}

/// Judges a server, and compares the exit code. There is a report of each law.
fn check(name: &str, converse: fn(TcpStream), code: i32) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let (subject, report) = (folder.join(format!("{name}.yaml")), folder.join(name));
    fs::write(&subject, SUBJECT).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_conformance"));
    check
        .args(["check", &serve(converse), "--cases", "2", "--shrinks", "2"])
        .args(["--time-limit", "2s", "--timeout", "500ms"])
        .arg("--subject")
        .arg(subject)
        .arg("--report")
        .arg(format!("json={}", report.display()));
    let output = check.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{name}: {said}");
    let report: serde_json::Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let findings = report["timelines"][0]["findings"].as_array().unwrap();
    assert!(findings.len() > 60, "{name}");
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const NONE: Duration = Duration::ZERO;
const SOME: Duration = Duration::from_millis(5);

#[test]
fn servers_that_do_not_answer() {
    check("silent", |stream| while read(&stream) {}, 3);
    let closes = |stream: TcpStream| {
        read(&stream);
    };
    check("closes", closes, 3);
    check("garbage", |stream| flood(stream, "", "\0\u{1}\n", NONE), 3);
    let old = |mut stream: TcpStream| {
        read(&stream);
        let _ = stream.write_all(b"<p>no status</p>\n");
    };
    check("old", old, 3);
}

#[test]
fn servers_that_drip() {
    check("status", |stream| flood(stream, "", "H", SOME), 3);
    check("header", |stream| flood(stream, OK, "a", SOME), 3);
    let body = |stream| {
        flood(
            stream,
            &format!("{OK}content-length: 999999\r\n\r\n"),
            "1",
            SOME,
        );
    };
    check("body", body, 3);
}

#[test]
fn servers_that_fall_silent_in_a_body() {
    let length = |mut stream: TcpStream| {
        read(&stream);
        let _ = stream.write_all(format!("{OK}content-length: 99\r\n\r\n{{").as_bytes());
        while read(&stream) {}
    };
    check("silent-length", length, 3);
    let chunks = |mut stream: TcpStream| {
        read(&stream);
        let start = format!("{OK}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n");
        let _ = stream.write_all(start.as_bytes());
        while read(&stream) {}
    };
    check("silent-chunks", chunks, 3);
}

#[test]
fn servers_that_flood_heads() {
    check("headers", |stream| flood(stream, OK, "x-a: b\r\n", NONE), 3);
    check(
        "long",
        |stream| flood(stream, OK, "xxxxxxxxxxxxxxxx", NONE),
        3,
    );
    let interim = |stream| {
        flood(
            stream,
            "",
            "HTTP/1.1 103 Early Hints\r\nx-a: b\r\n\r\n",
            NONE,
        );
    };
    check("interim", interim, 3);
}

#[test]
fn servers_whose_bodies_do_not_end() {
    assert_eq!(PART.len(), 64);
    let close = |stream| flood(stream, &format!("{OK}\r\n"), PART, NONE);
    check("endless", close, 3);
    let lies = |stream| {
        flood(
            stream,
            &format!("{OK}content-length: 99999999999\r\n\r\n"),
            PART,
            NONE,
        );
    };
    check("long-length", lies, 3);
    let chunks = |stream| {
        let start = format!("{OK}transfer-encoding: chunked\r\n\r\n");
        flood(stream, &start, &format!("40\r\n{PART}\r\n"), NONE);
    };
    check("chunks", chunks, 3);
    let chunk = |stream| {
        let start = format!("{OK}transfer-encoding: chunked\r\n\r\nffffffffffff\r\n");
        flood(stream, &start, PART, NONE);
    };
    check("chunk", chunk, 3);
    let size = |stream| {
        flood(
            stream,
            &format!("{OK}transfer-encoding: chunked\r\n\r\n"),
            "0",
            NONE,
        );
    };
    check("chunk-size", size, 3);
}

/// 64 bytes of a body.
const PART: &str = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";

#[test]
fn a_server_whose_bodies_are_shorter_than_it_says_breaks_a_law() {
    let short = |mut stream: TcpStream| {
        read(&stream);
        let _ = stream.write_all(format!("{OK}content-length: 9\r\n\r\n{{}}").as_bytes());
    };
    check("short", short, 1);
}

/// A list whose pages lead on by URLs.
const FOLLOWED: &str = "
openapi: 3.1.0
info: { title: Rows, version: 1.0.0 }
paths:
  /rows:
    get:
      security: [{ key: [] }]
      parameters: [{ name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, properties: { rows: { type: array, items: { type: object, properties: { id: { type: string } } } }, next: { type: string } } } } } } }
      x-pagination: { name: rows, style: follow, items: $.rows, key: $.id, request: { limit: { in: query, name: size } }, next: { url: $.next } }
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
";

/// Judges a server whose every answer names URLs of `host`. Returns the targets that it was asked for.
fn led_to(name: &str, host: Option<String>, status: &'static str) -> Vec<String> {
    let (tell, asked) = std::sync::mpsc::channel();
    let url = serve(move |mut stream| {
        let own = stream.local_addr().unwrap().to_string();
        let host = host.clone().unwrap_or(own);
        let line = BufReader::new(&stream).lines().map_while(Result::ok).next();
        let target = line.unwrap_or_default();
        let target = target.split(' ').nth(1).unwrap_or_default().to_owned();
        let (number, next) = if target.contains("from=") {
            (2, String::new())
        } else {
            (1, format!(", \"next\": \"http://{host}/rows?from=1\""))
        };
        let _ = tell.send(target);
        let body = format!("{{\"rows\": [{{\"id\": \"{number}\"}}]{next}}}");
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nlocation: http://{host}/rows?from=1\r\nlink: <http://{host}/rows?from=1>; rel=next\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    });
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("led")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    let (document, subject) = (folder.join("rows.yaml"), folder.join("subject.yaml"));
    fs::write(&document, FOLLOWED).unwrap();
    fs::write(
        &subject,
        "callers: { ada: { token: t0ken-of-ada } }\ntimelines: { rows: [{ owner: ada }] }\n",
    )
    .unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_conformance"));
    check
        .args([
            "check",
            &url,
            "--cases",
            "2",
            "--shrinks",
            "2",
            "--time-limit",
            "5s",
        ])
        .arg("--document")
        .arg(document)
        .arg("--subject")
        .arg(subject);
    let output = check.output().unwrap();
    assert_ne!(output.status.code(), Some(2), "{output:?}");
    asked.try_iter().collect()
}

#[test]
fn no_server_leads_the_judge_to_another_host() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let other = elsewhere.local_addr().unwrap().to_string();
    // On its own host the URL is followed.
    let own = led_to("own", None, "200 OK");
    assert!(
        own.iter().any(|target| target.contains("from=1")),
        "{own:?}"
    );
    for (name, status) in [
        ("page", "200 OK"),
        ("moved", "302 Found"),
        ("again", "307 Again"),
    ] {
        for (spelling, host) in [
            ("plain", other.clone()),
            ("user", format!("127.0.0.1@{other}")),
        ] {
            let asked = led_to(&format!("{name}-{spelling}"), Some(host), status);
            assert!(!asked.is_empty(), "{name} {spelling}");
        }
    }
    assert!(elsewhere.accept().is_err(), "the other host was asked");
}
