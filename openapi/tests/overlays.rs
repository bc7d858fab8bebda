//! What an overlay does to a document, and where its words are cited from.

use openapi::{Document, Problem, Source};
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: a, version: '1' }
list: [a, b, c]
object: { kept: 1, changed: { from: 1 }, lost: 1 }
";

fn overlaid(actions: &[&str]) -> Document {
    read(actions).unwrap()
}

fn read(actions: &[&str]) -> Result<Document, Problem> {
    let actions = actions.join("\n  - ");
    let overlay =
        format!("overlay: 1.0.0\ninfo: {{ title: o, version: '1' }}\nactions:\n  - {actions}\n");
    let overlay = Source::new("o.yaml", overlay);
    Document::read(Source::new("d.yaml", DOCUMENT), &[overlay])
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

#[test]
fn filters_inside_each_other_have_a_bound() {
    let action = |target: &str| {
        let target = serde_json::Value::from(target);
        read(&[&format!("{{ target: {target}, update: z }}")]).map(|_| ())
    };
    let nested = |open: &str, count: usize, end: &str, close: &str| {
        format!("$[{}{end}{}]", open.repeat(count), close.repeat(count - 1))
    };
    // Whole ones, and ones that never end.
    for target in [
        nested("?@[", 40, "?@.a", "]"),
        "$[?(@.a".repeat(400),
        "$..a[?(@.b['x'".repeat(400),
    ] {
        let problem = action(&target).unwrap_err().to_string();
        assert!(
            problem.contains("more than 8 filters inside each other"),
            "{problem}"
        );
    }
    // Filters beside each other, and texts with question marks, are no filters inside each other.
    let beside = vec!["?@.kept"; 40].join(", ");
    assert!(
        action(&format!("$.list[{beside}]"))
            .unwrap_err()
            .to_string()
            .contains("matches nothing")
    );
    let text = "?[".repeat(40);
    assert!(
        !action(&format!("$['{text}']"))
            .unwrap_err()
            .to_string()
            .contains("inside")
    );
}
