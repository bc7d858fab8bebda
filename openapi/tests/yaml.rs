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

/// This text is refused at this line and column, with these words and a cure.
fn refused(text: &str, (line, column): (usize, usize), words: &str) {
    let problem = Source::new("d.yaml", text).parse().unwrap_err();
    assert_eq!(
        problem.to_string(),
        format!("d.yaml:{line}:{column}: {words}")
    );
    assert!(problem.advice().is_some(), "no cure: {problem}");
}

const MULTIPLIED: &str = "aliases (`*name`) make this text many times longer than it is written";

const ENDLESS: &str =
    "an alias (`*name`) stands inside the value that it names, so the text has no end";

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
        assert!(problem.to_string().starts_with("d.yaml:2:"), "{problem}");
    }
}

/// Lists of which each holds nine times the one before, and how they are merged.
fn nine_times_nine(open: &str, close: &str) -> String {
    let first = format!("a0: &a0 {open}x: 1{close}\n");
    let others = (1..12).map(|index| {
        let nine = vec![format!("*a{}", index - 1); 9].join(", ");
        format!("a{index}: &a{index} {open}{nine}{close}\n")
    });
    std::iter::once(first).chain(others).collect()
}

#[test]
fn aliases_of_aliases_are_counted_and_not_followed() {
    let lists = nine_times_nine("[", "]");
    refused(&lists, (7, 45), MULTIPLIED);
    let merged = nine_times_nine("{ <<: [", "] }").replacen("[x: 1]", "{ x: 1 }", 1);
    let problem = Source::new("d.yaml", merged).parse().unwrap_err();
    assert!(problem.message().contains("aliases"), "{problem}");
    // Values beside them do not hide them.
    let prose = format!("text: |\n{}", "  some words\n".repeat(100_000));
    refused(&format!("{prose}{lists}"), (100_009, 10), MULTIPLIED);
}

#[test]
fn aliases_of_what_they_stand_in_are_refused() {
    refused("a: &a [ *a ]\n", (1, 9), ENDLESS);
    refused("a: &a\n  b: { c: *a, d: *a }\n", (2, 11), ENDLESS);
    refused("a: &a { <<: *a }\n", (1, 13), ENDLESS);
}

#[test]
fn a_large_text_with_aliases_is_refused_early() {
    let words = "a text with aliases (`*name`) has at most 1,000,000 values and keys, and this one has more";
    let aliases = format!("a: &a x\nb:\n{}", "- *a\n".repeat(1_000_000));
    refused(&aliases, (999_998, 3), words);
    let keys = format!("a: &a x\nb:\n{}", "- { *a : 0, b: 1 }\n".repeat(210_000));
    let problem = Source::new("d.yaml", keys).parse().unwrap_err();
    assert!(problem.message().ends_with(words), "{problem}");
}

#[test]
fn many_aliases_are_read() {
    let mut text = "a:\n".to_owned();
    for index in 0..50_000 {
        text.push_str(&format!("- &a{index} {{ v: {index} }}\n"));
    }
    text.push_str("b:\n");
    for index in 0..50_000 {
        text.push_str(&format!("- *a{index}\n"));
    }
    let parsed = Source::new("d.yaml", text).parse().unwrap();
    assert_eq!(parsed["b"].as_array().map(Vec::len), Some(50_000));
    assert_eq!(parsed["b"], parsed["a"]);
    check(
        "a: &a b\n*a : 1\nc: { *a : 2 }\n",
        &json!({ "a": "b", "b": 1, "c": { "b": 2 } }),
    );
    // Signs that only look like anchors and aliases.
    check(
        "a: R &a D\nb: '*a'\nc: 2*a\n",
        &json!({ "a": "R &a D", "b": "*a", "c": "2*a" }),
    );
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
