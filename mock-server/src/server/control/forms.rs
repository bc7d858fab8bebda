//! The parameters and the body of an operation as the fields of a form, read from their schemas.
//!
//! A form is bounded: schemas may lead to themselves, and hold thousands of properties. What has no fields of its own
//! is written as JSON.

use std::collections::HashSet;

use http::StatusCode;
use openapi::{Contract, Location, Notation, Parameter, Role, Schema};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::operations::parts;
use super::{Call, Control, Refused, json_answer};
use crate::answer::Answer;
use crate::operations::ServedOperation;
use crate::parameters::decoded;

/// How many fields a form has at most.
const FIELDS: usize = 300;
/// How deep fields lie in fields.
const DEPTH: usize = 4;
/// How many values a field offers to choose from.
const CHOICES: usize = 200;
/// How long a description may be, in characters.
const WORDS: usize = 200;
/// How deep `allOf` and its like are followed.
const PARTS: usize = 8;

/// The forms of the operations with the id that the query names.
pub(super) fn forms(control: &Control, call: &Call<'_>) -> Result<Answer, Refused> {
    let Some(("operation", id)) = call.query.split_once('=') else {
        let message = "`operation` is missing from the query".to_owned();
        let cure = "send `operation=ID`, and nothing else";
        return Err(Refused(StatusCode::BAD_REQUEST, message, cure));
    };
    let id = decoded(id);
    let operations = control.mock.operations();
    let named = operations.filter(|one| one.operation().id == *id);
    let forms: Vec<_> = named.map(|one| form(control, one)).collect();
    if forms.is_empty() {
        let message = format!("`operation` is `{id}`, and no operation has this id");
        let cure = "see /__mock/operations for all operations";
        return Err(Refused(StatusCode::NOT_FOUND, message, cure));
    }
    Ok(json_answer(StatusCode::OK, &json!({ "forms": forms })))
}

fn form(control: &Control, one: ServedOperation<'_>) -> Value {
    let (operation, now) = (one.operation(), control.clock.now());
    let signing = operation.signing();
    let signs = |parameter: &Parameter| {
        signing.iter().any(|scheme| {
            let (place, name) = scheme.place();
            place == parameter.location && parameter.name.eq_ignore_ascii_case(name)
        })
    };
    let mut fields = Fields::default();
    let list = one.list();
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|one| !one.is_ignored() && !signs(one));
    let parameters: Vec<_> = parameters
        .map(|parameter| of_parameter(&mut fields, list, parameter))
        .collect();
    let body = one.media().map(|(media, required)| {
        let schema = media.schema.as_ref();
        let field = schema.map(|schema| fields.of("", schema, required, DEPTH));
        let mut body = json!({ "media": media.served_as(), "required": required, "field": field });
        if let Some(sample) = one.sample_of(media, now) {
            body["sample"] = sample;
        }
        body
    });
    let values = one.path_values(now).unwrap_or_default();
    let path = operation.path.parameters().zip(values);
    let path: Map<String, Value> = path
        .map(|(name, value)| {
            let value = percent_decode_str(&value).decode_utf8_lossy().into_owned();
            (name.to_owned(), Value::from(value))
        })
        .collect();
    let credentials = signing.iter().map(|scheme| {
        let (location, name) = scheme.place();
        json!({ "in": location, "name": name, "text": scheme.text("{token}") })
    });
    let base = control.mock.base_path(one.whole_document(), operation);
    json!({
        "operation": operation.id,
        "document": one.document(),
        "method": operation.method,
        "path": format!("{base}{}", operation.path),
        "values": path,
        "parameters": parameters,
        "body": body,
        "credentials": credentials.collect::<Vec<_>>(),
        "sample": one.request(now).as_ref().map(parts),
    })
}

fn of_parameter(fields: &mut Fields, list: Option<&Contract>, parameter: &Parameter) -> Value {
    let name = &parameter.name;
    let mut field = fields.of(name, &parameter.schema, parameter.required, DEPTH);
    field["in"] = json!(parameter.location);
    field["separate"] = json!(matches!(
        parameter.notation,
        Notation::Styled { explode: true, .. }
    ));
    let role = list.and_then(|list| list.role(parameter));
    let does = match role {
        Some(Role::Limit | Role::LimitBefore) => Some("limit"),
        Some(Role::Order) => Some("order"),
        Some(_) => Some("place"),
        None if parameter.location == Location::Query && list.is_some() => Some("filter"),
        None => None,
    };
    field["does"] = json!(does);
    field
}

/// The fields of one form.
pub(super) struct Fields {
    /// How many more there may be.
    left: usize,
}

impl Default for Fields {
    fn default() -> Self {
        Self { left: FIELDS }
    }
}

impl Fields {
    /// The fields of an object.
    pub(super) fn of_object(&mut self, schema: &Schema) -> Vec<Value> {
        self.properties(&only(schema), DEPTH)
    }

    fn properties(&mut self, schema: &Schema, depth: usize) -> Vec<Value> {
        let mut seen = HashSet::new();
        let names = schema.properties().into_iter();
        let names: Vec<_> = names.filter(|name| seen.insert(name.clone())).collect();
        let mut fields = Vec::new();
        for name in names {
            let Some(property) = schema.property(&name).filter(|_| self.left > 0) else {
                continue;
            };
            let required = requires(schema, &name, PARTS);
            fields.push(self.of(&name, &property, required, depth - 1));
        }
        fields
    }

    /// The field of a value.
    fn of(&mut self, name: &str, schema: &Schema, required: bool, depth: usize) -> Value {
        self.left = self.left.saturating_sub(1);
        let own = schema;
        let schema = &only(own);
        let word = |keyword: &str| own.keyword(keyword).or(schema.keyword(keyword));
        let types = own.types();
        let mut kinds: Vec<_> = types.iter().copied().filter(|one| *one != "null").collect();
        kinds.dedup();
        if kinds.contains(&"number") {
            kinds.retain(|one| *one != "integer");
        }
        let kind = match kinds.as_slice() {
            [one] => Some(*one),
            [] if !schema.properties().is_empty() => Some("object"),
            _ => None,
        };
        let mut field = json!({ "name": name, "required": required, "type": kind });
        let mut put = |name: &str, value: Value| field[name] = value;
        if types.contains(&"null") {
            put("nullable", json!(true));
        }
        for keyword in ["readOnly", "writeOnly", "deprecated"] {
            if word(keyword) == Some(&Value::Bool(true)) {
                put(keyword, json!(true));
            }
        }
        for keyword in ["format", "pattern", "default"] {
            let value = word(keyword).filter(|value| is_small(value));
            if let Some(value) = value {
                put(keyword, value.clone());
            }
        }
        if let Some(text) = word("description").and_then(Value::as_str) {
            put("description", json!(cut(text)));
        }
        let choices = word("enum").and_then(Value::as_array);
        let fixed = word("const").map(std::slice::from_ref);
        let choices = choices.map(Vec::as_slice).or(fixed);
        if let Some(choices) = choices.filter(|choices| choices.iter().all(is_small)) {
            put(
                "enum",
                json!(choices.iter().take(CHOICES).collect::<Vec<_>>()),
            );
        }
        // A choice between objects is written as JSON: which properties belong together is not known here.
        let is_choice = ["anyOf", "oneOf"]
            .iter()
            .any(|list| !schema.branches(list).is_empty());
        if kind == Some("object") && !is_choice && depth > 0 {
            let properties = self.properties(schema, depth);
            if !properties.is_empty() {
                put("properties", json!(properties));
            }
        }
        if kind == Some("array") && depth > 0 {
            let items = schema.items().filter(|_| self.left > 0);
            if let Some(items) = items.filter(|items| items.properties().is_empty()) {
                put("items", self.of("", &items, true, depth - 1));
            }
        }
        field
    }
}

/// The only branch of a choice that is not null; the schema itself if there is no such branch.
fn only(schema: &Schema) -> Schema {
    let mut only = schema.clone();
    for _ in 0..PARTS {
        let branches = ["anyOf", "oneOf"].map(|list| only.branches(list));
        let branches = branches.into_iter().flatten();
        let mut branches = branches.filter(|branch| branch.types() != ["null"]);
        let (first, second) = (branches.next(), branches.next());
        match (first, second) {
            (Some(branch), None) if only.properties().is_empty() => only = branch,
            _ => break,
        }
    }
    only
}

/// Whether a request must have this property.
fn requires(schema: &Schema, name: &str, depth: usize) -> bool {
    let required = schema.keyword("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|one| one == name))
        || depth > 0
            && schema
                .branches("allOf")
                .iter()
                .any(|branch| requires(branch, name, depth - 1))
}

/// Whether a value is short enough to be shown in a form.
fn is_small(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() <= WORDS,
        Value::Array(list) => list.len() <= 10 && list.iter().all(is_small),
        Value::Object(fields) => fields.len() <= 10 && fields.values().all(is_small),
        _ => true,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WORDS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
