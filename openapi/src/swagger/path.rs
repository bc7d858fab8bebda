//! Path items and operations of Swagger 2.0.

use serde_json::{Map, Value};

use super::{Conversion, Written, kept};
use crate::join;

/// The keys under which operations stand.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// The keys of an operation that 3.0 has under the same names.
const SAME: [&str; 7] = [
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "deprecated",
    "security",
];

impl<'c> Conversion<'c> {
    pub(super) fn paths(&mut self, paths: &Written<'c>) -> Value {
        if !paths.value.is_object() {
            return paths.value.clone();
        }
        let mut converted = Map::new();
        for (path, item) in paths.fields() {
            let item = if path.starts_with("x-") {
                item.value.clone()
            } else {
                let at = item.at.clone();
                let item = self.resolved(&item);
                self.moves(&at, &item.at);
                self.path_item(&item, &at)
            };
            converted.insert(path.clone(), item);
        }
        converted.into()
    }

    fn path_item(&mut self, item: &Written<'c>, at: &str) -> Value {
        if !item.value.is_object() {
            return item.value.clone();
        }
        let mut converted = kept(item, &["$ref"]);
        let shared = item.get("parameters");
        let (bodies, parameters) = self.parameters(shared.as_ref(), at);
        converted.extend(parameters.map(|list| ("parameters".to_owned(), list)));
        for (key, operation) in item.fields() {
            if METHODS.contains(&key.as_str()) {
                let operation = self.operation(&operation, &join(at, key), &bodies);
                converted.insert(key.clone(), operation);
            } else if !matches!(key.as_str(), "parameters" | "$ref") && !key.starts_with("x-") {
                // The reader says what is wrong with it.
                converted.insert(key.clone(), operation.value.clone());
            }
        }
        converted.into()
    }

    /// An operation; `shared` are the path item's parameters that stand for the body.
    fn operation(&mut self, operation: &Written<'c>, at: &str, shared: &[Written<'c>]) -> Value {
        if !operation.value.is_object() {
            return operation.value.clone();
        }
        let root = self.whole();
        let mut converted = kept(operation, &SAME);
        if let Some(schemes) = operation.get("schemes") {
            let servers = join(at, "servers");
            self.moves(&servers, &schemes.at);
            let list = Self::servers(&root, Some(schemes));
            converted.extend(list.map(|list| ("servers".to_owned(), list)));
        }
        let own = operation.get("parameters");
        let (mut bodies, parameters) = self.parameters(own.as_ref(), at);
        converted.extend(parameters.map(|list| ("parameters".to_owned(), list)));
        for parameter in shared {
            let name = parameter.text("name");
            let is_body = |one: &Written<'_>| one.text("in") == Some("body");
            let mut bodies_of_it = bodies.iter();
            let replaced = bodies_of_it
                .any(|own| own.text("name") == name || (is_body(own) && is_body(parameter)));
            if !replaced {
                bodies.push(parameter.clone());
            }
        }
        let body = self.body(&root, Some(operation), &bodies, &join(at, "requestBody"));
        converted.extend(body.map(|body| ("requestBody".to_owned(), body)));
        if let Some(responses) = operation.get("responses") {
            let at = join(at, "responses");
            let responses = self.responses(&root, operation, &responses, &at);
            converted.insert("responses".to_owned(), responses);
        }
        converted.into()
    }

    /// The parameters that stand for a body, and the list of the others.
    fn parameters(
        &mut self,
        list: Option<&Written<'c>>,
        at: &str,
    ) -> (Vec<Written<'c>>, Option<Value>) {
        let Some(list) = list else {
            return (Vec::new(), None);
        };
        if !list.value.is_array() {
            return (Vec::new(), Some(list.value.clone()));
        }
        let at = join(at, "parameters");
        let (mut bodies, mut plain) = (Vec::new(), Vec::new());
        for parameter in list.items() {
            let resolved = self.resolved(&parameter);
            if let Some("body" | "formData") = resolved.text("in") {
                bodies.push(resolved);
                continue;
            }
            let at = join(&at, &plain.len().to_string());
            let is_component = Self::is_component(&parameter, "#/parameters/");
            let parameter = if is_component { parameter } else { resolved };
            plain.push(self.parameter(&parameter, &at));
        }
        (bodies, Some(plain.into()))
    }

    /// Whether this is a `$ref` to one of the document's own named parts, which keeps its name.
    pub(super) fn is_component(written: &Written<'_>, list: &str) -> bool {
        let reference = written.text("$ref");
        reference.is_some_and(|reference| reference.starts_with(list))
    }

    /// The document.
    fn whole(&self) -> Written<'c> {
        Written {
            value: self.root,
            at: "#".to_owned(),
        }
    }
}
