//! The JSON Schemas of this crate's own formats, for editors and for other tools.

use serde_json::{Value, json};

use crate::overlay;
use crate::pagination::Extensions;

/// Each published schema, under its file's name in `openapi/overlays/`.
///
/// `x-pagination.schema.json` describes what may be said of an operation in a document;
/// `overlay.schema.json` an OpenAPI Overlay 1.0 file that says it beside one.
pub fn published_schemas() -> [(&'static str, Value); 2] {
    let mut extensions: Value = schemars::schema_for!(Extensions).into();
    extensions["title"] = json!("How an operation pages");
    [
        ("overlay.schema.json", overlay::json_schema()),
        ("x-pagination.schema.json", extensions),
    ]
}
