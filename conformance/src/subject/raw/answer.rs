//! Reads one answer from a connection, up to the end that its head or its chunks name.

use std::io::{self, BufRead, Read as _};

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};

use crate::subject::{LONGEST_BODY, Reply, Request, is_bodiless};

/// The longest head, and the longest trailer, in bytes.
const LONGEST_HEAD: usize = 256 << 10;
/// The greatest number of headers.
const MOST_HEADERS: usize = 256;
/// The longest line with a chunk's size, in bytes.
const LONGEST_LINE: usize = 4 << 10;

/// The answer to `request`. Of a body longer than [`LONGEST_BODY`], one byte more is read.
///
/// A body that ends before the length that its head names is returned as it came.
pub(super) fn read(reader: &mut impl BufRead, request: &Request) -> io::Result<Reply> {
    let (status, headers) = loop {
        let head = head(reader)?;
        // RFC 9110, 15.2: other answers follow these.
        if !matches!(head.0, 100..200) || head.0 == 101 {
            break head;
        }
    };
    let coded = headers
        .get_all(TRANSFER_ENCODING)
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.contains("chunked")));
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let length: Option<u64> = length.and_then(|text| text.trim().parse().ok());
    let mut body = Vec::new();
    if is_bodiless(request, status) {
        // Nothing follows the head.
    } else if coded {
        chunks(reader, &mut body)?;
    } else {
        let most = length.unwrap_or(u64::MAX).min(LONGEST_BODY as u64 + 1);
        match reader.by_ref().take(most).read_to_end(&mut body) {
            Err(error) if length.is_none() || is_late(&error) => return Err(error),
            // An answer that visibly breaks off is judged.
            _ => {}
        }
    }
    let body = body.into();
    Ok(Reply {
        status,
        headers,
        body,
    })
}

fn is_late(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
}

/// The status and the headers of the next head.
fn head(reader: &mut impl BufRead) -> io::Result<(u16, HeaderMap)> {
    let mut bytes = Vec::new();
    while !line(reader, &mut bytes, LONGEST_HEAD)? {
        // RFC 9112, 2.2: an empty line before the head means nothing.
    }
    while line(reader, &mut bytes, LONGEST_HEAD)? {}
    let mut headers = vec![httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(&bytes);
    parsed.map_err(|error| invalid(format!("the answer's head is no HTTP: {error}")))?;
    let status = head
        .code
        .ok_or_else(|| invalid("the answer has no status"))?;
    let known = head.headers.iter().filter_map(|header| {
        Some((
            HeaderName::try_from(header.name).ok()?,
            HeaderValue::from_bytes(header.value).ok()?,
        ))
    });
    let mut headers = HeaderMap::new();
    known.for_each(|(name, value)| {
        headers.append(name, value);
    });
    Ok((status, headers))
}

/// Reads the next line, and returns whether it has a text. `bytes` never gets longer than `most`.
fn line(reader: &mut impl BufRead, bytes: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    let before = bytes.len();
    let room = (most - before) as u64;
    reader.by_ref().take(room).read_until(b'\n', bytes)?;
    match &bytes[before..] {
        b"\r\n" | b"\n" => Ok(false),
        [.., b'\n'] => Ok(true),
        _ if bytes.len() == most => Err(invalid(format!(
            "the answer's head or a line of it is longer than {most} bytes"
        ))),
        _ => Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the connection was closed before the answer ended",
        )),
    }
}

/// The body of chunks (RFC 9112, 7.1), and the trailer behind it.
fn chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut size = Vec::new();
        line(reader, &mut size, LONGEST_LINE)?;
        let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&size) else {
            return Err(invalid("a chunk has no size"));
        };
        if size == 0 {
            let mut trailer = Vec::new();
            while line(reader, &mut trailer, LONGEST_HEAD)? {}
            return Ok(());
        }
        let room = (LONGEST_BODY + 1 - body.len()) as u64;
        let read = reader.by_ref().take(size.min(room)).read_to_end(body)?;
        if body.len() > LONGEST_BODY {
            return Ok(());
        }
        if (read as u64) < size || line(reader, &mut Vec::new(), LONGEST_LINE)? {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a chunk of the answer breaks off",
            ));
        }
    }
}

fn invalid(reason: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.into())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn check(method: &str, mut bytes: impl BufRead, expect: Result<&[u8], &str>) {
        let request = Request {
            method: method.into(),
            target: "/".into(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        match (read(&mut bytes, &request), expect) {
            (Ok(reply), Ok(body)) => assert_eq!(&reply.body[..], body),
            (Err(error), Err(reason)) => assert!(error.to_string().contains(reason), "{error}"),
            (read, expect) => panic!("{read:?}, not {expect:?}"),
        }
    }

    #[test]
    fn a_body_ends_where_its_head_or_its_chunks_say() {
        let more = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200";
        check("GET", &more[..], Ok(b"ok"));
        check("HEAD", &more[..], Ok(b""));
        let close = b"HTTP/1.0 200 OK\r\n\r\nto the end";
        check("GET", &close[..], Ok(b"to the end"));
        let chunks = b"\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n1\r\n!\r\n0\r\nt: u\r\n\r\nno";
        check("GET", &chunks[..], Ok(b"ok!"));
        let interim = b"HTTP/1.1 103 Early\r\nlink: a\r\n\r\nHTTP/1.1 204 No\r\n\r\nno";
        check("GET", &interim[..], Ok(b""));
    }

    #[test]
    fn a_body_that_breaks_off_is_returned_only_if_its_length_is_known() {
        let short = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok";
        check("GET", &short[..], Ok(b"ok"));
        let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok";
        check("GET", &chunk[..], Err("breaks off"));
        check("GET", &b"HTTP/1.1 200 OK\r\n"[..], Err("closed before"));
        check("GET", &b""[..], Err("closed before"));
    }

    #[test]
    fn heads_chunks_and_bodies_without_an_end_are_cut_off() {
        let status = &b"HTTP/1.1 200 OK\r\n"[..];
        check(
            "GET",
            status.chain(endless(b"a: b\r\n")),
            Err("longer than"),
        );
        check("GET", status.chain(endless(b"a")), Err("longer than"));
        check("GET", endless(b"a"), Err("longer than"));
        let many = [status, &b"a: b\r\n".repeat(MOST_HEADERS + 1), b"\r\n"].concat();
        check("GET", &many[..], Err("too many headers"));
        let chunked = &b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"[..];
        check("GET", chunked.chain(endless(b"a")), Err("longer than"));
        let trailer = [chunked, b"0\r\n"].concat();
        let trailer = (&trailer[..]).chain(endless(b"a: b\r\n"));
        check("GET", trailer, Err("longer than"));
        let whole = vec![b'a'; LONGEST_BODY + 1];
        let body = &b"HTTP/1.1 200 OK\r\n\r\n"[..];
        check("GET", body.chain(endless(b"a")), Ok(&whole));
        let chunk = [chunked, b"ffffffffffff\r\n"].concat();
        check("GET", (&chunk[..]).chain(endless(b"a")), Ok(&whole));
    }

    /// The same bytes for ever.
    fn endless(bytes: &'static [u8]) -> impl BufRead {
        struct Endless(&'static [u8], usize);
        impl io::Read for Endless {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                for place in into.iter_mut() {
                    *place = self.0[self.1];
                    self.1 = (self.1 + 1) % self.0.len();
                }
                Ok(into.len())
            }
        }
        io::BufReader::new(Endless(bytes, 0))
    }
}
