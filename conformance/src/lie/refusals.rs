//! Lies about refusals, and about headers of any answer.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::HeaderValue;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use serde_json::Value;

use super::{Lied, edit_json};
use crate::subject::{Lost, Reply, Request};

impl Lied<'_> {
    /// The honest answer. If it refuses wrong parameters, its body is changed.
    pub fn edit_invalid(
        &self,
        request: &Request,
        edit: impl FnOnce(&mut Value),
    ) -> Result<Reply, Lost> {
        let reply = self.ask(request)?;
        Ok(if self.contract.invalid().allows(reply.status) {
            edit_json(reply, edit)
        } else {
            reply
        })
    }

    /// The honest answer with this status, and with the body of the declared example, if there is one.
    pub fn refuse(&self, reply: Reply, status: u16) -> Reply {
        let example = self
            .contract
            .refusal(status)
            .and_then(|media| media.example.clone());
        Reply {
            status,
            ..reply.with_json(&example.unwrap_or_else(|| serde_json::json!({})))
        }
    }
}

/// Whether an answer refuses the caller.
pub fn is_shut_out(reply: &Reply) -> bool {
    matches!(reply.status, 401 | 403)
}

/// An answer with a header set.
pub fn with_header(mut reply: Reply, name: &'static str, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers.insert(name, value);
    }
    reply
}

/// An answer, compressed with gzip. The compressed bytes are changed before they are sent.
pub fn gzipped(reply: Reply, change: impl FnOnce(&mut Vec<u8>)) -> Reply {
    if reply.body.is_empty() {
        return reply;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(&reply.body);
    let Some(mut bytes) = written.and_then(|()| encoder.finish()).ok() else {
        return reply;
    };
    change(&mut bytes);
    let mut headers = reply.headers;
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Reply {
        headers,
        body: bytes.into(),
        ..reply
    }
}
