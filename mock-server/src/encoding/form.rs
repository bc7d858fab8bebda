//! Fields of a form: `application/x-www-form-urlencoded`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::text;

/// The characters that are encoded. A space becomes `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'*')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b' ');

/// An object as pairs. An array is several pairs with one name.
pub(super) fn write(value: &Value) -> String {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let one = std::slice::from_ref(value);
        for value in value.as_array().map_or(one, Vec::as_slice) {
            pairs.push(format!("{}={}", encoded(name), encoded(&text(value))));
        }
    }
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED)
        .to_string()
        .replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_becomes_pairs() {
        let value = json!({ "a b": "x&y", "c": [1, true], "d": { "e": 1 } });
        assert_eq!(write(&value), "a+b=x%26y&c=1&c=true&d=%7B%22e%22%3A1%7D");
    }
}
