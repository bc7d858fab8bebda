//! Changing the references of a document, wherever it has them.

use serde_json::{Map, Value};

use crate::keys::Inside;

/// Puts what `change` gives for a reference in its place: every `$ref`, and every place that a
/// `discriminator` maps a word to.
pub(crate) fn references(value: &mut Value, change: &mut impl FnMut(&str) -> Option<String>) {
    within(value, Inside::Object, change);
}

fn within(value: &mut Value, inside: Inside, change: &mut impl FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(fields) => {
            if inside == Inside::Object {
                for reference in own(fields) {
                    if let Some(changed) = reference.as_str().and_then(&mut *change) {
                        *reference = changed.into();
                    }
                }
            }
            for (key, inner) in fields.iter_mut() {
                let inside = inside.of(key, inner);
                if inside != Inside::Data {
                    within(inner, inside, change);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                within(item, Inside::Object, change);
            }
        }
        _ => {}
    }
}

/// The references that stand in an object itself.
fn own(fields: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("$ref", reference) => found.push(reference),
            ("discriminator", discriminator) => {
                let mapping = discriminator.get_mut("mapping");
                let mapping = mapping.and_then(Value::as_object_mut);
                // A word may be mapped to a mere name, which is no reference.
                let targets = mapping.into_iter().flat_map(Map::values_mut);
                found.extend(targets.filter(|one| {
                    one.as_str()
                        .is_some_and(|one| one.contains(['/', '#', '.']))
                }));
            }
            _ => {}
        }
    }
    found
}
