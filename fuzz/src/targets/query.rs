//! Requests for documented operations: `METHOD TARGET`, then lines of headers, an empty line, and a body.

use bytes::Bytes;
use http::Request;

use super::world::{BUNDLED, DIALECT_MOCK, first_line, send, text};

/// Sends a request to a mock of each kind.
pub(super) fn query(bytes: &[u8]) {
    let text = text(bytes);
    if let Some(request) = request(&text) {
        send(&BUNDLED, &request);
        send(&DIALECT_MOCK, &request);
    }
}

/// The request that a text describes. `None` if HTTP has no such request.
pub(super) fn request(text: &str) -> Option<Request<Bytes>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (line, headers) = first_line(head);
    let (method, target) = line.split_once(' ')?;
    let mut request = Request::builder().method(method).uri(target.trim());
    for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    request.body(Bytes::from(body.to_owned())).ok()
}
