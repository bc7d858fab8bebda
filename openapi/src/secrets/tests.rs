use proptest::prelude::*;

use super::needles::{starts_before_ellipses, strength};
use super::spelling::readings;
use super::*;

fn secrets(token: &str) -> Secrets {
    Secrets::new(&[(token.to_owned(), "$ADA_TOKEN".to_owned())])
}

fn check(token: &str, text: &str, expect: &str) {
    assert_eq!(secrets(token).hide(text), expect, "{token} in {text}");
}

/// All ways in which the tests write a token.
fn spellings(token: &str) -> Vec<String> {
    let json = |text: &str| {
        let text = serde_json::Value::from(text).to_string();
        text[1..text.len() - 1].to_owned()
    };
    let per_byte = |mark: &str| -> String {
        token
            .bytes()
            .map(|byte| format!("{mark}{byte:02x}"))
            .collect()
    };
    let percent = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let entities: fn(&str) -> String = |text| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
    };
    let units =
        |mark: fn(u32) -> String| -> String { token.chars().map(|one| mark(one.into())).collect() };
    let encode =
        |text: String| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    vec![
        token.to_owned(),
        json(token),
        json(&json(token)),
        json(token)
            .replace('/', "\\/")
            .replace('<', "\\u003c")
            .replace('&', "\\u0026"),
        percent(token),
        percent(token).to_lowercase(),
        percent(&percent(token)),
        percent(&json(token)),
        per_byte("%"),
        per_byte("\\x"),
        per_byte(""),
        per_byte("").to_uppercase(),
        entities(token),
        entities(&json(token)),
        entities(&entities(token)),
        units(|code| format!("&#{code};")),
        units(|code| format!("&#x{code:x};")),
        units(|code| format!("\\u{code:04x}")),
        units(|code| format!("\\u{{{code:x}}}")),
        token.escape_debug().to_string(),
        token.replace('\'', r"'\''"),
        token.replace('\'', "''"),
        token.replace('"', "\"\""),
        token.chars().flat_map(|one| [one, '\0']).collect(),
        encode(token.to_owned()),
        encode(format!("a{token}bc")),
        encode(format!("ab{token}c")),
        percent(&encode(format!("user:{token}"))),
        encode(format!("user:{token}"))
            .replace('+', "-")
            .replace('/', "_"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_token_is_found_in_every_spelling(
        token in r#"[!-~]{8,40}|[a-z]{4}[\\"'<>&%/+=?#:;]{1,6}[A-Z0-9]{6}|[a-zé ]{6}[ü"\\]{4}[A-Z]{4}"#,
    ) {
        prop_assume!(strength(&token) == Strength::Sure);
        let secrets = secrets(&token);
        for spelled in spellings(&token) {
            let text = format!("before {spelled}, behind");
            let shown = secrets.hide_lines(&text);
            prop_assert!(!shown.contains(&spelled), "{token} is shown in {shown}");
            prop_assert!(shown.contains("$ADA_TOKEN"), "{token} is not found in {text}");
            prop_assert!(shown.starts_with("before ") && shown.ends_with(" behind"), "{shown}");
            prop_assert_eq!(secrets.hide_lines(&shown), shown);
        }
    }
}

proptest! {
    #[test]
    fn a_token_that_was_cut_off_is_found_by_its_start(token in "[ab]{1,8}", text in "[ab…]{0,40}") {
        let longest = |before: &str| {
            let lengths = (0..token.len()).rev();
            lengths.into_iter().find(|length| before.ends_with(&token[..*length])).unwrap()
        };
        let ellipses = text.match_indices('…');
        let expect: Vec<_> = ellipses.map(|(end, _)| (end, longest(&text[..end]))).collect();
        prop_assert_eq!(starts_before_ellipses(&text, &token), expect);
    }
}

#[test]
fn a_long_token_has_few_readings() {
    for (length, most) in [(8, 64), (1024, 64), (8 * 1024, 8), (64 * 1024, 2)] {
        let token = "%25+&amp;\\".repeat(length / 8);
        let readings = readings(&token);
        assert!(
            (2..=most).contains(&readings.len()),
            "{length}: {}",
            readings.len()
        );
        assert_eq!(readings[0], token);
    }
}

#[test]
fn each_part_of_an_encoded_token_leads_to_the_whole() {
    let token = "abcabcabcabc";
    let encoded = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("{token}:{token}"),
    );
    check(
        token,
        &format!("a {encoded}, b {encoded}"),
        "a $ADA_TOKEN, b $ADA_TOKEN",
    );
}

#[test]
fn everything_is_hidden_of_too_many_secrets() {
    let secrets = Secrets::everything("***");
    assert_eq!(secrets.hide("a text"), "***");
    assert_eq!(secrets.hide_lines("a line"), "***");
    assert_eq!(secrets.hide(""), "");
    assert!(secrets.are_in("a text"));
}

#[test]
fn a_short_word_is_hidden_as_a_word_only() {
    check(
        "none",
        "nonetheless, none of them",
        "nonetheless, $ADA_TOKEN of them",
    );
    check(
        "test",
        "/contest?key=test&a=attested",
        "/contest?key=$ADA_TOKEN&a=attested",
    );
    check(
        "test",
        "a%20test%2Fb \\u0020test",
        "a%20$ADA_TOKEN%2Fb \\u0020$ADA_TOKEN",
    );
    check("none", "Basic YTpub25l", "Basic $ADA_TOKEN");
    check("abc", "abc", "abc");
    // A finished text has words of our own.
    assert_eq!(
        secrets("none").hide_lines("none was broken"),
        "none was broken"
    );
    assert_eq!(
        secrets("none").hide_lines("Basic YTpub25l"),
        "Basic $ADA_TOKEN"
    );
}

#[test]
fn a_long_token_is_hidden_wherever_it_stands() {
    check("token-of-ada", "xtoken-of-aday", "x$ADA_TOKENy");
    check("token-of-ada", "TOKEN-OF-ADA", "$ADA_TOKEN");
    check(
        "token-of-ada",
        "cut after token-of…",
        "cut after $ADA_TOKEN…",
    );
}

#[test]
fn the_parts_of_basic_credentials_are_secrets() {
    // base64 of `ada:s3cret/word`
    check(
        "YWRhOnMzY3JldC93b3Jk",
        "you are ada, s3cret/word",
        "you are ada, $ADA_TOKEN",
    );
}

#[test]
fn json_stays_json() {
    let token = "a\"b\\c:d,e{f";
    let value = serde_json::json!({ "key": [token, "plain"], token: 1 });
    let shown = secrets(token).hide_json(&format!("{value:#}"));
    let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(read["key"], serde_json::json!(["$ADA_TOKEN", "plain"]));
}
