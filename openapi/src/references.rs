//! Local references: following them, and checking at the start that each leads somewhere.

use std::collections::HashSet;

use serde_json::Value;

use crate::keys::Inside;
use crate::{join, pointer};

/// The pointer that a chain of `$ref`s from `start` ends at; a chain that only comes back to itself was
/// refused by [`check`].
pub(crate) fn follow(root: &Value, start: &str) -> String {
    walk(root, start).unwrap_or_else(|| start.to_owned())
}

/// Every `$ref` leads somewhere, and not only to itself; else the pointer of the first that does not, and
/// what is wrong with it.
pub(crate) fn check(root: &Value) -> Result<(), (String, String)> {
    // First what each says itself, so that a chain is blamed where it breaks and not where it begins.
    each(root, &mut |at, reference| {
        let wrong = |message: String| Err((join(at, "$ref"), message));
        if !reference.starts_with('#') {
            return wrong(format!("`$ref: {reference}` leads out of this document"));
        }
        match target(root, reference) {
            Some(_) => Ok(()),
            None => wrong(format!("`$ref: {reference}` leads nowhere")),
        }
    })?;
    each(root, &mut |at, reference| {
        let endless = format!("`$ref: {reference}` leads only back to itself");
        walk(root, at).map(drop).ok_or((join(at, "$ref"), endless))
    })
}

/// `root` with every `$ref` to an `$anchor` as one to a pointer: validators look for anchors only in what
/// they know as schemas, and a document is not one.
pub(crate) fn without_anchors(root: &Value) -> Value {
    let mut pointed = root.clone();
    let _: Result<(), ()> = each(root, &mut |at, reference| {
        if let Some(target) = target(root, reference)
            && let Some(place) = pointed.pointer_mut(pointer::plain(&join(at, "$ref")))
        {
            *place = pointer::to_fragment(&target).into();
        }
        Ok(())
    });
    pointed
}

/// The end of the chain of references from `start`; none where it comes back to itself.
fn walk(root: &Value, start: &str) -> Option<String> {
    let mut at = start.to_owned();
    let mut seen = HashSet::new();
    while let Some(Value::String(reference)) =
        pointer::find(root, &at).and_then(|value| value.get("$ref"))
        && let Some(next) = target(root, reference)
    {
        if !seen.insert(at) {
            return None;
        }
        at = next;
    }
    Some(at)
}

/// The pointer that a reference names: itself one, or an `$anchor`.
fn target(root: &Value, reference: &str) -> Option<String> {
    let fragment = pointer::of_fragment(reference.strip_prefix('#')?);
    match pointer::plain(&fragment) {
        name if name.is_empty() || name.starts_with('/') => {
            pointer::find(root, name).is_some().then_some(fragment)
        }
        name => anchor(root, name, "#"),
    }
}

fn anchor(value: &Value, name: &str, at: &str) -> Option<String> {
    match value {
        Value::Object(fields) => {
            let here = ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|keyword| fields.get(*keyword).and_then(Value::as_str) == Some(name));
            if here {
                return Some(at.to_owned());
            }
            fields
                .iter()
                .find_map(|(key, value)| anchor(value, name, &join(at, key)))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, value)| anchor(value, name, &join(at, &index.to_string())))
        }
        _ => None,
    }
}

/// Calls `look` with the pointer of each object that holds a `$ref`, and the reference, until it fails.
fn each<E>(root: &Value, look: &mut impl FnMut(&str, &str) -> Result<(), E>) -> Result<(), E> {
    each_within(root, "#", Inside::Object, look)
}

fn each_within<E>(
    value: &Value,
    at: &str,
    inside: Inside,
    look: &mut impl FnMut(&str, &str) -> Result<(), E>,
) -> Result<(), E> {
    match value {
        Value::Object(fields) => {
            if let (Inside::Object, Some(Value::String(reference))) = (inside, fields.get("$ref")) {
                look(at, reference)?;
            }
            for (key, value) in fields {
                match inside.of(key, value) {
                    Inside::Data => {}
                    inside => each_within(value, &join(at, key), inside, look)?,
                }
            }
            Ok(())
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, value)| {
            each_within(value, &join(at, &index.to_string()), Inside::Object, look)
        }),
        _ => Ok(()),
    }
}
