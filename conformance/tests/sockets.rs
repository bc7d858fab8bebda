//! The program against servers that stop, start late, or ask to repeat requests, over real sockets.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use bytes::Bytes;
use jiff::Timestamp;
use mock_server::Mock;

const SUBJECT: &str = "
callers:
  ada: { token: token-of-ada }
  grace: { token: token-of-grace }
timelines:
  wandb-training:
    - { id: 0a000000-0000-4000-8000-000000000000, owner: ada, events: 0 }
    - { id: 0a000000-0000-4000-8000-000000000021, owner: ada, events: 21 }
    - { id: 0b000000-0000-4000-8000-000000000005, owner: grace, events: 5 }
";

/// The treatment of a request, by the number of requests before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is answered.
    Answered,
    /// It is answered, and the connection is closed without a header that says so.
    Last,
    /// The connection is closed without an answer.
    Dropped,
    /// It is read, and never answered; the connection stays open.
    Ignored,
    /// It is answered with 429, and may be repeated at once.
    Busy,
    /// It is answered with 429, without `Retry-After`.
    Bare,
    /// The server has stopped. Neither this request nor any other is answered.
    End,
}

/// The mock with its own socket. `fate` decides the treatment of requests.
fn serve(fate: fn(u64) -> Fate) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mock = Arc::new(Mock::bundled(1, Timestamp::now()).unwrap());
    let asked = Arc::new(AtomicU64::new(0));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if fate(asked.load(Ordering::SeqCst)) == Fate::End {
                return;
            }
            let (mock, asked) = (Arc::clone(&mock), Arc::clone(&asked));
            thread::spawn(move || converse(stream, &mock, &asked, fate, address));
        }
    });
    address
}

/// Answers the requests of one connection.
fn converse(
    mut stream: TcpStream,
    mock: &Mock,
    asked: &AtomicU64,
    fate: fn(u64) -> Fate,
    address: SocketAddr,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = read(&mut reader) {
        let fate = fate(asked.fetch_add(1, Ordering::SeqCst));
        let reply = match fate {
            Fate::Answered | Fate::Last => written(mock, &request),
            Fate::Busy => {
                "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"
                    .into()
            }
            Fate::Bare => "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n".into(),
            Fate::Dropped => return,
            Fate::Ignored => continue,
            Fate::End => {
                // Wakes the thread that waits for the next connection, so that it ends.
                drop(TcpStream::connect(address));
                return;
            }
        };
        // What asks for it to be closed is kept open, as some servers do.
        if stream.write_all(&reply).is_err() || fate == Fate::Last {
            return;
        }
    }
}

/// The next request of a connection; `None` at its end.
fn read(reader: &mut BufReader<TcpStream>) -> Option<http::Request<Bytes>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 256];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).ok()?;
    let mut request = http::Request::builder()
        .method(parsed.method?)
        .uri(parsed.path?);
    let mut length = 0;
    for header in &*parsed.headers {
        request = request.header(header.name, header.value);
        if header.name.eq_ignore_ascii_case("content-length") {
            length = std::str::from_utf8(header.value).ok()?.parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    // Answers an invalid request as a request without a path.
    let nothing = || http::Request::new(Bytes::new());
    Some(request.body(body.into()).unwrap_or_else(|_| nothing()))
}

fn written(mock: &Mock, request: &http::Request<Bytes>) -> Vec<u8> {
    let answer = mock_server::answer(mock, request, Timestamp::now());
    let mut text = format!("HTTP/1.1 {}\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let head = request.method() == http::Method::HEAD;
    let body = answer.into_bytes();
    if !text.contains("content-length") {
        text += &format!("content-length: {}\r\n", body.len());
    }
    let body = if head { &[][..] } else { &body[..] };
    [text.as_bytes(), b"\r\n", body].concat()
}

/// `conformance check` of the server at this address, and its report.
fn check(name: &str, address: SocketAddr, arguments: &[&str]) -> (Output, serde_json::Value) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sockets");
    fs::create_dir_all(&folder).unwrap();
    let (subject, report) = (folder.join(format!("{name}.yaml")), folder.join(name));
    fs::write(&subject, SUBJECT).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_conformance"));
    check
        .args(["check", &format!("http://{address}"), "--cases", "4"])
        .arg("--subject")
        .arg(subject)
        .arg("--report")
        .arg(format!("json={}", report.display()))
        .args(arguments);
    let output = check.output().unwrap();
    let report = fs::read(report).unwrap();
    (output, serde_json::from_slice(&report).unwrap())
}

fn count(report: &serde_json::Value, verdict: &str) -> usize {
    let timelines = report["timelines"].as_array().unwrap().iter();
    let findings = timelines.flat_map(|one| one["findings"].as_array().unwrap());
    findings.filter(|one| one["verdict"] == verdict).count()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

#[test]
fn a_server_killed_in_the_middle_of_a_run_leaves_a_report_of_what_was_judged() {
    let address = serve(|turn| {
        if turn < 150 {
            Fate::Answered
        } else {
            Fate::End
        }
    });
    let (output, report) = check("killed", address, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(count(&report, "upheld") > 5, "{report:#}");
    assert!(count(&report, "unreachable") > 5, "{report:#}");
    assert_eq!(count(&report, "broken"), 0, "{report:#}");
}

#[test]
fn a_run_without_a_server_ends_at_once_and_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    // The port of a client is in use, so no other program can begin to listen there.
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let address = client.local_addr().unwrap();
    let (output, report) = check("no-server", address, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains("onnection refused"),
        "{}",
        said(&output)
    );
    assert_eq!(count(&report, "upheld"), 0, "{report:#}");
}

#[test]
fn a_server_that_stops_answering_does_not_delay_the_run() {
    let address = serve(|turn| {
        if turn < 150 {
            Fate::Answered
        } else {
            Fate::Ignored
        }
    });
    let (output, report) = check("silent", address, &["--timeout", "500ms"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(count(&report, "upheld") > 5, "{report:#}");
    assert!(count(&report, "unreachable") > 5, "{report:#}");
    assert_eq!(count(&report, "broken"), 0, "{report:#}");
}

#[test]
fn a_run_waits_for_a_server_that_is_still_starting() {
    let address = serve(|turn| {
        if turn < 6 {
            Fate::Dropped
        } else {
            Fate::Answered
        }
    });
    let (output, _) = check("starting", address, &["--wait", "60s"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_request_is_repeated_after_a_429() {
    let address = serve(|turn| {
        if turn % 50 == 7 {
            Fate::Busy
        } else {
            Fate::Answered
        }
    });
    let (output, report) = check("busy", address, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let said = said(&output);
    assert!(said.contains("times status 429"), "{said}");
    assert!(said.contains("(--rate N asks more slowly)"), "{said}");
    let moments = &report["timelines"][0]["moments"];
    assert!(moments["statuses"]["429"].as_u64() > Some(1), "{moments}");
}

#[test]
fn a_request_is_repeated_after_a_429_that_names_no_time() {
    let address = serve(|turn| match turn % 50 {
        7 => Fate::Bare,
        _ => Fate::Answered,
    });
    let (output, _) = check("bare", address, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_server_that_keeps_no_connection_is_judged_as_any_other() {
    let address = serve(|_| Fate::Last);
    let (output, _) = check("once", address, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_request_is_repeated_after_a_closed_connection() {
    let address = serve(|turn| match turn % 20 {
        7 => Fate::Last,
        13 => Fate::Dropped,
        _ => Fate::Answered,
    });
    let (output, _) = check("closing", address, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}
