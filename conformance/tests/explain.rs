//! `conformance explain`: promises with their reasons, and laws by id.

use std::path::Path;
use std::process::Command;

/// The program's output for these arguments.
fn printed(arguments: &[&str]) -> String {
    let mut explain = Command::new(env!("CARGO_BIN_EXE_conformance"));
    let output = explain.arg("explain").args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_promises_of_each_operation_are_explained() {
    let text = printed(&[]);
    for line in [
        "wandb-training: GET /v1/preview/training-jobs/{training_job_id}/events",
        "  yes  a cursor names one item, or nothing",
        "  no   a request says how many items it wants, because the operation has no limit",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_law_is_explained_by_its_id() {
    let text = printed(&["walks-end"]);
    assert!(text.starts_with("walks-end (MUST, Walk)"), "{text}");
    let text = printed(&["walk-ends"]);
    assert!(text.contains("there is no law `walk-ends`"), "{text}");
}

#[test]
fn a_strict_reading_refuses_a_document_with_flaws() {
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flawed.yaml");
    let text =
        "openapi: 3.1.0\npaths: { /a: { get: { responses: { 200: { $ref: '#/gone' } } } } }\n";
    std::fs::write(&document, text).unwrap();
    let arguments = ["--document", document.to_str().unwrap()];
    let text = printed(&arguments);
    assert!(!text.contains("leads nowhere"), "{text}");
    let text = printed(&[&arguments[..], &["--strict-document"]].concat());
    assert!(text.contains("`$ref: #/gone` leads nowhere"), "{text}");
}
