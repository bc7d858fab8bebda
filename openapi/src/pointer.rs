//! JSON pointers (RFC 6901), as text that always starts with `#`.

/// `pointer` with one more reference token, escaped.
///
/// ```
/// assert_eq!(openapi::join("#/paths", "/v1/jobs"), "#/paths/~1v1~1jobs");
/// ```
pub fn join(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// The reference tokens of `pointer`, unescaped; percent-encoding, legal in a URI fragment, undone.
pub fn tokens(pointer: &str) -> Vec<String> {
    let text = pointer.strip_prefix('#').unwrap_or(pointer);
    text.split('/')
        .skip(1)
        .map(|token| {
            let plain = percent_encoding::percent_decode_str(token).decode_utf8_lossy();
            plain.replace("~1", "/").replace("~0", "~")
        })
        .collect()
}

/// `pointer` as the plain RFC 6901 string that `serde_json::Value::pointer` takes.
pub(crate) fn plain(pointer: &str) -> String {
    tokens(pointer)
        .iter()
        .fold(String::new(), |plain, token| join(&plain, token))
}
