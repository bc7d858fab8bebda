//! An answer, held to the document by a validator of its own.
//!
//! It reads the raw document and compiles schemas with `jsonschema` over the whole of it. The mock reads the same
//! document part by part. So a mistake of the one is not a mistake of the other.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use http::HeaderMap;
use jsonschema::{Draft, Registry, Validator};
use mock_server::Answer;
use openapi::{Document, Version, join, ulid_is_well_formed};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::outcome::Outcome;

/// The URI of the whole document.
const BASE: &str = "corpus:///document";

/// A document, for validation.
pub(crate) struct Checker<'d> {
    document: &'d Document,
    draft: Draft,
    registry: Option<Registry<'static>>,
}

/// The answers that one operation declares.
pub(crate) struct Declared<'c> {
    checker: &'c Checker<'c>,
    /// The pointer of its `responses`.
    responses: String,
    /// By the pointer of the schema; none if it cannot be compiled.
    validators: RefCell<HashMap<String, Option<Rc<Validator>>>>,
}

impl<'d> Checker<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let is_3_0 = document.version() == Version::V3_0;
        let draft = if is_3_0 {
            Draft::Draft4
        } else {
            Draft::Draft202012
        };
        let mut root = document.at("#").cloned().unwrap_or_default();
        let written = root.clone();
        of_answers(&mut root, &written, is_3_0);
        let registry = Registry::new().add(BASE, draft.create_resource(root));
        let registry = registry.and_then(jsonschema::RegistryBuilder::prepare);
        Self {
            document,
            draft,
            registry: registry.ok(),
        }
    }

    /// What the operation at `pointer` declares.
    pub(crate) fn operation(&'d self, pointer: &str) -> Declared<'d> {
        Declared {
            checker: self,
            responses: join(pointer, "responses"),
            validators: RefCell::default(),
        }
    }

    /// The value at the end of the references at `pointer`, and its place.
    fn followed(&self, pointer: &str) -> Option<(&'d Value, String)> {
        let mut at = pointer.to_owned();
        for _ in 0..16 {
            let value = self.document.at(&at)?;
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Some((value, at));
            };
            at = decoded(reference);
        }
        None
    }

    fn validator(&self, pointer: &str) -> Option<Validator> {
        jsonschema::options()
            .with_draft(self.draft)
            .with_registry(self.registry.as_ref()?)
            .offline()
            .should_validate_formats(true)
            .with_format("ulid", ulid_is_well_formed)
            .build(&json!({ "$ref": format!("{BASE}#{}", encoded(&pointer[1..])) }))
            .ok()
    }
}

impl Declared<'_> {
    /// What the answer to a valid request is worth.
    pub(crate) fn judge(&self, method: &str, answer: Answer) -> Outcome {
        let status = answer.status.as_u16();
        let headers = answer.headers.clone();
        self.judge_parts(method, status, &headers, &answer.into_bytes())
    }

    /// What an answer of these parts is worth.
    pub(crate) fn judge_parts(
        &self,
        method: &str,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Outcome {
        let text = || String::from_utf8_lossy(body).into_owned();
        let Some((key, response)) = self.response(status) else {
            return match status {
                501 if has_a_place(&text()) => Outcome::Unserved(text()),
                // The operation declares refusals only, so nothing is said of a success.
                204 if !self.succeeds() && body.is_empty() => Outcome::Valid,
                _ => Outcome::Refused(format!("{status}: {}", text())),
            };
        };
        if status >= 400 && self.succeeds() {
            return Outcome::Refused(format!("{status}: {}", text()));
        }
        let missing = self.missing_header(&response, |name| headers.contains_key(name));
        if let Some(name) = missing {
            return Outcome::Invalid(format!("{key}: the header {name} is missing"));
        }
        if method == "HEAD" {
            return Outcome::Valid;
        }
        let content_type = headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        match self.body(&response, content_type, body) {
            Ok(()) => Outcome::Valid,
            Err(reason) => Outcome::Invalid(format!("{key}: {reason}")),
        }
    }

    /// The declared answer for a status, and its place.
    fn response(&self, status: u16) -> Option<(String, String)> {
        let declared = self.checker.document.at(&self.responses)?.as_object()?;
        let range = format!("{}xx", status / 100);
        let exact = declared.keys().find(|key| **key == status.to_string());
        let ranged = || {
            declared
                .keys()
                .find(|key| key.to_ascii_lowercase() == range)
        };
        let other = || declared.keys().find(|key| *key == "default");
        let key = exact.or_else(ranged).or_else(other)?;
        let (_, place) = self.checker.followed(&join(&self.responses, key))?;
        Some((key.clone(), place))
    }

    /// Whether the operation declares a success.
    fn succeeds(&self) -> bool {
        let declared = self.checker.document.at(&self.responses);
        let mut keys = declared.and_then(Value::as_object).into_iter().flatten();
        keys.any(|(key, _)| key.starts_with(['1', '2', '3']) || key == "default")
    }

    fn missing_header(&self, response: &str, sent: impl Fn(&str) -> bool) -> Option<String> {
        let list = join(response, "headers");
        let declared = self.checker.document.at(&list)?.as_object()?;
        let required = declared.keys().filter(|name| {
            let header = self.checker.followed(&join(&list, name));
            header.is_some_and(|(header, _)| header.get("required") == Some(&Value::Bool(true)))
        });
        let mut counted = required.filter(|name| !name.eq_ignore_ascii_case("content-type"));
        counted.find(|name| !sent(name)).cloned()
    }

    fn body(&self, response: &str, content_type: Option<&str>, body: &[u8]) -> Result<(), String> {
        let list = join(response, "content");
        let declared = self.checker.document.at(&list).and_then(Value::as_object);
        let Some(declared) = declared.filter(|declared| !declared.is_empty()) else {
            return match body {
                [] => Ok(()),
                _ => Err(format!("{} bytes, and no body is declared", body.len())),
            };
        };
        if body.is_empty() && content_type.is_none() {
            // 204 and 304 have none, whatever is declared.
            let bodiless = response.ends_with("/204") || response.ends_with("/304");
            return if bodiless {
                Ok(())
            } else {
                Err("no body, and one is declared".to_owned())
            };
        }
        let sent = essence(content_type.ok_or("no `Content-Type`")?);
        let kind = sent.split('/').next().unwrap_or_default();
        let of = |wanted: &str| declared.keys().find(|key| essence(key) == wanted);
        let key = of(&sent)
            .or_else(|| of(&format!("{kind}/*")))
            .or_else(|| of("*/*"));
        let key = key.ok_or_else(|| format!("`{sent}` is not declared"))?;
        let (media, place) = self
            .checker
            .followed(&join(&list, key))
            .ok_or("a `$ref` leads nowhere")?;
        let schema = media.get("schema").map(|_| join(&place, "schema"));
        if sent.ends_with("/json") || sent.ends_with("+json") {
            let value =
                serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
            return schema.map_or(Ok(()), |schema| self.validate(&schema, &value));
        }
        let text = std::str::from_utf8(body);
        if sent.contains("ndjson") || sent.contains("jsonl") {
            let mut lines = text.map_err(|error| error.to_string())?.lines();
            return lines.try_for_each(|line| {
                let read = serde_json::from_str::<Value>(line).map(drop);
                read.map_err(|error| format!("no JSON: {error}"))
            });
        }
        match (schema, text) {
            (Some(schema), Ok(text)) if kind == "text" && self.is_of_text(&schema) => {
                self.validate(&schema, &Value::from(text))
            }
            _ => Ok(()),
        }
    }

    fn is_of_text(&self, schema: &str) -> bool {
        let followed = self.checker.followed(schema);
        followed.is_some_and(|(schema, _)| schema.get("type") == Some(&Value::from("string")))
    }

    fn validate(&self, schema: &str, value: &Value) -> Result<(), String> {
        let mut validators = self.validators.borrow_mut();
        let known = validators.entry(schema.to_owned());
        let validator = known.or_insert_with(|| self.checker.validator(schema).map(Rc::new));
        // What cannot be compiled says nothing.
        let Some(validator) = validator else {
            return Ok(());
        };
        let mut errors = validator.iter_errors(value);
        let Some(error) = errors.next() else {
            return Ok(());
        };
        let found: String = error.to_string().chars().take(160).collect();
        let at = error.instance_path();
        let cited = error.absolute_keyword_location().map(ToString::to_string);
        Err(format!("at {at}: {found} ({})", cited.unwrap_or_default()))
    }
}

/// Puts the schemas of answers into the words of JSON Schema: null where 3.0 allows it, and no `writeOnly` values.
fn of_answers(value: &mut Value, root: &Value, is_3_0: bool) {
    match value {
        Value::Object(fields) => {
            for (key, part) in fields.iter_mut() {
                let is_data =
                    ["example", "examples", "default", "enum", "const"].contains(&key.as_str());
                if !is_data || part.is_object() {
                    of_answers(part, root, is_3_0);
                }
            }
            let unsent = unsent(fields, root, 0);
            not_required(fields, &unsent);
            once(fields);
            let parts = fields.get_mut("allOf").and_then(Value::as_array_mut);
            for part in parts.into_iter().flatten().filter_map(Value::as_object_mut) {
                not_required(part, &unsent);
            }
            if is_3_0 && fields.get("nullable") == Some(&Value::Bool(true)) {
                nullable(value);
            }
        }
        Value::Array(items) => {
            for item in items {
                of_answers(item, root, is_3_0);
            }
        }
        _ => {}
    }
}

fn not_required(fields: &mut Map<String, Value>, names: &[String]) {
    if let Some(Value::Array(required)) = fields.get_mut("required") {
        required.retain(|one| !names.iter().any(|name| one == name));
        if required.is_empty() {
            fields.remove("required");
        }
    }
}

/// Names each required property once. The validator counts them, and rejects an object with fewer properties.
fn once(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(required)) = fields.get_mut("required") {
        let all = std::mem::take(required);
        for name in all {
            if !required.contains(&name) {
                required.push(name);
            }
        }
    }
}

/// The properties of a schema that are `writeOnly`, through references and `allOf`.
fn unsent(fields: &Map<String, Value>, root: &Value, depth: usize) -> Vec<String> {
    let target = |value: &Value| {
        let reference = value.get("$ref")?.as_str()?;
        root.pointer(decoded(reference).strip_prefix('#')?).cloned()
    };
    let is_unsent = |value: &Value| value.get("writeOnly") == Some(&Value::Bool(true));
    let properties = fields.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flatten();
    let own = properties.filter(|(_, value)| {
        is_unsent(value) || target(value).is_some_and(|value| is_unsent(&value))
    });
    let mut names: Vec<_> = own.map(|(name, _)| name.clone()).collect();
    let parts = fields.get("allOf").and_then(Value::as_array);
    for part in parts.into_iter().flatten().filter(|_| depth < 8) {
        let part = target(part).unwrap_or_else(|| part.clone());
        if let Some(part) = part.as_object() {
            names.extend(unsent(part, root, depth + 1));
        }
    }
    names
}

/// Lets null through a schema of 3.0.
fn nullable(value: &mut Value) {
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    let kind = fields
        .get("type")
        .and_then(Value::as_str)
        .map(ToOwned::to_owned);
    let is_plain = ["allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .all(|one| !fields.contains_key(*one));
    if let (Some(kind), true) = (kind, is_plain) {
        fields.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = fields.get_mut("enum") {
            values.push(Value::Null);
        }
    } else {
        let inner = value.take();
        *value = json!({ "anyOf": [{ "enum": [null] }, inner] });
    }
}

/// Whether a text names a JSON pointer, or a line and a column.
fn has_a_place(text: &str) -> bool {
    let mut words = text.split([' ', '"']);
    words.any(|word| {
        let mut numbers = word.rsplit(':').skip_while(|part| part.is_empty());
        let mut is_number = || {
            numbers
                .next()
                .is_some_and(|part| part.parse::<u32>().is_ok())
        };
        word.contains("#/") || (is_number() && is_number())
    })
}

/// A media type without parameters, in lower case.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn decoded(reference: &str) -> String {
    percent_decode_str(reference)
        .decode_utf8_lossy()
        .into_owned()
}

/// A pointer as it stands in a URI's fragment.
fn encoded(pointer: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'~')
        .remove(b'-')
        .remove(b'_')
        .remove(b'.');
    utf8_percent_encode(pointer, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_pointer_or_a_line_and_a_column() {
        assert!(has_a_place("d.yaml:12:3: no value"));
        assert!(has_a_place("no value (#/paths)"));
        assert!(!has_a_place("not implemented: 501"));
    }

    #[test]
    fn a_body_that_breaks_its_schema_is_found() {
        let text = "{openapi: 3.0.3, paths: {/a: {get: {responses: {200: {content: {application/json: {schema:
            {type: object, required: [id, key], properties: {id: {type: integer, nullable: true}, key: {type: string, writeOnly: true}}}}}}}}}}}";
        let document = Document::read(openapi::Source::new("a.yaml", text), &[]).unwrap();
        let checker = Checker::new(&document);
        let declared = checker.operation("#/paths/~1a/get");
        let at = "#/paths/~1a/get/responses/200";
        let check = |body: &str| declared.body(at, Some("application/json"), body.as_bytes());
        assert_eq!(check("{\"id\": null}"), Ok(()));
        assert!(check("{\"id\": \"a\"}").is_err());
        assert!(check("{\"id\"").is_err());
        assert!(declared.body(at, Some("text/html"), b"a").is_err());
    }
}
