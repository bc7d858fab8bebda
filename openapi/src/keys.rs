//! What the keys of a document's objects are: the specification's words, or names that the author chose.
//!
//! A property may be called `$ref`, and an example may look like a schema; who walks a document without
//! knowing which is which finds references that are none.

use serde_json::Value;

/// What the keys of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// The specification's words.
    Object,
    /// Names that the author chose; what stands under each is an object of the specification.
    Names,
    /// The author's own: an example, a default, an extension.
    Data,
}

impl Inside {
    /// What `value` is, which stands under `key` of an object that is `self`.
    pub(crate) fn of(self, key: &str, value: &Value) -> Self {
        match (self, key) {
            (Self::Data, _)
            | (Self::Object, "example" | "examples" | "default" | "enum" | "const" | "mapping") => {
                Self::Data
            }
            (Self::Object, FILES) => Self::Names,
            (Self::Object, extension) if extension.starts_with("x-") => Self::Data,
            (Self::Object, map) if value.is_object() && MAPS.contains(&map) => Self::Names,
            (Self::Object | Self::Names, _) => Self::Object,
        }
    }
}

/// The key of a document under which its other files stand, once they are bundled.
pub(crate) const FILES: &str = "x-eventline-files";

/// The words under which names stand. `parameters`, of an operation, is a list as well.
const MAPS: [&str; 21] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
];
