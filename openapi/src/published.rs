//! Files that are generated from this crate: the JSON Schemas of our own formats, for editors and other
//! tools.

use serde_json::{Value, json};

use crate::overlay;
use crate::pagination::Extensions;

/// Each published file: its path inside this crate's folder, and what it holds.
///
/// `x-pagination.schema.json` describes what may be said of an operation in a document;
/// `overlay.schema.json` an OpenAPI Overlay 1.0 file that says it beside one.
pub fn published_files() -> [(&'static str, String); 2] {
    let mut extensions: Value = schemars::schema_for!(Extensions).into();
    extensions["title"] = json!("How an operation pages");
    let pretty = |schema: Value| format!("{schema:#}\n");
    [
        (
            "overlays/overlay.schema.json",
            pretty(overlay::json_schema()),
        ),
        ("overlays/x-pagination.schema.json", pretty(extensions)),
    ]
}
