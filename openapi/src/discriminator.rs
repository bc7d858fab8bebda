//! The discriminator: a property whose word says which branch of a `oneOf` or `anyOf` a value is of.

use serde_json::{Map, Value};

use crate::pointer;

/// A schema's `discriminator`.
pub(crate) struct Discriminator<'r> {
    /// The property that holds the word.
    pub(crate) property: String,
    mapping: &'r Map<String, Value>,
}

/// The discriminator of the schema at `at`, if it has one with a `mapping`.
///
/// Without a `mapping`, the names of schemas stand for the branches. Many documents and servers do not keep to that,
/// and the branches' own schemas say enough.
pub(crate) fn at<'r>(root: &'r Value, at: &str) -> Option<Discriminator<'r>> {
    let written = pointer::find(root, at)?.get("discriminator")?;
    Some(Discriminator {
        property: written.get("propertyName")?.as_str()?.to_owned(),
        mapping: written.get("mapping")?.as_object()?,
    })
}

impl Discriminator<'_> {
    /// The words that `mapping` maps to a branch, by its `$ref` or by its name.
    pub(crate) fn words(&self, branch: &Value) -> Vec<&str> {
        let Some(reference) = branch.get("$ref").and_then(Value::as_str) else {
            return Vec::new();
        };
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let of_branch = |target: &Value| target == reference || target == name;
        let mapped = self.mapping.iter().filter(|(_, target)| of_branch(target));
        mapped.map(|(word, _)| word.as_str()).collect()
    }
}
