//! JSON pointers (RFC 6901), as text that always starts with `#`.
//!
//! Pointers are kept unencoded; only in a `$ref`, which is a URI, is a pointer percent-encoded, and it is
//! decoded and encoded there. A path such as `/a%20b` would otherwise name two places.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

/// What a pointer must have encoded to stand in a URI's fragment (RFC 3986).
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']')
    .add(b'\\');

/// `pointer` with one more reference token, escaped.
///
/// ```
/// assert_eq!(openapi::join("#/paths", "/v1/jobs"), "#/paths/~1v1~1jobs");
/// ```
pub fn join(pointer: &str, token: &str) -> String {
    // Large documents join some hundred thousand pointers: each is written at once.
    let mut joined = String::with_capacity(pointer.len() + token.len() + 4);
    joined.push_str(pointer);
    joined.push('/');
    let mut rest = token;
    while let Some(place) = rest.find(['~', '/']) {
        joined.push_str(&rest[..place]);
        let is_tilde = rest.as_bytes()[place] == b'~';
        joined.push_str(if is_tilde { "~0" } else { "~1" });
        rest = &rest[place + 1..];
    }
    joined.push_str(rest);
    joined
}

/// The reference tokens of `pointer`, unescaped.
///
/// ```
/// assert_eq!(openapi::tokens("#/paths/~1v1~1jobs/get"), ["paths", "/v1/jobs", "get"]);
/// ```
pub fn tokens(pointer: &str) -> Vec<String> {
    plain(pointer).split('/').skip(1).map(unescaped).collect()
}

fn unescaped(token: &str) -> String {
    let mut plain = String::with_capacity(token.len());
    let mut rest = token;
    while let Some(place) = rest.find('~') {
        plain.push_str(&rest[..place]);
        let (known, width) = match rest.as_bytes().get(place + 1) {
            Some(b'1') => ('/', 2),
            Some(b'0') => ('~', 2),
            _ => ('~', 1),
        };
        plain.push(known);
        rest = &rest[place + width..];
    }
    plain.push_str(rest);
    plain
}

/// `pointer` as the plain RFC 6901 text that `serde_json::Value::pointer` takes.
pub(crate) fn plain(pointer: &str) -> &str {
    pointer.strip_prefix('#').unwrap_or(pointer)
}

/// The value at `pointer`. As `Value::pointer`, but only tokens with an escape in them are copied: pointers
/// are followed for every value of every page.
pub(crate) fn find<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    let pointer = plain(pointer);
    let Some(below) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(root);
    };
    below.split('/').try_fold(root, |value, token| match value {
        Value::Object(fields) if token.contains('~') => fields.get(&unescaped(token)),
        Value::Object(fields) => fields.get(token),
        // Which spellings of an index are right is known there.
        Value::Array(_) => value.pointer(&format!("/{token}")),
        _ => None,
    })
}

/// Whether the place `inner` is `outer`, or lies in it.
pub(crate) fn is_within(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The pointer in a URI's fragment, given without its `#`.
pub(crate) fn of_fragment(fragment: &str) -> String {
    format!("#{}", percent_decode_str(fragment).decode_utf8_lossy())
}

/// `pointer` as a URI's fragment, with its `#`.
pub(crate) fn to_fragment(pointer: &str) -> String {
    format!("#{}", utf8_percent_encode(plain(pointer), FRAGMENT))
}
