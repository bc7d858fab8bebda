//! The parts of a document that `openapiv3` knows, in its types.
//!
//! `openapiv3` models OpenAPI 3.0, and schemas of 3.1 are not in its model. So it gets each part without
//! its schemas. It does not decide what is a document: where it cannot read a part, the caller reads what
//! is newer, or reports what is wrong.

use openapiv3::{Parameter, SecurityScheme};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Location;

/// The name of a parameter, and where it is sent.
pub(crate) fn parameter(fields: &Map<String, Value>) -> Option<(String, Location)> {
    let parameter: Parameter = typed(fields)?;
    let location = match &parameter {
        Parameter::Query { .. } => Location::Query,
        Parameter::Header { .. } => Location::Header,
        Parameter::Path { .. } => Location::Path,
        Parameter::Cookie { .. } => Location::Cookie,
    };
    Some((parameter.parameter_data().name, location))
}

/// A security scheme.
pub(crate) fn security_scheme(fields: &Map<String, Value>) -> Option<SecurityScheme> {
    typed(fields)
}

/// The part as a `T`, without schemas, examples and extensions.
fn typed<T: DeserializeOwned>(fields: &Map<String, Value>) -> Option<T> {
    let kept = fields.iter().filter_map(|(key, value)| {
        let left = match key.as_str() {
            "schema" => Value::Object(Map::new()),
            "content" => without_schemas(value),
            "example" | "examples" => return None,
            extension if extension.starts_with("x-") => return None,
            _ => value.clone(),
        };
        Some((key.clone(), left))
    });
    let part = Value::Object(kept.collect());
    T::deserialize(part).ok()
}

/// The media types of a `content`, each without its schema.
fn without_schemas(content: &Value) -> Value {
    let types = content.as_object().into_iter().flatten();
    let types = types.map(|(media_type, _)| (media_type.clone(), Value::Object(Map::new())));
    Value::Object(types.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_of_any_version_do_not_matter() {
        let written = json!({
            "name": "a", "in": "query", "required": true, "x-own": [1],
            "schema": { "type": ["integer", "null"], "exclusiveMinimum": 0 },
        });
        let read = parameter(written.as_object().unwrap());
        assert_eq!(read, Some(("a".to_owned(), Location::Query)));
        let newer = json!({ "name": "a", "in": "querystring", "content": {} });
        assert_eq!(parameter(newer.as_object().unwrap()), None);
    }
}
