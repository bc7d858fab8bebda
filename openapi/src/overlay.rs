//! OpenAPI Overlay 1.0: changes to a document, kept apart from it.
//!
//! Each change remembers where it came from, so that whatever an overlay said is cited, and complained
//! about, at its place in the overlay.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{Problem, Source, join};

/// An OpenAPI Overlay 1.0 file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Overlay {
    /// The version of the Overlay specification.
    overlay: String,
    /// What the overlay is.
    #[expect(dead_code, reason = "required by the specification; read by people")]
    info: Info,
    /// The document that it is for.
    #[expect(
        dead_code,
        reason = "which document to extend is said by who loads both"
    )]
    extends: Option<String>,
    /// What is changed, in turn.
    actions: Vec<Action>,
}

/// What an overlay is.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "required by the specification; read by people")]
struct Info {
    /// Its title.
    title: String,
    /// Its own version.
    version: String,
}

/// One change of an overlay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Action {
    /// A JSONPath (RFC 9535): what is changed.
    target: String,
    /// Why.
    #[expect(dead_code, reason = "read by people")]
    description: Option<String>,
    /// Merged into each target: objects by key, lists by appending.
    update: Option<Value>,
    /// Whether the targets are taken out.
    #[serde(default)]
    remove: bool,
}

/// Where a part of the merged document came from.
#[derive(Debug)]
pub(crate) struct Origin {
    source: Source,
    /// The pointer, in the overlay, of the update.
    update: String,
    value: Value,
    /// The pointer, in the document, that it was merged into.
    target: String,
}

impl Origin {
    /// Where in the overlay the place `pointer` of the document was written, if it was written there.
    pub(crate) fn locate(&self, pointer: &str) -> Option<(&Source, String)> {
        let inner = pointer.strip_prefix(self.target.as_str())?;
        if inner.is_empty() {
            return None;
        }
        let known = (0..=inner.len())
            .rev()
            .filter(|end| inner[*end..].starts_with('/') || *end == inner.len());
        let found = known
            .map(|end| &inner[..end])
            .find(|part| self.value.pointer(part).is_some())?;
        // The part must be new or changed here, not only a container that was merged into.
        let whole = found == inner;
        let leaf = !found.is_empty() && whole;
        leaf.then(|| (&self.source, format!("{}{inner}", self.update)))
    }
}

/// The JSON Schema of overlay files.
pub(crate) fn json_schema() -> Value {
    schemars::schema_for!(Overlay).into()
}

/// Applies the overlay in `source` to `root`.
pub(crate) fn apply(source: &Source, root: &mut Value) -> Result<Vec<Origin>, Problem> {
    let overlay: Overlay = source.read()?;
    if !overlay.overlay.starts_with("1.") {
        let message = format!("Overlay version `{}` is not supported", overlay.overlay);
        return Err(source
            .problem("#/overlay", message)
            .cure("write `overlay: 1.0.0`"));
    }
    let mut origins = Vec::new();
    for (index, action) in overlay.actions.into_iter().enumerate() {
        let at = join("#/actions", &index.to_string());
        let targets = targets(source, &join(&at, "target"), &action.target, root)?;
        // From the last on, so that taking one out leaves the places of the others.
        for target in targets.into_iter().rev() {
            if action.remove {
                remove(root, &target);
            } else if let Some(update) = &action.update
                && let Some(place) = root.pointer_mut(&target)
            {
                merge(place, update.clone());
                origins.push(Origin {
                    source: source.clone(),
                    update: join(&at, "update"),
                    value: update.clone(),
                    target: format!("#{target}"),
                });
            }
        }
        if !action.remove && action.update.is_none() {
            return Err(source
                .problem(&at, "this action changes nothing")
                .cure("give it `update:` with what to merge, or `remove: true`"));
        }
    }
    Ok(origins)
}

fn targets(source: &Source, at: &str, target: &str, root: &Value) -> Result<Vec<String>, Problem> {
    let path = JsonPath::parse(target)
        .map_err(|error| source.problem(at, format!("`{target}` is not a JSONPath: {error}")))?;
    let found = path.query_located(root);
    let found: Vec<String> = found
        .locations()
        .map(|place| place.to_json_pointer())
        .collect();
    if found.is_empty() {
        return Err(source
            .problem(
                at,
                format!("the target `{target}` matches nothing in the document"),
            )
            .cure(
                "compare it with the document: paths are quoted, as in `$.paths['/v1/jobs'].get`",
            ));
    }
    Ok(found)
}

fn remove(root: &mut Value, pointer: &str) {
    let Some((parent, _)) = pointer.rsplit_once('/') else {
        return;
    };
    let token = crate::tokens(pointer).pop().unwrap_or_default();
    match root.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.shift_remove(&token);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}

fn merge(place: &mut Value, update: Value) {
    match (place, update) {
        (Value::Object(fields), Value::Object(update)) => {
            for (key, value) in update {
                merge(fields.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(items), Value::Array(more)) => items.extend(more),
        (Value::Array(items), one) => items.push(one),
        (place, update) => *place = update,
    }
}
