//! The version of the specification, which decides the dialect of a document's schemas.

use jsonschema::Draft;
use serde_json::Value;

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

pub(crate) fn version(source: &Source, root: &Value) -> Result<Version, Problem> {
    let cure = "Eventline reads OpenAPI 3.0 and later: start the document with `openapi: 3.1.0`";
    let unsupported = |key: &str, version: &Value| {
        let message = match version {
            Value::String(version) => format!("{key} version `{version}` is not supported"),
            other => format!("`{other}` is no version of {key}: it must be text"),
        };
        source.problem(&join("#", &key.to_ascii_lowercase()), message)
    };
    let problem = match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), _) if is_version(version, "3.0") => {
            return Ok(Version::V3_0);
        }
        (Some(Value::String(version)), _) if is_version(version, "3") => return Ok(Version::V3_1),
        (Some(other), _) => unsupported("OpenAPI", other),
        (None, Some(version)) => unsupported("Swagger", version),
        (None, None) => source.problem("#", "not an OpenAPI document: no `openapi` version"),
    };
    Err(problem.cure(cure))
}

/// Whether `version` is `family`, or a release of it: `3.0.3` is of `3.0`.
fn is_version(version: &str, family: &str) -> bool {
    let behind = version.strip_prefix(family);
    behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
