//! OpenAPI Overlay 1.0: changes to a document, kept apart from it.
//!
//! Published documents stay as published; what they cannot say, or forgot, is said here.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::file_kind::FileKind;
use crate::origin::Origins;
use crate::pagination::Extensions;
use crate::{Problem, Source, join, pointer, tokens};

/// An OpenAPI Overlay 1.0 file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("patternProperties" = { "^x-": true }))]
struct Overlay {
    /// The version of the Overlay specification.
    #[serde(rename = "overlay")]
    version: String,
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
#[schemars(extend("patternProperties" = { "^x-": true }))]
struct Action {
    /// A JSONPath (RFC 9535): what is changed.
    target: String,
    /// Why.
    #[expect(dead_code, reason = "read by people")]
    description: Option<String>,
    /// Merged into each target: objects by key, lists by appending.
    #[serde(default)]
    #[schemars(schema_with = "update_schema")]
    update: Option<Value>,
    /// Whether the targets are taken out.
    #[serde(default)]
    remove: bool,
}

/// The JSON Schema of overlay files, which checks our own vocabulary in them as well.
pub(crate) fn json_schema() -> Value {
    schemars::schema_for!(Overlay).into()
}

/// Any value; on an operation, `x-pagination` and `x-validation-errors` may stand.
fn update_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
    let mut extensions = generator.root_schema_for::<Extensions>();
    schemars::json_schema!({
        "description": "Merged into each target: objects by key, lists by appending.",
        "properties": extensions.remove("properties"),
    })
}

/// Applies the overlay in `source` to `root`, and remembers in `origins` what it wrote.
pub(crate) fn apply(
    source: &Source,
    root: &mut Value,
    origins: &mut Origins,
) -> Result<(), Problem> {
    let written = source.parse()?;
    if written.get("overlay").is_none()
        && let Some(kind) = FileKind::of(&written)
    {
        let message = format!("not an overlay, but {}", kind.name);
        return Err(source.problem("#", message).cure(kind.cure));
    }
    let overlay: Overlay = source.typed(&without_extensions(written), "#")?;
    if !overlay.version.starts_with("1.") {
        let message = format!("Overlay version `{}` is not supported", overlay.version);
        return Err(source
            .problem("#/overlay", message)
            .cure("write `overlay: 1.0.0`"));
    }
    for (index, action) in overlay.actions.iter().enumerate() {
        let at = join("#/actions", &index.to_string());
        let targets = targets(source, &join(&at, "target"), &action.target, root)?;
        let mut changed = action.remove;
        // From the last on, so that taking one out leaves the places of the others.
        for target in targets.iter().rev() {
            if action.remove {
                remove(root, target, origins);
            } else if let Some(update) = &action.update
                && let Some(place) = root.pointer_mut(pointer::plain(target))
            {
                let mut wrote = |part: &str, written: &str| {
                    changed = true;
                    origins.wrote(part, source, written);
                };
                merge(place, update, target, &join(&at, "update"), &mut wrote);
            }
        }
        if !changed {
            return Err(source
                .problem(&at, "this action changes nothing")
                .cure("give it `update:` with what to merge, or `remove: true`"));
        }
    }
    Ok(())
}

/// An overlay without the `x-` fields that the specification lets stand in it and in its actions.
fn without_extensions(mut overlay: Value) -> Value {
    let strip = |value: &mut Value| {
        if let Value::Object(fields) = value {
            fields.retain(|key, _| !key.starts_with("x-"));
        }
    };
    strip(&mut overlay);
    let actions = overlay.get_mut("actions").and_then(Value::as_array_mut);
    actions.into_iter().flatten().for_each(strip);
    overlay
}

/// The greatest number of filters inside each other. The JSONPath parser's time doubles with each of them.
const FILTERS: usize = 8;

/// The number of filters inside each other in a JSONPath, valid or not.
fn nested_filters(path: &str) -> usize {
    let (mut open, mut most) = (Vec::new(), 0);
    let mut quote = None;
    let mut is_escaped = false;
    for one in path.chars() {
        match (one, quote) {
            _ if is_escaped => is_escaped = false,
            ('\\', Some(_)) => is_escaped = true,
            (_, Some(begun)) if begun == one => quote = None,
            ('\'' | '"', None) => quote = Some(one),
            ('[', None) => open.push(false),
            (']', None) => {
                open.pop();
            }
            ('?', None) => {
                if let Some(filters) = open.last_mut() {
                    *filters = true;
                }
                most = most.max(open.iter().filter(|filters| **filters).count());
            }
            _ => {}
        }
    }
    most
}

/// The pointers of all that `target` matches.
fn targets(source: &Source, at: &str, target: &str, root: &Value) -> Result<Vec<String>, Problem> {
    if nested_filters(target) > FILTERS {
        let message = format!("`{target}` has more than {FILTERS} filters inside each other");
        return Err(source
            .problem(at, message)
            .cure("write a target with fewer of them, or several actions"));
    }
    let path = JsonPath::parse(target).map_err(|_| {
        let problem = source.problem(at, format!("`{target}` is not a JSONPath"));
        problem.cure("write it as RFC 9535 does: `$.paths.*.get`, and quote a name that is no plain word, as in `$['x-name']`")
    })?;
    let found = path.query_located(root);
    let found = found
        .locations()
        .map(|place| format!("#{}", place.to_json_pointer()));
    let found: Vec<String> = found.collect();
    if found.is_empty() {
        let message = format!("the target `{target}` matches nothing in the document");
        return Err(source.problem(at, message).cure(
            "compare it with the document: paths are quoted, as in `$.paths['/v1/jobs'].get`",
        ));
    }
    Ok(found)
}

fn remove(root: &mut Value, target: &str, origins: &mut Origins) {
    let (Some((parent, _)), Some(token)) = (target.rsplit_once('/'), tokens(target).pop()) else {
        return;
    };
    match root.pointer_mut(pointer::plain(parent)) {
        Some(Value::Object(fields)) => {
            fields.shift_remove(&token);
            origins.forget(target);
        }
        Some(Value::Array(items)) => {
            if let Some(index) = token.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
                origins.forget_item(parent, index);
            }
        }
        _ => {}
    }
}

/// Merges `update`, written at `written`, into `place`, which is at `at`; tells `wrote` of each part that
/// is new or replaced, but not of the containers that were merged into.
fn merge(
    place: &mut Value,
    update: &Value,
    at: &str,
    written: &str,
    wrote: &mut impl FnMut(&str, &str),
) {
    match (place, update) {
        (Value::Object(fields), Value::Object(update)) => {
            for (key, value) in update {
                let place = fields.entry(key).or_insert(Value::Null);
                merge(place, value, &join(at, key), &join(written, key), wrote);
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            for (index, item) in more.iter().enumerate() {
                let at = join(at, &items.len().to_string());
                items.push(item.clone());
                wrote(&at, &join(written, &index.to_string()));
            }
        }
        (Value::Array(items), one) => {
            wrote(&join(at, &items.len().to_string()), written);
            items.push(one.clone());
        }
        (place, update) => {
            *place = update.clone();
            wrote(at, written);
        }
    }
}
