//! Reads bodies that are compressed with gzip.
//!
//! A server may compress whatever a client did not forbid. So each such body is read, whether it was asked for or not.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use crate::subject::{LONGEST_BODY, Reply};

/// How a body came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    #[default]
    Plain,
    /// Compressed. The reply has the body that was read from it, without the headers of the compression.
    Gzip,
    /// Compressed, but it cannot be read to its end, for this reason. The reply has the body as it came.
    Broken(String),
}

/// The reply with its body decompressed, if it is compressed with gzip, and how it came.
pub(super) fn decoded(reply: Reply) -> (Reply, Coding) {
    let is_gzip =
        |text: &str| text.eq_ignore_ascii_case("gzip") || text.eq_ignore_ascii_case("x-gzip");
    let coding = reply.header("content-encoding").map(str::trim);
    if !coding.is_some_and(is_gzip) || reply.body.is_empty() {
        return (reply, Coding::Plain);
    }
    let mut body = Vec::new();
    let most = LONGEST_BODY as u64 + 1;
    let read = MultiGzDecoder::new(reply.body.as_ref())
        .take(most)
        .read_to_end(&mut body);
    if let Err(error) = read {
        return (reply, Coding::Broken(error.to_string()));
    }
    let mut headers = reply.headers;
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    let reply = Reply {
        headers,
        body: Bytes::from(body),
        ..reply
    };
    (reply, Coding::Gzip)
}
