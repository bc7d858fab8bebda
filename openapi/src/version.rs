//! The version of the specification, which decides the dialect of a document's schemas.

use jsonschema::Draft;
use serde_json::Value;

use crate::file_kind::FileKind;
use crate::{Problem, Source, join};

/// The version of the specification that a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0: schemas are a dialect of their own, near to JSON Schema draft 4.
    V3_0,
    /// OpenAPI 3.1 and later: schemas are JSON Schema 2020-12.
    V3_1,
}

impl Version {
    /// The dialect of JSON Schema that schemas of this version are written in.
    pub(crate) fn draft(self) -> Draft {
        match self {
            Self::V3_0 => Draft::Draft4,
            Self::V3_1 => Draft::Draft202012,
        }
    }
}

/// The version of a document, and a warning if it is written as a number.
pub(crate) fn version(
    source: &Source,
    root: &Value,
) -> Result<(Version, Option<Problem>), Problem> {
    let cure = "Eventline reads Swagger 2.0, and OpenAPI 3.0 and later: start the document with `openapi: 3.1.0`";
    let key = if root.get("openapi").is_some() {
        "openapi"
    } else {
        "swagger"
    };
    let at = join("#", key);
    let name = if key == "openapi" {
        "OpenAPI"
    } else {
        "Swagger"
    };
    let (text, number) = match root.get(key) {
        None => {
            let kind = FileKind::of(root);
            let message = kind.map_or_else(
                || "not an OpenAPI document: no `openapi` version".to_owned(),
                |kind| format!("not an OpenAPI document, but {}", kind.name),
            );
            let cure = kind.map_or(cure, |kind| kind.cure);
            return Err(source.problem("#", message).cure(cure));
        }
        Some(Value::String(text)) => (text.clone(), false),
        Some(Value::Number(number)) => (number.to_string(), true),
        Some(other) => {
            let message = format!("`{other}` is no version of {name}: it must be text");
            return Err(source.problem(&at, message).cure(cure));
        }
    };
    let version = match key {
        "openapi" if is_version(&text, "3.0") => Version::V3_0,
        "openapi" if is_version(&text, "3") => Version::V3_1,
        _ => {
            let message = format!("{name} version `{text}` is not supported");
            return Err(source.problem(&at, message).cure(cure));
        }
    };
    let warning = number.then(|| {
        let message = format!("`{text}` is a number, and the version of {name} must be text");
        let problem = source.problem(&at, message).into_warning();
        problem.cure(format!("put it in quotes, as in `{key}: '3.1.0'`"))
    });
    Ok((version, warning))
}

/// Whether `version` is `family`, or a release of it: `3.0.3` is of `3.0`.
fn is_version(version: &str, family: &str) -> bool {
    let behind = version.strip_prefix(family);
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
