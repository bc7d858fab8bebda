//! Reads the operations of a document.
//!
//! The raw JSON is read part by part, and each part by itself. A part that is written wrongly is a
//! [`Misfit`] with its place; the parts beside it stand.

mod request_body;
mod responses;
mod security;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Operation;
use crate::parameter::Part;
use crate::source::Misfit;
use crate::tree::Tree;
use crate::{
    Location, Notation, Parameter, PathTemplate, Problem, Schema, Server, join, server, skeleton,
};

/// The keys of a path item under which an operation stands; `query` is new in 3.2.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The other keys of a path item.
const BESIDE: [&str; 6] = [
    "$ref",
    "summary",
    "description",
    "servers",
    "parameters",
    ADDITIONAL,
];

/// The key of a path item under which operations of other methods stand, new in 3.2.
const ADDITIONAL: &str = "additionalOperations";

/// The place of a parameter whose value is the whole query, new in 3.2.
const WHOLE_QUERY: &str = "querystring";

/// The number of warnings that are kept; a document that is wrong throughout needs no more.
const WARNINGS: usize = 32;

/// The operations that could be read, and warnings: about the misfits that are known already, then about
/// what could not be read.
pub(crate) struct Operations {
    pub(crate) read: Vec<Operation>,
    /// The servers of all operations.
    pub(crate) servers: Vec<Server>,
    pub(crate) warnings: Vec<Problem>,
}

impl Operations {
    pub(crate) fn read(tree: &Arc<Tree>, known: Vec<Misfit>) -> Self {
        let mut reader = Reader::new(tree, known);
        let root = tree.root.as_object();
        let servers = root.map_or_else(Vec::new, |root| reader.servers(root, "#"));
        reader.paths();
        reader.read.shrink_to_fit();
        Self {
            servers,
            warnings: tree.warnings(reader.misfits, WARNINGS),
            read: reader.read,
        }
    }
}

/// What the operations of a path share.
struct Shared {
    parameters: Vec<Parameter>,
    servers: Vec<Server>,
}

/// One pass over a document.
struct Reader<'t> {
    tree: &'t Arc<Tree>,
    read: Vec<Operation>,
    misfits: Vec<Misfit>,
    /// The places in `misfits`: many operations may refer to one wrong part.
    blamed: HashSet<String>,
}

impl<'t> Reader<'t> {
    /// A pass that passes over the places of `known` misfits.
    fn new(tree: &'t Arc<Tree>, known: Vec<Misfit>) -> Self {
        Self {
            tree,
            read: Vec::new(),
            blamed: known.iter().map(|one| one.pointer.clone()).collect(),
            misfits: known,
        }
    }

    fn paths(&mut self) {
        let Some(paths) = self.object("#", "paths") else {
            return;
        };
        for (path, item) in paths {
            let at = join("#/paths", path);
            if path.starts_with('/') {
                self.path_item(path, item, &at);
            } else if !is_extension(path) {
                let message = format!("`{path}` is no path, because it has no `/` before it");
                self.warn(&at, message, format!("write `/{path}`; it is read so"));
                self.path_item(&format!("/{path}"), item, &at);
            }
        }
    }

    fn path_item(&mut self, path: &str, written: &Value, at: &str) {
        let beside = |key: &&&str| written.get("$ref").is_some() && written.get(key).is_some();
        if let Some(method) = METHODS.iter().find(beside) {
            let message = format!("`{method}` stands beside a `$ref`, which replaces it");
            self.warn(
                &join(at, method),
                message,
                "write the operation where the `$ref` leads",
            );
        }
        let Some((item, pointer)) = self.resolved(at, "path item", |item| {
            item.keys()
                .all(|key| is_of_path_item(key) || is_extension(key))
                || METHODS.iter().any(|method| item.contains_key(*method))
        }) else {
            return;
        };
        let shared = Shared {
            parameters: self.parameters(item, &pointer),
            servers: self.servers(item, &pointer),
        };
        for (key, operation) in item {
            let at = join(&pointer, key);
            match key.as_str() {
                ADDITIONAL => {
                    for (method, operation) in
                        self.object(&pointer, ADDITIONAL).into_iter().flatten()
                    {
                        let at = join(&at, method);
                        if is_token(method) {
                            self.operation((path, method), operation, &at, &shared);
                        } else if !is_extension(method) {
                            let message = format!("`{method}` is no name of a method");
                            self.warn(&at, message, "write the method as it is sent: `COPY`");
                        }
                    }
                }
                method if METHODS.contains(&method) => {
                    self.operation(
                        (path, &method.to_ascii_uppercase()),
                        operation,
                        &at,
                        &shared,
                    );
                }
                other if BESIDE.contains(&other) || is_extension(other) => {}
                other => {
                    let message = format!("`{other}` is no key of a path item");
                    let cure = "write methods in lower case, and other methods under `additionalOperations`";
                    self.warn(&at, message, cure);
                }
            }
        }
    }

    fn operation(
        &mut self,
        (path, method): (&str, &str),
        operation: &'t Value,
        pointer: &str,
        shared: &Shared,
    ) {
        let Some(fields) = operation.as_object() else {
            let message = format!("`{}` must be an object", last(pointer));
            return self.warn(pointer, message, "write an operation, with its `responses`");
        };
        let mut parameters = self.parameters(fields, pointer);
        for shared in &shared.parameters {
            let same = |own: &Parameter| own.name == shared.name && own.location == shared.location;
            if !parameters.iter().any(same) {
                parameters.push(shared.clone());
            }
        }
        let path = PathTemplate::new(path);
        let undeclared = self.undeclared(&path, &parameters, pointer);
        parameters.extend(undeclared);
        know_each_other(&mut parameters);
        // Documents have tens of thousands of such short lists, and a list that grows has room for four.
        parameters.shrink_to_fit();
        let mut servers = self.servers(fields, pointer);
        if servers.is_empty() {
            servers.clone_from(&shared.servers);
        }
        let id = self.text(fields, pointer, "operationId");
        let operation = Operation {
            id: id.unwrap_or_else(|| format!("{method} {path}")),
            method: method.to_owned(),
            path,
            summary: self.text(fields, pointer, "summary"),
            parameters,
            servers,
            responses: self.responses(pointer),
            security: self.security(fields, pointer),
            pointer: pointer.to_owned(),
        };
        self.read.push(operation);
    }

    /// The parameters that stand in the path and are not declared. Every text is accepted for them.
    fn undeclared(
        &mut self,
        path: &PathTemplate,
        declared: &[Parameter],
        pointer: &str,
    ) -> Vec<Parameter> {
        let is_declared = |name: &str| {
            let mut declared = declared.iter();
            declared.any(|one| one.location == Location::Path && one.name == name)
        };
        let mut undeclared: Vec<Parameter> = Vec::new();
        for name in path.parameters().filter(|name| !is_declared(name)) {
            let message = format!("`{{{name}}}` of the path is not declared");
            let cure = "add it to `parameters`, with `in: path`; every text is accepted";
            self.warn(pointer, message, cure);
            if undeclared.iter().all(|one| one.name != name) {
                // Nothing stands at this place, so its schema accepts everything.
                let schema = join(pointer, &format!("{{{name}}}"));
                undeclared.push(Parameter {
                    name: name.to_owned(),
                    location: Location::Path,
                    required: true,
                    schema: Schema::new(self.tree, schema),
                    pointer: pointer.to_owned(),
                    notation: Notation::read(&Map::new(), name, Location::Path).0,
                    spreads: false,
                    beside: Arc::default(),
                    part: Part::default(),
                });
            }
        }
        undeclared
    }

    /// The servers that an object names.
    fn servers(&mut self, of: &Map<String, Value>, pointer: &str) -> Vec<Server> {
        let at = join(pointer, "servers");
        let list = match of.get("servers") {
            Some(Value::Array(list)) => list.as_slice(),
            Some(_) => {
                let cure = "write `- url: ...` for each server";
                self.warn(&at, "`servers` must be a list".to_owned(), cure);
                &[]
            }
            None => &[],
        };
        let mut read = Vec::new();
        for (index, written) in list.iter().enumerate() {
            match server::read(written, &join(&at, &index.to_string())) {
                Ok(server) => read.push(server),
                Err((place, message, cure)) => self.warn(&place, message, cure),
            }
        }
        read
    }

    fn parameters(&mut self, of: &'t Map<String, Value>, pointer: &str) -> Vec<Parameter> {
        let at = join(pointer, "parameters");
        let Some(list) = of.get("parameters") else {
            return Vec::new();
        };
        let Some(list) = list.as_array() else {
            self.warn(
                &at,
                "`parameters` must be a list".to_owned(),
                "write `- ` before each parameter",
            );
            return Vec::new();
        };
        let places = (0..list.len()).map(|index| join(&at, &index.to_string()));
        places.filter_map(|at| self.parameter(&at)).collect()
    }

    fn parameter(&mut self, at: &str) -> Option<Parameter> {
        let kind = |fields: &Map<String, Value>| fields.contains_key("in");
        let (fields, pointer) = self.resolved(at, "parameter", kind)?;
        if let Some((name, location)) = skeleton::parameter(fields) {
            return Some(self.declared(&name, location, fields, pointer));
        }
        let Some(name) = fields.get("name").and_then(Value::as_str) else {
            let message = "`name` is missing from this parameter, or is no text";
            self.warn(&pointer, message.to_owned(), "give the parameter a name");
            return None;
        };
        let Some(written) = fields.get("in") else {
            let message = format!("`in` is missing from the parameter `{name}`");
            self.warn(
                &pointer,
                message,
                "say `path`, `query`, `header` or `cookie`",
            );
            return None;
        };
        if written == WHOLE_QUERY {
            return self.whole_query(name, fields, pointer);
        }
        let locations = [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ];
        let location = locations.into_iter().find(|one| written == one.word());
        let Some(location) = location else {
            let word = written
                .as_str()
                .map_or_else(|| written.to_string(), ToOwned::to_owned);
            let message = format!("`in: {word}` of the parameter `{name}` is not supported");
            let cure = "use `path`, `query`, `header` or `cookie`; the parameter is left out";
            self.warn(&join(&pointer, "in"), message, cure);
            return None;
        };
        // Only another key of it is wrong.
        Some(self.declared(name, location, fields, pointer))
    }

    /// A parameter whose value is the whole query: OpenAPI 3.2, 4.12.
    fn whole_query(
        &mut self,
        name: &str,
        fields: &Map<String, Value>,
        pointer: String,
    ) -> Option<Parameter> {
        let parameter = self.declared(name, Location::Query, fields, pointer);
        if let Notation::Content(media_type) = &parameter.notation {
            let notation = Notation::WholeQuery(media_type.clone());
            return Some(Parameter {
                notation,
                ..parameter
            });
        }
        let message = format!("`content` is missing from `{name}`, which is `in: {WHOLE_QUERY}`");
        let cure = "write `content: { application/x-www-form-urlencoded: { schema: ... } }`; the parameter is left out";
        self.warn(&parameter.pointer, message, cure);
        None
    }

    /// A parameter, or a header of an answer, whose name and place are known.
    fn declared(
        &mut self,
        name: &str,
        location: Location,
        fields: &Map<String, Value>,
        pointer: String,
    ) -> Parameter {
        let required = fields.get("required").unwrap_or(&Value::Bool(false));
        if !required.is_boolean() {
            let message = format!("`required` of `{name}` must be true or false");
            self.warn(
                &join(&pointer, "required"),
                message,
                "correct the value; it counts as false",
            );
        }
        let content = fields.get("content").and_then(Value::as_object);
        let media_type = content.and_then(|content| content.keys().next());
        let schema = match media_type {
            Some(media_type) if !fields.contains_key("schema") => {
                join(&join(&join(&pointer, "content"), media_type), "schema")
            }
            _ => join(&pointer, "schema"),
        };
        if self.tree.at(&schema).is_none() {
            let message = format!("`schema` is missing from `{name}`, so every value is accepted");
            self.warn(
                &pointer,
                message,
                "add `schema`, or `content` with a schema",
            );
        }
        let (notation, wrong) = Notation::read(fields, name, location);
        for (key, message, cure) in wrong {
            self.warn(&join(&pointer, key), message, cure);
        }
        Parameter {
            name: name.to_owned(),
            location,
            required: required == &Value::Bool(true),
            schema: Schema::new(self.tree, schema),
            pointer,
            notation,
            spreads: false,
            beside: Arc::default(),
            part: Part::default(),
        }
    }

    /// The object that stands at `at`, or at the end of its `$ref`s, and where that is.
    ///
    /// `is_kind` rejects an object of another kind, to which a `$ref` may lead.
    fn resolved(
        &mut self,
        at: &str,
        kind: &str,
        is_kind: impl Fn(&Map<String, Value>) -> bool,
    ) -> Option<(&'t Map<String, Value>, String)> {
        let pointer = self.tree.follow(at);
        let reference = self
            .tree
            .at(at)
            .and_then(|written| written.get("$ref"))
            .and_then(Value::as_str);
        let fields = self.tree.at(&pointer).and_then(Value::as_object);
        match (fields, reference) {
            (Some(fields), None) => return Some((fields, pointer)),
            (Some(fields), Some(_)) if is_kind(fields) => return Some((fields, pointer)),
            (_, Some(reference)) => {
                let message = format!("`$ref: {reference}` leads to no {kind}");
                self.warn(
                    &join(at, "$ref"),
                    message,
                    "correct the reference; this part is left out",
                );
            }
            (None, None) => {
                let message = format!("`{}` must be an object: a {kind}", last(at));
                self.warn(at, message, "correct the value; it is left out");
            }
        }
        None
    }

    /// The object under `key` of the object at `pointer`; none if there is nothing.
    fn object(&mut self, pointer: &str, key: &str) -> Option<&'t Map<String, Value>> {
        let at = join(pointer, key);
        let value = self.tree.at(&at)?;
        if !value.is_object() {
            let cure = "correct the value; it is left out";
            self.warn(&at, format!("`{key}` must be an object"), cure);
        }
        value.as_object()
    }

    fn text(&mut self, of: &Map<String, Value>, pointer: &str, key: &str) -> Option<String> {
        let value = of.get(key)?;
        if !value.is_string() {
            let at = join(pointer, key);
            self.warn(
                &at,
                format!("`{key}` must be text"),
                "put it in quotes; it is left out",
            );
        }
        value.as_str().map(ToOwned::to_owned)
    }

    fn warn(&mut self, pointer: &str, message: String, cure: impl Into<String>) {
        if self.blamed.insert(pointer.to_owned()) {
            self.misfits.push(Misfit {
                pointer: pointer.to_owned(),
                message,
                cure: cure.into(),
            });
        }
    }
}

/// Tells each parameter that takes any name of the query which names are those of others.
fn know_each_other(parameters: &mut [Parameter]) {
    for parameter in &mut *parameters {
        parameter.spreads = parameter.finds_out_whether_it_spreads();
    }
    for place in 0..parameters.len() {
        if parameters[place].takes_any_name() {
            let others = parameters.iter().enumerate();
            let others = others.filter(|(other, one)| {
                *other != place && one.location == Location::Query && !one.takes_any_name()
            });
            let beside = others.map(|(_, one)| one.clone()).collect();
            parameters[place].beside = beside;
        }
    }
}

fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

fn is_of_path_item(key: &str) -> bool {
    METHODS.contains(&key) || BESIDE.contains(&key)
}

/// Whether `text` is a token, as methods and names of schemes are: RFC 9110, 5.6.2.
fn is_token(text: &str) -> bool {
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(may_stand)
}

/// The last token of a pointer.
fn last(pointer: &str) -> String {
    crate::tokens(pointer).pop().unwrap_or_default()
}
