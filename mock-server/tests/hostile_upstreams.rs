//! The proxy in front of servers that waste time and memory, or lie about lengths: a client gets what was sent or an
//! error, and one answer stays one answer.

mod upstreams;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use mock_server::Proxy;
use openapi::Document;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use upstreams::{client, plain_server, server, through_a_socket, through_a_socket_of};

const TIMELINE: &str = "/v1/jobs/01JADA00000000000000000020/events";

/// A request after whose answer the proxy closes.
fn request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

fn answer(upstream: SocketAddr) -> (String, Proxy) {
    let (answer, proxy) = through_a_socket(upstream, &request(TIMELINE));
    (String::from_utf8_lossy(&answer).into_owned(), proxy)
}

/// A server that writes `start`, then `part` until the proxy goes away, and tells of that.
fn flood(start: &'static str, part: &'static [u8]) -> (SocketAddr, mpsc::Receiver<String>) {
    server(move |socket| {
        let mut written = socket.write_all(start.as_bytes());
        while written.is_ok() {
            written = socket.write_all(part);
        }
    })
}

#[test]
fn an_endless_head_is_a_502() {
    for (start, part) in [
        ("", &b"H"[..]),
        ("HTTP/1.1 200 ", b"OK"),
        ("HTTP/1.1 200 OK\r\nx-a: ", b"aaaaaaaaaaaaaaaa"),
        ("HTTP/1.1 200 OK\r\n", b"x-a: b\r\n"),
        ("", b"\0\x01\n"),
    ] {
        let (upstream, gone) = flood(start, part);
        let (answer, proxy) = answer(upstream);
        assert!(answer.starts_with("HTTP/1.1 502 "), "{start}: {answer}");
        assert!(proxy.tally().summary().contains("1 without an answer"));
        // The proxy does not read on.
        gone.recv().unwrap();
    }
}

#[test]
fn a_client_that_goes_away_ends_an_endless_answer() {
    let chunk = b"5\r\nhello\r\n";
    let (start, part) = (
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        &chunk[..],
    );
    let (upstream, gone) = flood(start, part);
    let (mut socket, _proxy, _runtime) = client(upstream, &request(TIMELINE), |proxy| proxy);
    let mut some = vec![0; 1 << 20];
    socket.read_exact(&mut some).unwrap();
    drop(socket);
    gone.recv().unwrap();
}

#[test]
fn a_server_that_never_begins_an_answer_is_a_502() {
    for part in [&b""[..], b"HTTP/1.1 103 Early Hints\r\nx-a: b\r\n\r\n"] {
        let (upstream, gone) = server(move |socket| {
            let mut written = Ok(());
            while written.is_ok() && !part.is_empty() {
                written = socket.write_all(part);
            }
        });
        let documents = Document::bundled().unwrap();
        let proxy = Proxy::new(&documents, &format!("http://{upstream}")).unwrap();
        let proxy = proxy.waiting(Duration::from_millis(100));
        let asked = Request::get(TIMELINE).body(Body::empty()).unwrap();
        let answer = Runtime::new().unwrap().block_on(async {
            let answer = proxy.clone().router().oneshot(asked).await.unwrap();
            let status = answer.status();
            (
                status,
                answer.into_body().collect().await.unwrap().to_bytes(),
            )
        });
        let text = String::from_utf8(answer.1.to_vec()).unwrap();
        assert_eq!(answer.0, 502, "{text}");
        assert!(text.contains("did not begin within 100ms"), "{text}");
        // The proxy has closed the connection.
        gone.recv().unwrap();
    }
}

#[test]
fn a_server_that_falls_silent_in_a_body_breaks_off_for_the_client_too() {
    for (target, expect) in [
        (
            TIMELINE,
            "1 not checked to the end: the body broke off: nothing came for 100ms",
        ),
        ("/nowhere", "1 for no operation of the documents"),
    ] {
        for framing in [
            "content-length: 99",
            "transfer-encoding: chunked",
            "connection: close",
        ] {
            let text = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{framing}\r\n\r\n2\r\n{{}}\r\n"
            );
            let (upstream, gone) = server(move |socket| {
                let _ = socket.write_all(text.as_bytes());
                // The connection stays open until the proxy closes it.
            });
            let waits = |proxy: Proxy| proxy.waiting(Duration::from_millis(100));
            let (answer, proxy) = through_a_socket_of(upstream, &request(target), waits);
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
            assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
            let summary = proxy.tally().summary();
            assert!(summary.contains(expect), "{framing}: {summary}");
            gone.recv().unwrap();
        }
    }
}

#[test]
fn an_answer_that_lies_about_its_length_is_no_second_answer() {
    let inner = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ninner";
    // What follows the end is no answer to the next request on that connection.
    let (upstream, _) = plain_server(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\ninner",
    );
    let next = "/v1/jobs/01JADA00000000000000000021/events";
    let both = format!(
        "GET {TIMELINE} HTTP/1.1\r\nHost: localhost\r\n\r\n{}",
        request(next)
    );
    let (answer, _) = through_a_socket(upstream, &both);
    let answer = String::from_utf8(answer).unwrap();
    assert!(!answer.contains("inner"), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    // Two lengths, or a length that is none.
    for lengths in [
        "content-length: 2\r\ncontent-length: 43",
        "content-length: 2, 43",
        "content-length: -2",
        "content-length: 99999999999999999999999",
    ] {
        let text = format!("HTTP/1.1 200 OK\r\n{lengths}\r\n\r\n{{}}{inner}");
        let (upstream, _) = server(move |socket| {
            let _ = socket.write_all(text.as_bytes());
            let _ = socket.shutdown(std::net::Shutdown::Write);
        });
        let (answer, _) = through_a_socket(upstream, &request(TIMELINE));
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 502 "), "{lengths}: {answer}");
    }
}

#[test]
fn an_answer_that_is_too_short_breaks_off_for_the_client_too() {
    for framing in ["content-length: 99", "transfer-encoding: chunked"] {
        let text = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{framing}\r\n\r\n2\r\n{{}}\r\n"
        );
        let (upstream, _) = server(move |socket| {
            let _ = socket.write_all(text.as_bytes());
            let _ = socket.shutdown(std::net::Shutdown::Write);
        });
        let (answer, proxy) = answer(upstream);
        assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
        let summary = proxy.tally().summary();
        assert!(
            summary.contains("1 not checked to the end: the body broke off"),
            "{summary}"
        );
    }
}

#[test]
fn a_compressed_body_is_passed_on_as_it_is_and_never_unpacked() {
    // A gzip stream of zeros, of which each byte stands for a thousand.
    let body = [
        &b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xec\xc1"[..],
        &vec![0; 200_000],
    ]
    .concat();
    let sent = body.clone();
    let (upstream, _) = server(move |socket| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            sent.len()
        );
        let _ = socket.write_all(head.as_bytes());
        let _ = socket.write_all(&sent);
    });
    let (answer, proxy) = through_a_socket(upstream, &request(TIMELINE));
    assert!(answer.ends_with(&body));
    let summary = proxy.tally().summary();
    assert!(
        summary.contains("1 not checked to the end: the body is encoded: gzip"),
        "{summary}"
    );
}

#[test]
fn no_answer_leads_the_proxy_to_another_host() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let other = elsewhere.local_addr().unwrap();
    for status in ["301 Moved", "307 Again", "201 Created", "200 OK"] {
        let text = format!(
            "HTTP/1.1 {status}\r\nlocation: http://{other}/a\r\nlink: <http://{other}/b>; rel=next\r\nrefresh: 0; url=http://{other}/c\r\nalt-svc: http/1.1=\"{other}\"\r\ncontent-length: 0\r\n\r\n"
        );
        let (upstream, _) = server(move |socket| {
            let _ = socket.write_all(text.as_bytes());
        });
        // The request names the other host, too.
        for target in [TIMELINE.to_owned(), format!("http://{other}{TIMELINE}")] {
            let (answer, _) = through_a_socket(upstream, &request(&target));
            let answer = String::from_utf8(answer).unwrap();
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{answer}"
            );
        }
    }
    let came: Result<(TcpStream, SocketAddr), _> = elsewhere.accept();
    assert!(came.is_err(), "the other host was asked");
}
