//! Requests that no client library would send are written to the socket unchanged.
//!
//! A library corrects `/a/../b`, `%2e%2e` and invalid bytes, and so hides how a server reads them. The
//! requests use HTTP/1.0, so the answer ends with the connection.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use reqwest::Url;

use super::{Lost, Reply, Request};

/// Sends `request` with its target unchanged to the host of `base`.
pub(super) fn send(base: &Url, request: &Request, timeout: Duration) -> Result<Reply, Lost> {
    let lost = |error: std::io::Error| Lost {
        reason: error.to_string(),
    };
    let (host, port) = (
        base.host_str().unwrap_or_default(),
        base.port_or_known_default().unwrap_or(80),
    );
    let mut addresses = (host, port).to_socket_addrs().map_err(lost)?;
    let address = addresses.next().ok_or_else(|| Lost {
        reason: format!("no address for {host}"),
    })?;
    let mut stream = TcpStream::connect_timeout(&address, timeout).map_err(lost)?;
    stream.set_read_timeout(Some(timeout)).map_err(lost)?;
    stream.set_write_timeout(Some(timeout)).map_err(lost)?;
    let head = head(&format!("{host}:{port}"), base.path(), request);
    // A server may answer and close before it has read everything. Only the answer counts.
    let written = stream.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if answer.is_empty() {
        written.and(read.map(drop)).map_err(lost)?;
        return Err(Lost {
            reason: "the connection was closed without an answer".to_owned(),
        });
    }
    parse(&answer)
}

/// The bytes of a request without a body. `folder` stands before its target.
pub(crate) fn head(host: &str, folder: &str, request: &Request) -> String {
    let Request { method, target, .. } = request;
    let folder = folder.trim_end_matches('/');
    let mut head = format!("{method} {folder}{target} HTTP/1.0\r\nhost: {host}\r\n");
    for (name, value) in &request.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head + "\r\n"
}

fn parse(answer: &[u8]) -> Result<Reply, Lost> {
    const HEADERS: usize = 128;
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(answer).map_err(|error| Lost {
        reason: format!("the answer is no HTTP: {error}"),
    })?;
    let (httparse::Status::Complete(length), Some(status)) = (parsed, head.code) else {
        return Err(Lost {
            reason: "the answer ended within its head".to_owned(),
        });
    };
    let headers: HeaderMap = head
        .headers
        .iter()
        .filter_map(|header| {
            Some((
                HeaderName::try_from(header.name).ok()?,
                HeaderValue::from_bytes(header.value).ok()?,
            ))
        })
        .collect();
    Ok(Reply {
        status,
        headers,
        body: Bytes::copy_from_slice(&answer[length..]),
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn a_target_arrives_unchanged() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}/v1", listener.local_addr().unwrap())).unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            lines.find(|line| line.as_ref().unwrap().is_empty());
            stream
                .write_all(b"HTTP/1.0 404 Not Found\r\ncontent-type: a/b\r\n\r\nno")
                .unwrap();
            first
        });
        let request = Request {
            method: "GET".into(),
            target: "/a/../b/%2e%2e?\u{0}".into(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        let reply = send(&base, &request, Duration::from_secs(10)).unwrap();
        assert_eq!((reply.status, &reply.body[..]), (404, &b"no"[..]));
        assert_eq!(
            server.join().unwrap(),
            "GET /v1/a/../b/%2e%2e?\u{0} HTTP/1.0"
        );
    }
}
