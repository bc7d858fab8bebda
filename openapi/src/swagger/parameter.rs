//! Parameters and headers of Swagger 2.0, whose types stand beside their names.

use serde_json::{Map, Value, json};

use super::{Conversion, Written, kept};
use crate::join;

/// The keys of a parameter that 3.0 has under the same names.
const SAME: [&str; 7] = [
    "$ref",
    "name",
    "in",
    "description",
    "required",
    "allowEmptyValue",
    "deprecated",
];

/// The keys of a parameter that belong to its schema.
const SCHEMA: [&str; 17] = [
    "type",
    "format",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "title",
    "x-nullable",
];

impl<'c> Conversion<'c> {
    /// A parameter that stands for no body, or a header of an answer.
    pub(super) fn parameter(&mut self, written: &Written<'c>, at: &str) -> Value {
        self.moves(at, &written.at);
        if !written.value.is_object() {
            return written.value.clone();
        }
        let mut converted = kept(written, &SAME);
        if let Some(example) = written.value.get("x-example") {
            converted.insert("example".to_owned(), example.clone());
        }
        if written.value.get("schema").is_some() {
            // It is not of this version, but says what is meant.
            let schema = written.get("schema");
            let schema = schema.map(|one| self.schema(&one, &join(at, "schema")));
            converted.extend(schema.map(|schema| ("schema".to_owned(), schema)));
        } else if written.value.get("type").is_some() {
            let schema = self.schema_beside(written, &join(at, "schema"));
            converted.insert("schema".to_owned(), schema);
        }
        if written.text("type") == Some("array") {
            let place = written.text("in").unwrap_or("header");
            converted.extend(self.style(written, place));
        }
        converted.into()
    }

    /// The schema whose keywords stand beside the name of a parameter or header, or in `items`.
    pub(super) fn schema_beside(&mut self, written: &Written<'c>, at: &str) -> Value {
        self.moves(at, &written.at);
        let fields = written.fields();
        let fields = fields.filter(|(key, _)| SCHEMA.contains(&key.as_str()));
        let mut schema: Map<_, _> = fields
            .map(|(key, one)| (key.clone(), one.value.clone()))
            .collect();
        if schema.remove("x-nullable") == Some(Value::Bool(true)) {
            schema.insert("nullable".to_owned(), true.into());
        }
        if schema.get("type") == Some(&json!("file")) {
            schema.insert("type".to_owned(), "string".into());
            schema.insert("format".to_owned(), "binary".into());
        }
        if let Some(items) = written.get("items") {
            if items.text("type") == Some("array") && items.value.get("collectionFormat").is_some()
            {
                self.warn(
                    &join(&items.at, "collectionFormat"),
                    "`collectionFormat` of a list within a list has no counterpart in OpenAPI 3",
                    "declare the parameter with `content`; it is read as JSON says",
                );
            }
            let inner = if items.value.get("$ref").is_some() {
                self.schema(&items, &join(at, "items"))
            } else {
                self.schema_beside(&items, &join(at, "items"))
            };
            schema.insert("items".to_owned(), inner);
        }
        schema.into()
    }

    /// `style` and `explode` for the `collectionFormat` of a list in this place.
    pub(super) fn style(&mut self, written: &Written<'c>, place: &str) -> Vec<(String, Value)> {
        let format = written.text("collectionFormat").unwrap_or("csv");
        let style = match (format, place) {
            ("csv", "path" | "header") => return Vec::new(),
            ("csv", _) => ("form", false),
            ("multi", "query" | "formData") => ("form", true),
            ("ssv", "query" | "formData") => ("spaceDelimited", false),
            ("pipes", "query" | "formData") => ("pipeDelimited", false),
            _ => {
                let message = format!(
                    "`collectionFormat: {format}` in {place} has no counterpart in OpenAPI 3"
                );
                let cure =
                    "use `csv`, or `multi`, `ssv` or `pipes` in a query; it is read as `csv`";
                self.warn(&join(&written.at, "collectionFormat"), message, cure);
                return Vec::new();
            }
        };
        vec![
            ("style".to_owned(), style.0.into()),
            ("explode".to_owned(), style.1.into()),
        ]
    }
}
