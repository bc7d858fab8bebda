//! What YAML has beyond JSON: anchors, merge keys, and keys that are no text.

use openapi::Source;
use serde_json::{Value, json};

/// This text is this value.
fn check(text: &str, expect: &Value) {
    let parsed = Source::new("d.yaml", text).parse().unwrap();
    assert_eq!(parsed, *expect, "{text}");
}

#[test]
fn merge_keys() {
    check(
        "a: &a { x: 1, y: 1 }\nb: { y: 2, <<: *a }\n",
        &json!({ "a": { "x": 1, "y": 1 }, "b": { "y": 2, "x": 1 } }),
    );
    // Of several objects, the first that has the key counts.
    check(
        "- &a { x: 1 }\n- &b { x: 2, y: 2 }\n- { <<: [*a, *b], z: 3 }\n",
        &json!([{ "x": 1 }, { "x": 2, "y": 2 }, { "z": 3, "x": 1, "y": 2 }]),
    );
    check(
        "- &a { x: 1 }\n- &b { <<: *a }\n- <<: *b\n  <<: { w: 0 }\n",
        &json!([{ "x": 1 }, { "x": 1 }, { "x": 1, "w": 0 }]),
    );
    check("<<: 7\n", &json!({ "<<": 7 }));
}

#[test]
fn json_has_no_merge_keys() {
    let text = r#"{ "<<": { "a": 1 } }"#;
    let parsed = Source::new("d.json", text).parse().unwrap();
    assert_eq!(parsed, json!({ "<<": { "a": 1 } }));
}

#[test]
fn keys_that_are_no_text() {
    check(
        "200: a\ntrue: b\n1.5: c\nnull: d\n",
        &json!({ "200": "a", "true": "b", "1.5": "c", "null": "d" }),
    );
}

#[test]
fn aliases_that_multiply_a_text_are_refused() {
    let list = "x, ".repeat(10_000);
    let aliases = "*a, ".repeat(10_000);
    let wide = format!("a: &a [{list}]\nb: [{aliases}]\n");
    let long = format!("a: &a {}\nb: [{aliases}]\n", "x".repeat(100_000));
    let merged: String = (0..3_000).map(|index| format!("k{index}: 0, ")).collect();
    let several = "{ <<: *a }, ".repeat(3_000);
    let merged = format!("a: &a {{ {merged} }}\nb: [{several}]\n");
    for text in [wide, long, merged] {
        let problem = Source::new("d.yaml", text).parse().unwrap_err();
        assert!(problem.message().contains("aliases"), "{problem}");
    }
}

#[test]
fn a_document_of_json_may_be_named_yaml() {
    check(
        "{\"a\": \"\\ud83d\\ude00\",\n\t\"b\": 1}",
        &json!({ "a": "\u{1f600}", "b": 1 }),
    );
}

#[test]
fn brackets_that_never_close_are_told_at_once() {
    for open in ["[", "{a: "] {
        let text = format!("openapi: 3.1.0\nx-a: {}", open.repeat(100_000));
        let source = Source::new("deep.yaml", text);
        let problem = source.parse().unwrap_err();
        let column = 6 + 1_000 * open.len();
        let said = problem.to_string();
        let wanted = format!("deep.yaml:2:{column}: `[` and `{{` are open 1000 times");
        assert!(said.starts_with(&wanted), "{said}");
    }
}
