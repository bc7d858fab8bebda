//! What is guessed of how operations page: kinds, traps, the words of others, and drafts of overlays.

mod declared;
mod drafts;
mod kinds;
mod traps;

use openapi::{Certainty, Document, Source};
use serde_json::{Value, json};

/// A document of these paths.
fn document(paths: &Value) -> Document {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "paths": paths,
    });
    Document::read(Source::new("d.json", document.to_string()), &[]).unwrap()
}

/// Parameters in the query, from words: `after: string`; what stands behind a second colon is the description.
fn query(words: &[&str]) -> Value {
    let parameters = words.iter().map(|word| {
        let mut parts = word.splitn(3, ':').map(str::trim);
        let (name, kind) = (parts.next().unwrap(), parts.next().unwrap());
        let schema = match kind.split_once('/') {
            Some((kind, format)) => json!({ "type": kind, "format": format }),
            None => json!({ "type": kind }),
        };
        json!({ "name": name, "in": "query", "schema": schema, "description": parts.next().unwrap_or_default() })
    });
    parameters.collect()
}

/// An operation with these parameters and this body.
fn operation(words: &[&str], body: &Value) -> Value {
    json!({
        "parameters": query(words),
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": body } } } },
    })
}

/// A list of pins.
fn pins() -> Value {
    json!({ "type": "array", "items": {
        "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } },
    } })
}

/// An object with these fields, from words: `next: string`; `pins: []` is the list, and `page.next: string` lies in
/// an object.
fn body(words: &[&str]) -> Value {
    let mut body = json!({ "type": "object", "properties": {} });
    for word in words {
        let (path, kind) = word.split_once(':').unwrap();
        let schema = match kind.trim() {
            "[]" => pins(),
            "url" => json!({ "type": ["string", "null"], "format": "uri" }),
            kind => json!({ "type": [kind, "null"] }),
        };
        let mut at = &mut body;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let inner = if names.peek().is_some() {
                json!({ "type": "object", "properties": {} })
            } else {
                schema.clone()
            };
            at = at["properties"]
                .as_object_mut()
                .unwrap()
                .entry(name)
                .or_insert(inner);
        }
    }
    body
}

/// What is guessed of the only list of a document: the members of `x-pagination` at these places, and how sure it is.
fn guess(document: &Document) -> Option<(Value, Certainty)> {
    let proposals = document.proposals();
    let first = proposals.first()?;
    let pagination = serde_json::to_value(&first.proposal.pagination).unwrap();
    assert!(!first.proposal.reasons.is_empty());
    Some((pagination, first.proposal.certainty))
}

/// The list at `/pins` with these parameters and this body is guessed to have these members, as sure as this.
fn check(words: &[&str], body: &Value, expect: &[(&str, &str)], certainty: Certainty) {
    let document = document(&json!({ "/pins": { "get": operation(words, body) } }));
    let (found, sure) = guess(&document).unwrap_or_else(|| panic!("{words:?}: nothing"));
    for (at, expect) in expect {
        let found = found.pointer(at).unwrap_or(&Value::Null);
        let found = found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned);
        assert_eq!(found, *expect, "{words:?}: {at}");
    }
    assert_eq!(sure, certainty, "{words:?}");
}

/// The same list is guessed not to page.
fn check_none(words: &[&str], body: &Value) {
    let document = document(&json!({ "/pins": { "get": operation(words, body) } }));
    let found = guess(&document);
    assert!(found.is_none(), "{words:?}: {found:?}");
}
