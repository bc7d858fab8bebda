//! Local references: following them, and finding those that lead nowhere.

use std::collections::HashSet;

use serde_json::Value;

use crate::keys::Inside;
use crate::{join, pointer};

/// The pointer that a chain of `$ref`s from `start` ends at; a chain that only comes back to itself
/// ends where it starts.
pub(crate) fn follow(root: &Value, start: &str) -> String {
    walk(root, start).unwrap_or_else(|| start.to_owned())
}

/// Each `$ref` that leads nowhere, out of this document, or only back to itself: its pointer, and what is
/// wrong with it. Of a circle, the first is blamed.
pub(crate) fn check(root: &Value) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let mut chains = Vec::new();
    let _: Result<(), ()> = each(root, &mut |at, reference| {
        if !reference.starts_with('#') {
            let message = format!("`$ref: {reference}` leads out of this document");
            wrong.push((join(at, "$ref"), message));
        } else if let Some(next) = target(root, reference) {
            let goes_on = pointer::find(root, &next).is_some_and(|one| one.get("$ref").is_some());
            if goes_on {
                chains.push((at.to_owned(), reference.to_owned()));
            }
        } else {
            let message = format!("`$ref: {reference}` leads nowhere");
            wrong.push((join(at, "$ref"), message));
        }
        Ok(())
    });
    let mut blamed = HashSet::new();
    for (at, reference) in chains {
        let Some(circle) = circle(root, &at) else {
            continue;
        };
        // A `$ref` that leads into a circle is not on it.
        if circle.contains(&at) && !circle.iter().any(|one| blamed.contains(one)) {
            let message = format!("`$ref: {reference}` leads only back to itself");
            wrong.push((join(&at, "$ref"), message));
        }
        blamed.extend(circle);
    }
    wrong
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
    while let Some(next) = next(root, &at) {
        if !seen.insert(at) {
            return None;
        }
        at = next;
    }
    Some(at)
}

/// The circle that the chain of references from `start` ends in, if it ends in one.
fn circle(root: &Value, start: &str) -> Option<Vec<String>> {
    let mut chain = vec![start.to_owned()];
    while let Some(next) = next(root, chain.last()?) {
        if let Some(first) = chain.iter().position(|one| *one == next) {
            return Some(chain.split_off(first));
        }
        chain.push(next);
    }
    None
}

/// The place that the `$ref` at `at` names.
fn next(root: &Value, at: &str) -> Option<String> {
    let reference = pointer::find(root, at)?.get("$ref")?.as_str()?;
    target(root, reference)
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
