//! Requests that no client library would send are written to the socket unchanged.
//!
//! A library corrects `/a/../b`, `%2e%2e` and invalid bytes, and so hides how a server reads them. The
//! requests ask the server to close the connection, but an answer ends where its own length says.

mod answer;

use std::io::{self, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Url;

use super::{Lost, Reply, Request};

/// Sends `request` with its target unchanged to the host of `base`, at the first of its addresses that answers.
pub(super) fn send(base: &Url, request: &Request, timeout: Duration) -> Result<Reply, Lost> {
    let mut line = Line::open(base, timeout).map_err(|error| lost(&error))?;
    let authority = match (base.host_str().unwrap_or_default(), base.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let head = head(&authority, base.path(), request);
    // A server may answer and close before it has read everything. Only the answer counts.
    let written = line
        .write_all(head.as_bytes())
        .and_then(|()| line.write_all(&request.body));
    let reply = answer::read(&mut BufReader::new(line), request);
    match (reply, written) {
        (Ok(reply), _) => Ok(reply),
        (Err(error), Err(earlier)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(lost(&earlier))
        }
        (Err(error), _) => Err(lost(&error)),
    }
}

/// The answer to `request` in all bytes of a connection.
pub(super) fn received(mut bytes: &[u8], request: &Request) -> Result<Reply, Lost> {
    answer::read(&mut bytes, request).map_err(|error| lost(&error))
}

/// The bytes of a request before its body. `folder` stands before its target.
pub(crate) fn head(host: &str, folder: &str, request: &Request) -> String {
    let Request { method, target, .. } = request;
    let folder = folder.trim_end_matches('/');
    let mut head =
        format!("{method} {folder}{target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in &request.headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !request.body.is_empty() {
        head += &format!("content-length: {}\r\n", request.body.len());
    }
    head + "\r\n"
}

/// A connection on which nothing is waited for after one point in time.
struct Line {
    stream: TcpStream,
    until: Instant,
}

impl Line {
    /// A connection to the first address of a URL's host that accepts one.
    fn open(base: &Url, timeout: Duration) -> io::Result<Self> {
        /// A wait that no run outlives.
        const LONGEST: Duration = Duration::from_hours(24);
        let until = Instant::now() + timeout.min(LONGEST);
        // Brackets around an IPv6 address belong to the URL, not to the address.
        let addresses = base.socket_addrs(|| None)?;
        let mut refused = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for (index, address) in addresses.iter().enumerate() {
            // An address without an answer leaves time for the others.
            let others = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
            match TcpStream::connect_timeout(address, left(until)? / others) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self { stream, until });
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

impl Read for Line {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.until)?))?;
        self.stream.read(bytes)
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.until)?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The time that is left. An error if there is none.
fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(left)
}

fn lost(error: &io::Error) -> Lost {
    match error.kind() {
        // A socket reports its own timeout as `WouldBlock` on some systems.
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            Lost::late("no whole answer in time")
        }
        _ => Lost::new(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::net::{TcpListener, ToSocketAddrs as _};
    use std::thread;

    use bytes::Bytes;

    use super::*;
    use crate::subject::Cause;

    fn request() -> Request {
        Request {
            method: "GET".into(),
            target: "/a/../b/%2e%2e?\u{0}".into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Sends a request to a server that writes `answer` and keeps the connection open.
    ///
    /// Returns the answer, and the head of the request.
    fn ask(listener: TcpListener, base: &Url, answer: &'static [u8]) -> (Reply, Vec<String>) {
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let lines = lines.map(Result::unwrap);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            stream.write_all(answer).unwrap();
            (stream, head)
        });
        let reply = send(base, &request(), Duration::from_mins(1)).unwrap();
        (reply, server.join().unwrap().1)
    }

    fn local() -> (TcpListener, Url) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}/v1", listener.local_addr().unwrap())).unwrap();
        (listener, base)
    }

    #[test]
    fn a_target_arrives_unchanged_and_the_close_of_the_connection_is_not_waited_for() {
        let (listener, base) = local();
        let answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno";
        let (reply, head) = ask(listener, &base, answer);
        assert_eq!((reply.status, &reply.body[..]), (404, &b"no"[..]));
        assert_eq!(head[0], "GET /v1/a/../b/%2e%2e?\u{0} HTTP/1.1");
        assert!(head.contains(&"connection: close".to_owned()), "{head:?}");
    }

    #[test]
    fn every_address_of_a_name_is_tried_and_brackets_are_understood() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        let (listener, _) = local();
        let port = listener.local_addr().unwrap().port();
        let base = Url::parse(&format!("http://localhost:{port}")).unwrap();
        let (_, head) = ask(listener, &base, answer);
        assert_eq!(head[1], format!("host: localhost:{port}"));
        // A machine may have no IPv6.
        let Ok(listener) = TcpListener::bind("[::1]:0") else {
            return;
        };
        let port = listener.local_addr().unwrap().port();
        let base = Url::parse(&format!("http://[::1]:{port}")).unwrap();
        let (_, head) = ask(listener, &base, answer);
        assert_eq!(head[1], format!("host: [::1]:{port}"));
        let names = ("localhost", port).to_socket_addrs().unwrap();
        if names.into_iter().any(|address| address.is_ipv6()) {
            let listener = TcpListener::bind("[::1]:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let base = Url::parse(&format!("http://localhost:{port}")).unwrap();
            ask(listener, &base, answer);
        }
    }

    #[test]
    fn an_answer_that_never_ends_is_late() {
        let (listener, base) = local();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // One byte at a time, until the judge goes away.
            while stream.write_all(b"x").is_ok() {
                thread::yield_now();
            }
        });
        let lost = send(&base, &request(), Duration::from_millis(200)).unwrap_err();
        server.join().unwrap();
        // The head may be too long before it is late.
        let known = lost.cause == Cause::Time || lost.reason.contains("head");
        assert!(known, "{lost:?}");
    }
}
