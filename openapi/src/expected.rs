//! What a value must be, in the specification's words.
//!
//! The reader of values says it in the words of its own types: `u64`, `sequence`, `map`.

/// The reader's words, and ours. Longer ones come first.
const WORDS: [(&str, &str); 29] = [
    ("a map", "an object"),
    ("map", "an object"),
    ("a sequence", "a list"),
    ("sequence", "a list"),
    ("a string", "text"),
    ("string", "text"),
    ("a boolean", "true or false"),
    ("boolean", "the value"),
    ("a float", "a number"),
    ("floating point", "the number"),
    ("a number", "a number"),
    ("integer", "the number"),
    ("unit value", "null"),
    ("unit", "null"),
    ("null", "null"),
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number, 0 or more"),
    ("usize", "a whole number, 0 or more"),
    ("u128", "a whole number, 0 or more"),
    ("i8", "a whole number from -128 to 127"),
    ("i16", "a whole number"),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("char", "one character"),
    ("struct", "an object"),
];

/// `message` of the reader about the value at `pointer`, with what is wrong in the specification's words.
pub(crate) fn worded(message: &str, pointer: &str) -> String {
    let wrong = ["invalid type: ", "invalid value: "];
    let wrong = wrong.iter().find_map(|begin| message.strip_prefix(begin));
    let Some((found, expected)) = wrong.and_then(|rest| rest.split_once(", expected ")) else {
        return message.to_owned();
    };
    let subject = match crate::tokens(pointer).pop() {
        Some(token) if token.parse::<usize>().is_ok() => format!("item {token} of this list"),
        Some(key) => format!("`{key}`"),
        None => "this file".to_owned(),
    };
    let expected = if expected.starts_with("struct ") {
        "an object"
    } else {
        ours(expected).unwrap_or(expected)
    };
    // The reader puts the value itself in quotes behind its type.
    let found = match found.split_once([' ']) {
        Some((kind, value)) if value.starts_with(['`', '"']) => {
            let kind = if kind == "floating" {
                "floating point"
            } else {
                kind
            };
            format!("{} {value}", ours(kind).unwrap_or(kind))
        }
        _ => match found.strip_prefix("floating point ") {
            Some(value) => format!("the number {value}"),
            None => ours(found).unwrap_or(found).to_owned(),
        },
    };
    format!("{subject} must be {expected}, and is {found}")
}

fn ours(word: &str) -> Option<&'static str> {
    let mut words = WORDS.iter();
    words
        .find(|(theirs, _)| *theirs == word)
        .map(|(_, ours)| *ours)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;

    fn check<T: DeserializeOwned>(value: Value, expect: &str) {
        let error = serde_json::from_value::<T>(value)
            .err()
            .expect("it is wrong");
        assert_eq!(worded(&error.to_string(), "#/a/key"), expect);
    }

    #[test]
    fn types_are_those_of_the_specification() {
        check::<u64>(
            json!("x"),
            "`key` must be a whole number, 0 or more, and is text \"x\"",
        );
        check::<u64>(
            json!(-5),
            "`key` must be a whole number, 0 or more, and is the number `-5`",
        );
        check::<i64>(
            json!(1.5),
            "`key` must be a whole number, and is the number `1.5`",
        );
        check::<Vec<u8>>(json!({}), "`key` must be a list, and is an object");
        check::<BTreeMap<String, u8>>(json!([]), "`key` must be an object, and is a list");
        check::<String>(json!(true), "`key` must be text, and is the value `true`");
        check::<bool>(json!(null), "`key` must be true or false, and is null");
        assert_eq!(worded("missing field `a`", "#"), "missing field `a`");
        let message = "invalid type: null, expected struct Overlay";
        assert_eq!(
            worded(message, "#"),
            "this file must be an object, and is null"
        );
        let message = "invalid type: null, expected u16";
        assert!(worded(message, "#/list/0").starts_with("item 0 of this list must be"));
    }
}
