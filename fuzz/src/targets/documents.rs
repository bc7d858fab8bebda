//! Files that a program reads at its start: documents, overlays, and scenarios.

use std::sync::LazyLock;

use fixtures::Scenario;
use mock_server::{Mock, Plan};
use openapi::{Document, Source};

use super::world::{BUNDLED, ask_each, mock, now, text};

/// A document that overlays are applied to.
const NOTES: &str = include_str!("../../seeds/document/notes.yaml");

/// The documents that scenarios are for.
static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| BUNDLED.documents().to_vec());

/// Reads a document, and serves it.
pub(super) fn document(bytes: &[u8]) {
    let name = if bytes.starts_with(b"{") {
        "fuzz.json"
    } else {
        "fuzz.yaml"
    };
    serve(Source::new(name, text(bytes)), &[]);
}

/// Reads an overlay for a document, and serves what it makes of it.
pub(super) fn overlay(bytes: &[u8]) {
    let overlay = Source::new("fuzz.overlay.yaml", text(bytes));
    serve(Source::new("fuzz.yaml", NOTES), &[overlay]);
}

/// Reads a scenario of the bundled documents, and serves it.
pub(super) fn scenario(bytes: &[u8]) {
    let read = Scenario::read(Source::new("fuzz.yaml", text(bytes)));
    let plan = read.and_then(|scenario| Plan::of(&DOCUMENTS, scenario, 1, now()));
    match plan.and_then(Mock::new) {
        Ok(mock) => {
            mock.resources(now());
            ask_each(&mock);
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}

fn serve(source: Source, overlays: &[Source]) {
    match Document::read(source, overlays) {
        Ok(document) => {
            for warning in document.warnings() {
                assert!(!warning.to_string().is_empty());
            }
            if let Err(problem) = document.contracts() {
                assert!(!problem.to_string().is_empty());
            }
            if let Some(mock) = mock(&document) {
                ask_each(&mock);
            }
        }
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}
