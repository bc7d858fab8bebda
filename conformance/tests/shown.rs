//! Whatever a server, a document or a subject file says: no report shows a token, breaks, or grows with it.

use std::time::Duration;

use bytes::Bytes;
use conformance::report::{Form, Report, Style};
use conformance::{Facts, Lost, Options, Reply, Request, Subject, catalogue, judge};
use http::{HeaderMap, HeaderName, HeaderValue};
use openapi::{Document, Source};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Characters that change a terminal, a log, a page of Markdown or HTML, or an XML file.
const HARMFUL: &str = "\u{1b}[31m\u{1b}]0;t\u{7}\r\n::error::no\n##[error]no\n# no\n- no\n```\n</details><b>|`[a](b)\
    \u{85}\u{9b}\u{202e}\u{2066}\u{200b}\u{feff}\u{fffe}\u{ffff}\u{2028}\u{e0041}]]>&\"'";

/// A document with the harmful characters in each text that it may choose.
fn document() -> Document {
    let text = json!({
        "openapi": "3.0.3",
        "info": { "title": HARMFUL, "version": HARMFUL },
        "paths": { "/shelves/{shelf}/books": { "get": {
            "operationId": "listBooks",
            "summary": HARMFUL,
            "description": HARMFUL,
            "security": [{ "key": [] }],
            "parameters": [
                { "name": "shelf", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "after", "in": "query", "schema": { "type": "string" } },
                { "name": "limit", "in": "query",
                    "schema": { "type": "integer", "minimum": 1, "maximum": 50, "default": 10 } },
                { "name": "language", "in": "query", "required": true, "example": HARMFUL,
                    "schema": { "type": "string" } },
            ],
            "responses": { "200": { "description": HARMFUL, "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["books", "more"],
                "properties": {
                    "more": { "type": "boolean" },
                    "books": { "type": "array", "items": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {
                            "id": { "type": "string" },
                            "title": { "type": "string", "maxLength": 3 },
                            "kind": { "type": "string", "enum": ["novel", HARMFUL] },
                        },
                    } },
                },
            } } } } },
            "x-pagination": {
                "style": "cursor",
                "items": "$.books",
                "key": "$.id",
                "request": {
                    "cursor": { "in": "query", "name": "after" },
                    "limit": { "in": "query", "name": "limit" },
                },
                "next": { "cursor": "$.books[-1:].id", "more": "$.more" },
            },
        } } },
        "components": { "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } } },
    });
    Document::read(Source::new("books.json", text.to_string()), &[]).unwrap()
}

/// A subject file with a token, and with `text` as every name and reason that it may choose.
fn subject_file(token: &str, text: &str) -> String {
    let reason = json!({ "level": "INFO", "reason": text });
    json!({
        "callers": { text: { "token": token }, "other": { "token": "the-other-token" } },
        "timelines": { "books": [
            { "id": "s1", "owner": text, "events": 3 },
            { "id": text, "owner": text },
            { "id": "s3", "owner": "other" },
        ] },
        "levels": { "order-is-stable": reason, "page-count-is-minimal": reason },
    })
    .to_string()
}

/// A server that says `text` wherever it can.
fn saying(headers: &HeaderMap, body: &str) -> Reply {
    Reply {
        status: 200,
        headers: headers.clone(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    }
}

fn headers(text: &str) -> HeaderMap {
    let visible: Vec<u8> = text
        .bytes()
        .filter(|byte| *byte >= 0x20 && *byte != 0x7f)
        .collect();
    let value = HeaderValue::from_bytes(&visible).unwrap();
    let json = HeaderValue::from_static("application/json");
    [
        (http::header::CONTENT_TYPE, json),
        (HeaderName::from_static("x-said"), value),
    ]
    .into_iter()
    .collect()
}

/// A page whose ids, values and further keys hold `text`.
fn page(text: &str) -> String {
    let book = |id: usize| {
        let id = format!("{text}{id}");
        json!({ "id": id, "title": text, "kind": text, text: { text: [text] } })
    };
    let books: Vec<Value> = (0..3).map(book).collect();
    json!({ "books": books, "more": false, "said": text, text: text }).to_string()
}

/// Every format of the report of a run, by name.
fn written(
    token: &str,
    text: &str,
    subject: &dyn Subject,
    laws: &[&str],
) -> Vec<(&'static str, String)> {
    let file = subject_file(token, text);
    let facts = Facts::of(&[document()], &Source::new("subject.json", file)).unwrap();
    // The law that measures time takes long.
    let steady = catalogue::LAWS.iter().filter(|law| law.conduct.is_steady());
    let steady: Vec<_> = steady.map(|law| law.id).collect();
    let laws = if laws.is_empty() { &steady } else { laws };
    let options = Options {
        cases: 2,
        shrinks: 8,
        laws: laws.iter().map(ToString::to_string).collect(),
        ..Options::default()
    };
    let judged = facts
        .iter()
        .map(|(contract, facts)| {
            let judgement = judge(contract, facts, subject, &options, &mut |_| {});
            (contract, facts, judgement)
        })
        .collect();
    let report = Report::new("http://localhost", 1, false, judged, Duration::ZERO);
    let terminal = report.terminal(Style {
        colours: false,
        verbose: true,
    });
    let formats = Form::ALL
        .iter()
        .map(|(name, form)| (*name, report.written(*form)));
    formats.chain([("terminal", terminal)]).collect()
}

/// Laws that are broken by a page of anything, and quote it.
const FEW: [&str; 4] = [
    "answers-match-their-schema",
    "values-stay-in-their-sets",
    "credentials-are-required",
    "status-is-declared",
];

#[test]
fn no_character_of_others_breaks_a_report() {
    let (page, headers) = (page(HARMFUL), headers(HARMFUL));
    let server = |_: &Request| -> Result<Reply, Lost> { Ok(saying(&headers, &page)) };
    for (format, report) in written("the-token-of-ada", HARMFUL, &server, &[]) {
        for one in HARMFUL
            .chars()
            .filter(|one| !one.is_ascii() || one.is_control())
        {
            assert!(
                one == '\n' || !report.contains(one),
                "{format} shows {one:?}"
            );
        }
        assert!(!report.contains("##["), "{format} has a command");
        let lines = || report.lines().map(str::trim_start);
        match format {
            "github" => {
                let starts = ["::error title=", "::warning title=", "::notice title="];
                assert!(lines().all(|line| starts.iter().any(|start| line.starts_with(start))));
            }
            "junit" => drop(roxmltree::Document::parse(&report).unwrap()),
            "json" => drop(serde_json::from_str::<Value>(&report).unwrap()),
            "html" => assert!(!report.contains("<b>|")),
            "markdown" => {
                let headings: Vec<_> = lines().filter(|line| line.starts_with('#')).collect();
                assert_eq!(
                    headings,
                    ["## Conformance: a law was broken", "### books/listBooks"]
                );
                let open = lines().filter(|line| line.starts_with("<details")).count();
                let closed = lines().filter(|line| *line == "</details>").count();
                assert_eq!(open, closed);
            }
            _ => {}
        }
        assert!(
            !lines().any(|line| line.starts_with("::") && format != "github"),
            "{format}"
        );
    }
}

#[test]
fn no_report_grows_with_a_servers_values() {
    let long = "long".repeat(1 << 16);
    let (page, headers) = (page(&long), headers("short"));
    let server = |_: &Request| -> Result<Reply, Lost> { Ok(saying(&headers, &page)) };
    for (format, report) in written("the-token-of-ada", "short", &server, &FEW) {
        assert!(
            report.len() < 1 << 18,
            "{format} has {} bytes",
            report.len()
        );
        assert!(
            format == "github" || report.contains(" bytes)"),
            "{format} does not say how much"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_report_shows_a_token_that_the_server_repeats(
        token in r#"[!-~]{10,30}|[a-z]{4}[\\"'<>&%/+=?#:;]{1,6}[A-Z0-9]{6}"#,
        form in 0..6_usize,
    ) {
        let server = |request: &Request| -> Result<Reply, Lost> {
            let sent = request.header("authorization").unwrap_or_default();
            let token = sent.strip_prefix("Bearer ").unwrap_or(sent);
            let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("me:{token}"));
            let html = token.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let said = match form {
                0 => token.to_owned(),
                1 => percent_encoding::utf8_percent_encode(token, percent_encoding::NON_ALPHANUMERIC).to_string(),
                2 => format!("Basic {encoded}"),
                3 => html,
                4 => Value::from(token).to_string(),
                _ => format!("'{}'", token.replace('\'', r"'\''")),
            };
            let mut reply = saying(&headers(&said), &page(&said));
            if form == 5 {
                // No UTF-8, and no JSON.
                reply.body = [b"\xff\xfe said ", said.as_bytes()].concat().into();
            }
            Ok(reply)
        };
        let json = Value::from(token.as_str()).to_string();
        let parts = [
            token.clone(),
            json[1..json.len() - 1].to_owned(),
            percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC).to_string(),
            token.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
            token.replace('\'', r"'\''"),
        ];
        let bits = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("me:{token}"));
        for (format, report) in written(&token, "ada", &server, &FEW) {
            for part in parts.iter().chain([&bits]) {
                prop_assert!(!report.contains(part.as_str()), "{format} shows {part}: {report}");
            }
        }
    }
}
