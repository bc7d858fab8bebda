//! What is published beside the code: the documents as they were published, and our own formats.

use std::fs;
use std::path::{Path, PathBuf};

use openapi::{Document, Source, published_files};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// FNV-1a, 64 bits: enough to notice an edit.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_published_document_is_as_it_was_published() {
    let bytes = fs::read(folder("documents/wandb-training.yaml")).unwrap();
    assert_eq!(
        (bytes.len(), fingerprint(&bytes)),
        (3994, 0x4c1a_8e8d_4e74_ef61)
    );
}

#[test]
fn published_files_are_fresh() {
    for (path, text) in published_files() {
        let written = fs::read_to_string(folder(path)).unwrap_or_default();
        assert!(
            written == text,
            "{path} is stale: run `cargo xtask codegen`"
        );
    }
}

fn overlay_validator() -> jsonschema::Validator {
    let [(_, schema), _] = published_files();
    jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
}

#[test]
fn bundled_overlays_fit_their_schema() {
    let validator = overlay_validator();
    let mut checked = 0;
    for entry in fs::read_dir(folder("overlays")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let overlay = Source::open(&path).unwrap().parse().unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&overlay)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
            checked += 1;
        }
    }
    assert_eq!(checked, Document::bundled().unwrap().len());
}

#[test]
fn the_schema_of_overlays_knows_our_vocabulary() {
    let validator = overlay_validator();
    let path = folder("overlays/wandb-training.overlay.yaml");
    let text = fs::read_to_string(path).unwrap();
    for (right, wrong) in [
        ("style: cursor", "stile: cursor"),
        ("items: $.data", "items: $..data"),
        ("bound: exclusive", "bound: open"),
        ("status: 422", "status: wrong"),
        ("target:", "aim:"),
    ] {
        assert!(text.contains(right), "{right}");
        let overlay = Source::new("o.yaml", text.replace(right, wrong))
            .parse()
            .unwrap();
        assert!(!validator.is_valid(&overlay), "{wrong}");
    }
}
