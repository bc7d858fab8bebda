//! No text that is handed in, however wrong, makes the reader panic.

use openapi::{Document, PathTemplate, Selector, Source};
use proptest::prelude::*;

const DOCUMENT: &str = include_str!("../documents/wandb-training.yaml");
const OVERLAY: &str = include_str!("../overlays/wandb-training.overlay.yaml");

/// Reads the texts as far as they can be read, and words what is wrong.
fn read(document: &str, overlay: &str) {
    for name in ["d.yaml", "d.json"] {
        let overlays = [Source::new("o.yaml", overlay)];
        let read = Document::read(Source::new(name, document), &overlays);
        match read.and_then(|document| document.contracts()) {
            Ok(contracts) => {
                for contract in contracts {
                    contract
                        .body()
                        .violations(&serde_json::json!({ "data": [{}] }));
                    contract.limit_bounds();
                }
            }
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
}

/// `text` with a piece of it replaced.
fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let characters: Vec<char> = text.chars().collect();
    let piece = prop_oneof![
        "[ -~\n]{0,6}",
        any::<String>(),
        Just(" $ref: '#/'".to_owned()),
        Just("[[[[".to_owned())
    ];
    (0..characters.len(), 0..40_usize, piece).prop_map(move |(start, length, piece)| {
        let end = (start + length).min(characters.len());
        let before = characters[..start].iter();
        before
            .copied()
            .chain(piece.chars())
            .chain(characters[end..].iter().copied())
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_texts(text in any::<String>()) {
        read(&text, OVERLAY);
        read(DOCUMENT, &text);
        let _: Result<Selector, _> = text.parse();
        PathTemplate::new(&text).captures(&text);
    }

    #[test]
    fn damaged_documents(document in damaged(DOCUMENT)) {
        read(&document, OVERLAY);
    }

    #[test]
    fn damaged_overlays(overlay in damaged(OVERLAY)) {
        read(DOCUMENT, &overlay);
    }
}

#[test]
fn deep_nesting() {
    for open in ["[", "{\"a\":", "- ", "{a: "] {
        let text = open.repeat(1_000);
        read(&text, OVERLAY);
        assert!(
            !Source::new("d.yaml", text)
                .problem("#/0/0", "deep")
                .to_string()
                .is_empty()
        );
    }
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]\nh: [*g, *g, *g, *g, *g, *g, *g, *g, *g]\n";
    read(bomb, OVERLAY);
}

#[test]
fn surrogates_in_json() {
    for text in [
        "{\"openapi\": \"3.1.0\", \"a\": \"\\ud83d\"}",
        "{\"openapi\": \"3.1.0\", \"a\": \"\\ude00\\ud83d\"}",
        "{\"openapi\": \"3.1.0\", \"\\ud83d\": 1}",
        "{\"openapi\": \"3.1.0\", \"a\": \"\\ud8é\"}",
        "{\"openapi\": \"3.1.0\", \"a\": \"\\ud83",
    ] {
        read(text, OVERLAY);
    }
    let text = "{\"openapi\": \"3.1.0\", \"a\": \"\\ud83d\\ude00\",\n \"b\": {\"$ref\": \"#/c\"}}";
    let read = Document::read(Source::new("d.json", text), &[]).unwrap();
    assert_eq!(read.warnings()[0].place().as_deref(), Some("d.json:2:8"));
}
