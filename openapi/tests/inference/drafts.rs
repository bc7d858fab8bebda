//! Drafts of overlays read back with the document, and then give the same contracts.

use openapi::{Assume, Certainty, Contract, Document, Draft, Pagination, Source, Vendor};
use serde_json::{Value, json};

use crate::{body, operation, pins};

fn text() -> String {
    let keys = operation(
        &["starting_after: string", "limit: integer"],
        &body(&["data: []", "has_more: boolean"]),
    );
    let tokens = operation(
        &["cursor: string", "limit: integer"],
        &body(&["pins: []", "meta.next_cursor: string"]),
    );
    let pages = operation(&["page: integer", "per_page: integer"], &pins());
    let doubtful = operation(
        &["cursor: string"],
        &body(&["red: []", "blue: []", "next_cursor: string"]),
    );
    let dropshot = operation(
        &["page_token: string", "limit: integer"],
        &body(&["items: []", "next_page: string"]),
    );
    let paths = json!({
        "/keys/it's": { "get": keys }, "/tokens": { "get": tokens }, "/pages": { "get": pages },
        "/doubtful": { "get": doubtful }, "/dropshot": { "get": dropshot },
    });
    let document =
        json!({ "openapi": "3.1.0", "info": { "title": "", "version": "" }, "paths": paths });
    document.to_string()
}

fn read(overlay: Option<String>) -> Document {
    let overlays = overlay.map(|text| Source::new("d.overlay.yaml", text));
    Document::read(Source::new("d.json", text()), overlays.as_slice()).unwrap()
}

fn said(contracts: &[Contract]) -> Vec<(String, Pagination)> {
    let said = contracts.iter();
    said.map(|one| (one.operation().path.to_string(), one.pagination().clone()))
        .collect()
}

#[test]
fn in_our_words() {
    let document = read(None);
    let all = Draft::of_all();
    for draft in [Draft::default(), all] {
        let written = document.draft(draft);
        let assumed = document.assumed_as(draft.assume);
        let again = read(Some(written.clone()));
        assert_eq!(
            said(&again.contracts().unwrap()),
            said(&assumed),
            "{written}"
        );
        for contract in &assumed {
            for (_, reason) in contract.reasons() {
                assert!(written.contains(reason), "{reason}: {written}");
            }
        }
    }
    let written = document.draft(Draft::default());
    assert!(written.contains("GET /doubtful: left out"), "{written}");
    assert!(written.contains("# GET /tokens: sure"), "{written}");
    assert_eq!(document.assumed_as(all.assume).len(), 5);
}

#[test]
fn in_the_words_of_others() {
    let document = read(None);
    let assumed = said(&document.assumed());
    for (vendor, expect) in [
        (Vendor::Speakeasy, 4),
        (Vendor::Fern, 3),
        (Vendor::Stainless, 3),
        (Vendor::Dropshot, 1),
        (Vendor::Ms, 0),
    ] {
        let draft = Draft {
            vendor: Some(vendor),
            ..Draft::default()
        };
        let written = document.draft(draft);
        if expect == 0 {
            assert!(written.contains("has no words for it"), "{written}");
            continue;
        }
        let again = read(Some(written.clone()));
        let declared = Assume {
            least: Certainty::Declared,
            posts: false,
        };
        let found = said(&again.assumed_as(declared));
        assert_eq!(found.len(), expect, "{}: {written}", vendor.word());
        for (path, pagination) in &found {
            let (_, before) = assumed.iter().find(|(known, _)| known == path).unwrap();
            assert_eq!(
                mechanics(pagination),
                mechanics(before),
                "{}: {written}",
                vendor.word()
            );
        }
    }
}

/// The parts that others have words for.
fn mechanics(pagination: &Pagination) -> Value {
    let value = serde_json::to_value(pagination).unwrap();
    json!([
        value["style"],
        value["items"],
        value["request"],
        value["next"]["cursor"]
    ])
}
