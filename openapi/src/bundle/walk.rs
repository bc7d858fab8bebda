//! The references, anchors and URIs of one file.

use serde_json::{Map, Value};

use super::place;
use crate::join;
use crate::keys::Inside;

/// What a reference is relative to.
#[derive(Clone)]
pub(super) struct Base {
    /// The URI of the nearest `$id`, or of the file.
    pub(super) uri: String,
    /// The pointer of the nearest `$id`, if there is one.
    pub(super) at: Option<String>,
}

/// A reference, and where it stands.
pub(super) struct Site<'s> {
    pub(super) at: &'s str,
    pub(super) reference: &'s str,
    pub(super) base: Base,
}

/// Every `$id` below `value`, as an absolute URI, with its pointer.
pub(super) fn ids(value: &Value, uri: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let base = Base {
        uri: uri.to_owned(),
        at: None,
    };
    ids_within(value, "#", Inside::Object, &base, &mut found);
    found
}

fn ids_within(
    value: &Value,
    at: &str,
    inside: Inside,
    base: &Base,
    found: &mut Vec<(String, String)>,
) {
    match value {
        Value::Object(fields) => {
            let own = own_base(fields, at, inside, base);
            if let Some(own) = &own {
                found.push((own.uri.clone(), at.to_owned()));
            }
            for (key, inner) in fields {
                let inside = inside.of(key, inner);
                if inside != Inside::Data {
                    let base = own.as_ref().unwrap_or(base);
                    ids_within(inner, &join(at, key), inside, base, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = join(at, &index.to_string());
                ids_within(item, &at, Inside::Object, base, found);
            }
        }
        _ => {}
    }
}

/// The base of what stands in an object that has an `$id`.
fn own_base(fields: &Map<String, Value>, at: &str, inside: Inside, base: &Base) -> Option<Base> {
    let id = fields.get("$id").filter(|_| inside == Inside::Object)?;
    let id = id.as_str()?.split('#').next()?;
    if id.is_empty() {
        return None;
    }
    Some(Base {
        uri: place::resolved(&base.uri, id).unwrap_or_else(|| id.to_owned()),
        at: Some(at.to_owned()),
    })
}

/// Puts what `look` gives in the place of each reference, and takes out each `$id`.
pub(super) fn each(
    value: &mut Value,
    uri: &str,
    look: &mut impl FnMut(Site<'_>) -> Option<String>,
) {
    let base = Base {
        uri: uri.to_owned(),
        at: None,
    };
    each_within(value, "#", Inside::Object, &base, look);
}

fn each_within(
    value: &mut Value,
    at: &str,
    inside: Inside,
    base: &Base,
    look: &mut impl FnMut(Site<'_>) -> Option<String>,
) {
    match value {
        Value::Object(fields) => {
            let own = own_base(fields, at, inside, base);
            let base = own.as_ref().unwrap_or(base);
            if inside == Inside::Object {
                change(fields, at, base, look);
                if own.is_some() {
                    fields.shift_remove("$id");
                }
            }
            for (key, inner) in fields.iter_mut() {
                let inside = inside.of(key, inner);
                if inside != Inside::Data {
                    each_within(inner, &join(at, key), inside, base, look);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let at = join(at, &index.to_string());
                each_within(item, &at, Inside::Object, base, look);
            }
        }
        _ => {}
    }
}

/// Changes the references that stand in an object itself.
fn change(
    fields: &mut Map<String, Value>,
    at: &str,
    base: &Base,
    look: &mut impl FnMut(Site<'_>) -> Option<String>,
) {
    let mut changed = |at: &str, reference: &mut Value| {
        let site = reference.as_str().map(|text| Site {
            at,
            reference: text,
            base: base.clone(),
        });
        if let Some(target) = site.and_then(&mut *look) {
            *reference = target.into();
        }
    };
    if let Some(reference) = fields.get_mut("$ref") {
        changed(&join(at, "$ref"), reference);
    }
    let mapping = fields.get_mut("discriminator");
    let mapping = mapping.and_then(|one| one.get_mut("mapping")?.as_object_mut());
    let list = join(&join(at, "discriminator"), "mapping");
    for (word, target) in mapping.into_iter().flatten() {
        // A word may be mapped to a mere name, which is no reference.
        if target
            .as_str()
            .is_some_and(|text| text.contains(['/', '#', '.']))
        {
            changed(&join(&list, word), target);
        }
    }
    if !fields.contains_key("$ref")
        && let Some(mut reference) = fields.shift_remove("$dynamicRef")
    {
        changed(&join(at, "$dynamicRef"), &mut reference);
        fields.insert("$ref".to_owned(), reference);
    }
}

/// The pointer of the part of `value` that has this anchor; `value` stands at `at`.
pub(super) fn anchor(value: &Value, name: &str, at: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let here = ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|keyword| fields.get(*keyword).and_then(Value::as_str) == Some(name));
            if here {
                return Some(at.to_owned());
            }
            let mut fields = fields.iter();
            fields.find_map(|(key, value)| anchor(value, name, &join(at, key)))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, value)| anchor(value, name, &join(at, &index.to_string())))
        }
        _ => None,
    }
}
