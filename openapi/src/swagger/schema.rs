//! Schemas of Swagger 2.0 in the words of 3.0.

use serde_json::{Map, Value, json};

use super::{Conversion, Written};
use crate::keys::Inside;

impl<'c> Conversion<'c> {
    /// A schema; all of it stays beneath its own place.
    pub(super) fn schema(&mut self, written: &Written<'c>, at: &str) -> Value {
        self.moves(at, &written.at);
        let mut schema = written.value.clone();
        reword(&mut schema, Inside::Object);
        schema
    }
}

/// Puts the keywords of 2.0 into those of 3.0.
fn reword(value: &mut Value, inside: Inside) {
    match value {
        Value::Object(fields) => {
            if inside == Inside::Object {
                reword_keywords(fields);
            }
            for (key, inner) in fields.iter_mut() {
                let inside = inside.of(key, inner);
                if inside != Inside::Data {
                    reword(inner, inside);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                reword(item, Inside::Object);
            }
        }
        _ => {}
    }
}

fn reword_keywords(fields: &mut Map<String, Value>) {
    if let Some(Value::String(property)) = fields.get("discriminator") {
        let discriminator = json!({ "propertyName": property });
        fields.insert("discriminator".to_owned(), discriminator);
    }
    if fields.get("x-nullable") == Some(&Value::Bool(true)) {
        fields.insert("nullable".to_owned(), true.into());
    }
    if fields.get("type") == Some(&json!("file")) {
        fields.insert("type".to_owned(), "string".into());
        fields.insert("format".to_owned(), "binary".into());
    }
}
