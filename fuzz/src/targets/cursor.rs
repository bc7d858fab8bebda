//! Cursors of each dialect of paging.
//!
//! An input is a cursor. If it begins with `^`, it changes a real one instead: each two bytes are a place, and what is
//! written there.

use std::sync::LazyLock;

use bytes::Bytes;
use http::Request;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::world::{DIALECT_MOCK, now, send, text};

/// A list of a room, and a cursor that its first page gives.
struct List {
    method: String,
    path: String,
    cursor: String,
}

/// The lists of all dialects.
static LISTS: LazyLock<Vec<List>> = LazyLock::new(|| {
    let samples = DIALECT_MOCK
        .operations()
        .filter_map(|one| one.request(now()));
    let lists = samples.map(|sample| {
        let path = sample.target.split('?').next().unwrap_or_default();
        let (method, path) = (sample.method.clone(), path.to_owned());
        let first = send(&DIALECT_MOCK, &request(&method, &path, None));
        let cursor = way_on(&text(&first));
        List {
            method,
            path,
            cursor,
        }
    });
    lists.collect()
});

/// Asks each list for the page at a cursor.
pub(super) fn cursor(bytes: &[u8]) {
    for list in LISTS.iter() {
        let cursor = match bytes.strip_prefix(b"^") {
            Some(changes) => changed(list.cursor.as_bytes(), changes),
            None => bytes.to_vec(),
        };
        let request = request(&list.method, &list.path, Some(&cursor));
        send(&DIALECT_MOCK, &request);
    }
}

/// A request with a cursor in every place that some dialect reads.
fn request(method: &str, path: &str, cursor: Option<&[u8]>) -> Request<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .header("authorization", "Bearer token-of-ada")
        .header("content-type", "application/json");
    let Some(cursor) = cursor else {
        return request
            .uri(path)
            .body(Bytes::from("{}"))
            .expect("it is a request");
    };
    let encoded = percent_encode(cursor, NON_ALPHANUMERIC);
    request = request.uri(format!("{path}?cursor={encoded}"));
    if let Ok(value) = http::HeaderValue::from_bytes(cursor) {
        request = request.header("range", &value).header("x-cursor", value);
    }
    let text = format!("{:?}", text(cursor));
    let body = format!("{{\"cursor\":{text}}}");
    request.body(body.into()).unwrap_or_default()
}

/// The longest text of a page. It is the way on, if the dialect hands one out.
fn way_on(page: &str) -> String {
    let texts = page.split('"').skip(1).step_by(2);
    let longest = texts.max_by_key(|text| text.len());
    longest.unwrap_or("3").to_owned()
}

/// `real` with each two bytes of `changes` applied: a place, and what is written there.
fn changed(real: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut cursor = real.to_vec();
    for change in changes.chunks_exact(2) {
        let at = usize::from(change[0]) % cursor.len().max(1);
        if let Some(byte) = cursor.get_mut(at) {
            *byte = change[1];
        }
    }
    cursor
}
