//! Reads the body that requests of an operation have.

use std::sync::Arc;

use serde_json::Value;

use super::Reader;
use crate::join;
use crate::request_body::RequestBody;
use crate::tree::Tree;

impl RequestBody {
    /// The body of the operation that stands at `operation`; `None` if it declares none.
    pub(crate) fn read(tree: &Arc<Tree>, operation: &str) -> Option<Self> {
        let at = join(operation, "requestBody");
        tree.at(&at)?;
        let mut reader = Reader::new(tree, Vec::new());
        let kind = |fields: &serde_json::Map<String, Value>| fields.contains_key("content");
        let (fields, pointer) = reader.resolved(&at, "request body", kind)?;
        Some(Self {
            required: fields.get("required") == Some(&Value::Bool(true)),
            media: reader.media(&pointer),
            pointer,
        })
    }
}
