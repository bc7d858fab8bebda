//! Requests that break the rules of HTTP, or stretch them, as bytes, and the answer that each must get.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Bytes that a client sends on a new connection, and what must come.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    bytes: Vec<u8>,
    /// Whether the client closes its side behind the bytes.
    closes: bool,
    /// The status, or none if the connection ends without an answer.
    wanted: Option<u16>,
}

/// A request for the mock's time up to its headers, with a host, and with a body.
const LINE: &str = "GET /__mock/time HTTP/1.1\r\n";
const HEAD: &str = "GET /__mock/time HTTP/1.1\r\nHost: localhost\r\n";
const WITH_BODY: &str = "PUT /__mock/time HTTP/1.1\r\nHost: localhost\r\n";

/// Whole requests.
const WHOLE: &[(&str, &str, u16)] = &[
    (
        "in order",
        "GET /__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n",
        200,
    ),
    (
        "an empty line before it",
        "\r\nGET /__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n",
        200,
    ),
    (
        "line ends without CR",
        "GET /__mock/time HTTP/1.1\nHost: localhost\n\n",
        200,
    ),
    (
        "HTTP/1.0 without a host",
        "GET /__mock/time HTTP/1.0\r\n\r\n",
        200,
    ),
    (
        "a URL of another site",
        "GET http://example.com/__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n",
        403,
    ),
    (
        "a URL of this host, with another one",
        "GET http://localhost/__mock/time HTTP/1.1\r\nHost: a.com\r\n\r\n",
        200,
    ),
    (
        "OPTIONS for the server",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        204,
    ),
    (
        "a tunnel",
        "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n",
        405,
    ),
    (
        "TRACE",
        "TRACE /__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n",
        405,
    ),
    (
        "a method in small letters",
        "get /__mock/time HTTP/1.1\r\nHost: localhost\r\n\r\n",
        405,
    ),
    (
        "another version",
        "GET / HTTP/3.7\r\nHost: localhost\r\n\r\n",
        400,
    ),
    ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", 400),
];

/// Headers behind [`LINE`].
const HOSTS: &[(&str, &str, u16)] = &[
    ("no host", "", 400),
    ("two hosts", "Host: localhost\r\nHost: localhost\r\n", 400),
    ("a host that is none", "Host: local host/x\r\n", 400),
    ("a host with credentials", "Host: ada@localhost\r\n", 400),
    ("a space before the colon", "Host : localhost\r\n", 400),
    ("the host of another site", "Host: example.com\r\n", 403),
];

/// Headers behind [`HEAD`].
const HEADERS: &[(&str, &str, u16)] = &[
    ("an expectation that is unknown", "Expect: tea\r\n", 417),
    (
        "an upgrade",
        "Connection: upgrade\r\nUpgrade: websocket\r\n",
        200,
    ),
    ("a folded header", "X: a\r\n b\r\n", 400),
    ("a NUL in a header", "X: a\0b\r\n", 400),
    ("a CR in a header", "X: a\rb\r\n", 400),
    ("a header without a name", ": a\r\n", 400),
];

/// Headers and bodies behind [`WITH_BODY`].
const BODIES: &[(&str, &str, u16)] = &[
    (
        "an expectation that is known",
        "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{}",
        100,
    ),
    (
        "chunks that are none",
        "Transfer-Encoding: chunked\r\n\r\nxy\r\n{}\r\n0\r\n\r\n",
        400,
    ),
    (
        "a chunk without its end",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n",
        400,
    ),
    (
        "a chunk of more than 64 bits",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
        400,
    ),
    (
        "chunks that are not the last coding",
        "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        400,
    ),
    (
        "a coding that is unknown",
        "Transfer-Encoding: gzip\r\n\r\n",
        400,
    ),
    (
        "two lengths",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        400,
    ),
    ("a length with a sign", "Content-Length: +2\r\n\r\n{}", 400),
    ("a negative length", "Content-Length: -2\r\n\r\n{}", 400),
    (
        "a length of 100 GB",
        "Content-Length: 100000000000\r\n\r\n{",
        413,
    ),
];

/// All cases. The server is a mock whose control path is open to this machine.
pub(crate) fn cases() -> Vec<Case> {
    let case = |name, text: String, wanted| Case {
        name,
        bytes: text.into_bytes(),
        closes: false,
        wanted,
    };
    let mut cases = Vec::new();
    for (rows, before, after) in [
        (WHOLE, "", ""),
        (HOSTS, LINE, "\r\n"),
        (HEADERS, HEAD, "\r\n"),
        (BODIES, WITH_BODY, ""),
    ] {
        let rows = rows.iter();
        cases.extend(rows.map(|(name, text, wanted)| {
            case(*name, format!("{before}{text}{after}"), Some(*wanted))
        }));
    }
    let (long, huge) = ("a".repeat(70_000), "a".repeat(1 << 20));
    let target = format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let many = "X: a\r\n".repeat(300);
    cases.push(case("a target of 70 kB", target, Some(414)));
    cases.push(case("300 headers", format!("{HEAD}{many}\r\n"), Some(431)));
    cases.push(case(
        "a header of 1 MiB",
        format!("{HEAD}X: {huge}\r\n\r\n"),
        Some(431),
    ));
    cases.push(case(
        "HTTP/2",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        None,
    ));
    let closing = [
        case(
            "a client that closes its side",
            format!("{HEAD}\r\n"),
            Some(200),
        ),
        case(
            "a body that breaks off",
            format!("{WITH_BODY}Content-Length: 9\r\n\r\n{{"),
            Some(400),
        ),
        case("a head that breaks off", HEAD.to_owned(), None),
    ];
    cases.extend(closing.map(|case| Case {
        closes: true,
        ..case
    }));
    cases
}

impl Case {
    /// Sends the bytes to `address`. Fails with what came instead of the answer that must come.
    pub(crate) fn check(&self, address: &str) -> Result<(), String> {
        let got = self.status(address)?;
        if got == self.wanted {
            return Ok(());
        }
        let word = |status: Option<u16>| {
            status.map_or("no answer".to_owned(), |status| format!("status {status}"))
        };
        Err(format!(
            "{}, and {} must come",
            word(got),
            word(self.wanted)
        ))
    }

    /// The status of the answer; `None` if the connection ends without one.
    fn status(&self, address: &str) -> Result<Option<u16>, String> {
        let failed = |error: std::io::Error| format!("no connection: {error}");
        let mut socket = TcpStream::connect(address).map_err(failed)?;
        socket
            .set_read_timeout(Some(Duration::from_mins(1)))
            .map_err(failed)?;
        // A server may refuse, and close, before it has read everything.
        let _ = socket.write_all(&self.bytes);
        if self.closes {
            socket.shutdown(Shutdown::Write).map_err(failed)?;
        }
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\r\n") && line.len() < 200 {
            match socket.read(&mut byte) {
                Ok(0) => break,
                Ok(_) => line.push(byte[0]),
                // A server that refuses may reset the connection.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => return Err(format!("no answer in time: {error}")),
            }
        }
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        status
            .map(Some)
            .ok_or_else(|| format!("`{}` is no answer", line.trim_end()))
    }
}
