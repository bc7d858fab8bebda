//! What a file is that was given as something else.

use serde_json::Value;

/// A kind of file, and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// The kind with its article: `an OpenAPI document`.
    pub name: &'static str,
    /// What to do with it.
    pub cure: &'static str,
}

const fn kind(name: &'static str, cure: &'static str) -> FileKind {
    FileKind { name, cure }
}

const PAGE: FileKind = kind(
    "an HTML page",
    "give the address of the document itself, and not of a page that shows it",
);

const XML: FileKind = kind("an XML file", "give a document in YAML or JSON");

const NOTHING: FileKind = kind("an empty file", "check that the file was written");

const DOCUMENT: FileKind = kind(
    "an OpenAPI document",
    "give it as a document, and not as an overlay or a scenario",
);

const HAR: FileKind = kind(
    "an HTTP archive (HAR)",
    "give the OpenAPI document of the API; an archive holds requests that were recorded",
);

const POSTMAN: FileKind = kind(
    "a Postman collection",
    "convert it to OpenAPI first, with a tool of your choice",
);

const SCENARIO: FileKind = kind(
    "a scenario",
    "give it with `--scenario`, beside its document",
);

const SCHEMA: FileKind = kind(
    "a JSON Schema",
    "put it under `components.schemas` of a document, and name it in the answer of an operation",
);

/// Kinds that one key, or two keys together, give away.
const BY_KEYS: [(&[&str], FileKind); 8] = [
    (&["openapi"], DOCUMENT),
    (&["swagger"], DOCUMENT),
    (
        &["overlay", "actions"],
        kind(
            "an overlay",
            "give it with `--overlay`, beside its document",
        ),
    ),
    (
        &["asyncapi"],
        kind(
            "an AsyncAPI document",
            "give the OpenAPI document of the same service; channels of messages are not served",
        ),
    ),
    (
        &["arazzo"],
        kind(
            "an Arazzo document",
            "give the OpenAPI documents that it names",
        ),
    ),
    (
        &["callers"],
        kind(
            "a subject file",
            "give it with `--subject`, to `conformance check`",
        ),
    ),
    (&["owners"], SCENARIO),
    (&["timelines"], SCENARIO),
];

impl FileKind {
    /// Whether it is a scenario.
    pub fn is_scenario(self) -> bool {
        self.name == SCENARIO.name
    }

    /// The kind of a text that need not be YAML.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let begins = |word: &str| {
            let start = text.get(..word.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        if text.is_empty() {
            Some(NOTHING)
        } else if begins("<!doctype html") || begins("<html") {
            Some(PAGE)
        } else if begins("<") {
            Some(XML)
        } else {
            None
        }
    }

    /// The kind of a file with these values, if it is a known one.
    pub fn of(root: &Value) -> Option<Self> {
        let known = BY_KEYS.iter();
        let mut known = known.filter(|(keys, _)| keys.iter().all(|key| root.get(key).is_some()));
        if let Some((_, kind)) = known.next() {
            return Some(*kind);
        }
        let has = |pointer: &str| root.pointer(pointer).is_some();
        let schema = root.pointer("/info/schema").and_then(Value::as_str);
        if has("/log/entries") {
            Some(HAR)
        } else if has("/info/_postman_id") || schema.is_some_and(|one| one.contains("getpostman")) {
            Some(POSTMAN)
        } else if has("/$schema") || (has("/type") && has("/properties")) {
            Some(SCHEMA)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_told_by_their_keys() {
        for (root, name) in [
            (json!({ "openapi": "3.1.0" }), "an OpenAPI document"),
            (json!({ "log": { "entries": [] } }), "an HTTP archive (HAR)"),
            (
                json!({ "info": { "_postman_id": "x" } }),
                "a Postman collection",
            ),
            (
                json!({ "info": { "schema": "https://schema.getpostman.com/x" } }),
                "a Postman collection",
            ),
            (json!({ "$schema": "x" }), "a JSON Schema"),
            (json!({ "asyncapi": "3.0.0" }), "an AsyncAPI document"),
            (json!({ "overlay": "1.0.0", "actions": [] }), "an overlay"),
            (json!({ "owners": [] }), "a scenario"),
        ] {
            assert_eq!(FileKind::of(&root).map(|kind| kind.name), Some(name));
        }
        for root in [
            json!(null),
            json!([]),
            json!("x"),
            json!({ "info": 7, "log": [] }),
        ] {
            assert_eq!(FileKind::of(&root), None);
        }
    }

    #[test]
    fn texts_that_are_no_yaml_are_told_by_their_beginning() {
        for (text, name) in [
            ("", "an empty file"),
            ("\u{feff} \n", "an empty file"),
            ("<!DOCTYPE html><p>", "an HTML page"),
            ("\n<HTML>", "an HTML page"),
            ("<?xml version='1.0'?>", "an XML file"),
        ] {
            let kind = FileKind::of_text(text);
            assert_eq!(kind.map(|kind| kind.name), Some(name), "{text:?}");
        }
        assert_eq!(FileKind::of_text("a: <b>"), None);
        assert_eq!(FileKind::of_text("é"), None);
    }
}
