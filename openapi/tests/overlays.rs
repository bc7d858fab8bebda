//! What an overlay does to a document, and where its words are cited from.

use openapi::{Document, Source};
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: a, version: '1' }
list: [a, b, c]
object: { kept: 1, changed: { from: 1 }, lost: 1 }
";

fn overlaid(actions: &[&str]) -> Document {
    let actions = actions.join("\n  - ");
    let overlay =
        format!("overlay: 1.0.0\ninfo: {{ title: o, version: '1' }}\nactions:\n  - {actions}\n");
    let overlay = Source::new("o.yaml", overlay);
    Document::read(Source::new("d.yaml", DOCUMENT), &[overlay]).unwrap()
}

#[test]
fn objects_merge_and_lists_grow() {
    let document = overlaid(&[
        "{ target: $.object, update: { changed: { to: 2 }, new: [1] }, x-why: because }",
        "{ target: $.object.lost, remove: true }",
        "{ target: $.list, update: d }",
        "{ target: $.list, update: [e, f] }",
        "{ target: $.object.kept, update: { replaced: true } }",
    ]);
    let expect = json!({"kept": {"replaced": true}, "changed": {"from": 1, "to": 2}, "new": [1]});
    assert_eq!(document.at("#/object"), Some(&expect));
    assert_eq!(
        document.at("#/list"),
        Some(&json!(["a", "b", "c", "d", "e", "f"]))
    );
}

#[test]
fn every_match_is_changed() {
    let document = overlaid(&["{ target: '$.list[0,2]', remove: true }"]);
    assert_eq!(document.at("#/list"), Some(&json!(["b"])));
    let document = overlaid(&["{ target: '$.list[*]', update: z }"]);
    assert_eq!(document.at("#/list"), Some(&json!(["z", "z", "z"])));
}

#[test]
fn citations_name_the_file_that_wrote_the_place() {
    let document = overlaid(&[
        "{ target: $, update: { object: { changed: { to: { deep: 2 } } }, list: [d, e] } }",
        "{ target: $.object.changed.to, update: { more: 3 } }",
        "{ target: '$.list[1,3]', remove: true }",
    ]);
    for (pointer, cited) in [
        ("#/info", "d.yaml#/info"),
        ("#/object/changed", "d.yaml#/object/changed"),
        ("#/object/changed/from", "d.yaml#/object/changed/from"),
        (
            "#/object/changed/to",
            "o.yaml#/actions/0/update/object/changed/to",
        ),
        (
            "#/object/changed/to/deep",
            "o.yaml#/actions/0/update/object/changed/to/deep",
        ),
        (
            "#/object/changed/to/none",
            "o.yaml#/actions/0/update/object/changed/to/none",
        ),
        ("#/object/changed/to/more", "o.yaml#/actions/1/update/more"),
        (
            "#/object/changed/together",
            "d.yaml#/object/changed/together",
        ),
        ("#/list/1", "d.yaml#/list/1"),
        ("#/list/2", "o.yaml#/actions/0/update/list/1"),
    ] {
        assert_eq!(document.cite(pointer), cited);
    }
    assert_eq!(document.at("#/list"), Some(&json!(["a", "c", "e"])));
}
