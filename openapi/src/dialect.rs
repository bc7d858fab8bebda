//! A schema as validators read it: OpenAPI's own keywords in the words of JSON Schema.
//!
//! - `nullable: true` of 3.0 accepts null, beside `$ref`, `allOf`, `anyOf`, `oneOf` and `enum`, too. The
//!   specification leaves these to the reader, and generators of servers and clients take them so.
//! - `writeOnly` properties are not required, because the schemas are those of answers.
//! - `discriminator` chooses the branch of its `oneOf` or `anyOf`.
//! - `exclusiveMinimum: true` in a document of 3.1 makes its `minimum` exclusive, as in 3.0.
//!
//! Every pointer into the document stays good, because only lists of words change, and objects that are
//! nothing but a `$ref`. Such an object is put into an `anyOf` or `allOf`; [`written`] takes it out again.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::keys::Inside;
use crate::references::Root;
use crate::version::Version;
use crate::{discriminator, join, pointer, tokens};

/// How deep `allOf` is followed: recursion through it is legal, and ends nowhere.
const DEPTH: usize = 16;

/// The schema at `pointer` for validators; none if nothing stands there.
///
/// A schema around a branch of `allOf`, `anyOf` or `oneOf` speaks of the branch's values, so it is read with it.
pub(crate) fn for_validators(root: &Root, version: Version, pointer: &str) -> Option<Value> {
    let around = around(pointer);
    let mut changed = pointer::find(root, around)?.clone();
    let rules = Rules {
        root,
        nullable: version == Version::V3_0,
    };
    rules.change(&mut changed, around, Inside::Object, &BTreeSet::new());
    match &pointer[around.len()..] {
        "" => Some(changed),
        below => changed.pointer_mut(below).map(Value::take),
    }
}

/// The place of the outermost schema of which the one at `pointer` is a branch.
fn around(pointer: &str) -> &str {
    let mut outer = pointer;
    while let Some((list, index)) = outer.rsplit_once('/')
        && index.bytes().all(|byte| byte.is_ascii_digit())
        && let Some((schema, "allOf" | "anyOf" | "oneOf")) = list.rsplit_once('/')
    {
        outer = schema;
    }
    outer
}

/// The place of the document that became `pointer` for validators.
pub(crate) fn written(root: &Value, pointer: &str) -> String {
    let mut at = "#".to_owned();
    let mut tokens = tokens(pointer).into_iter().peekable();
    while let Some(token) = tokens.next() {
        let inner = join(&at, &token);
        let is_added = (token == "anyOf" || token == "allOf")
            && pointer::find(root, &inner).is_none()
            && pointer::find(root, &join(&at, "$ref")).is_some();
        if is_added {
            tokens.next();
        } else {
            at = inner;
        }
    }
    at
}

struct Rules<'r> {
    /// The document as it is written.
    root: &'r Root,
    nullable: bool,
}

impl Rules<'_> {
    /// Changes `value`, which stands at `at`; `unsent` are properties that an `allOf` around it says are `writeOnly`.
    fn change(&self, value: &mut Value, at: &str, inside: Inside, unsent: &BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                let (mut own, none) = (BTreeSet::new(), BTreeSet::new());
                if inside == Inside::Object {
                    if fields.contains_key("required") || fields.contains_key("allOf") {
                        own = self.unsent(at, 0);
                        own.extend(unsent.iter().cloned());
                    }
                    not_required(fields, &own);
                    self.exclusive_bounds(fields);
                    self.choose_branches(fields, at);
                }
                for (key, inner) in fields.iter_mut() {
                    let inside = inside.of(key, inner);
                    if inside != Inside::Data {
                        let passed = if key == "allOf" { &own } else { &none };
                        self.change(inner, &join(at, key), inside, passed);
                    }
                }
                if self.nullable
                    && inside == Inside::Object
                    && fields.get("nullable") == Some(&Value::Bool(true))
                {
                    self.accept_null(value, at);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let at = join(at, &index.to_string());
                    self.change(item, &at, Inside::Object, unsent);
                }
            }
            _ => {}
        }
    }

    /// The properties that the schema at `at` says are `writeOnly`, through `$ref` and `allOf`.
    fn unsent(&self, at: &str, depth: usize) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let at = self.root.follow(at);
        let Some(schema) = pointer::find(self.root, &at).filter(|_| depth < DEPTH) else {
            return names;
        };
        let list = join(&at, "properties");
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flat_map(Map::keys) {
            let property = self.root.follow(&join(&list, name));
            let property = pointer::find(self.root, &property);
            let written = properties.and_then(|all| all.get(name));
            let says = |schema: Option<&Value>| {
                schema.and_then(|one| one.get("writeOnly")) == Some(&Value::Bool(true))
            };
            if says(property) || says(written) {
                names.insert(name.clone());
            }
        }
        let parts = schema.get("allOf").and_then(Value::as_array);
        for index in 0..parts.map_or(0, Vec::len) {
            let part = join(&join(&at, "allOf"), &index.to_string());
            names.extend(self.unsent(&part, depth + 1));
        }
        names
    }

    /// Reads 3.0's `exclusiveMinimum: true`, which documents of 3.1 have too, as the bound that it speaks of. Without
    /// one it says nothing.
    fn exclusive_bounds(&self, fields: &mut Map<String, Value>) {
        for (keyword, bound) in [
            ("exclusiveMinimum", "minimum"),
            ("exclusiveMaximum", "maximum"),
        ] {
            let Some(Value::Bool(is_exclusive)) = fields.get(keyword) else {
                continue;
            };
            match fields.get(bound).filter(|_| *is_exclusive).cloned() {
                // JSON Schema draft 4 has both.
                Some(_) if self.nullable => {}
                Some(bound) => {
                    fields.insert(keyword.to_owned(), bound);
                }
                None => {
                    fields.shift_remove(keyword);
                }
            }
        }
    }

    /// Puts the words of the discriminator beside each branch that is a `$ref`.
    fn choose_branches(&self, fields: &mut Map<String, Value>, at: &str) {
        let Some(discriminator) = discriminator::at(self.root, at) else {
            return;
        };
        for keyword in ["oneOf", "anyOf"] {
            let branches = fields.get_mut(keyword).and_then(Value::as_array_mut);
            for branch in branches.into_iter().flatten() {
                let words = discriminator.words(branch);
                if !words.is_empty() {
                    let property = discriminator.property.as_str();
                    let tag = json!({ "properties": { property: { "enum": words } } });
                    *branch = json!({ "allOf": [tag, branch] });
                }
            }
        }
    }

    /// Lets null through `value`, whatever else it demands.
    fn accept_null(&self, value: &mut Value, at: &str) {
        let Some(fields) = value.as_object_mut() else {
            return;
        };
        if fields.contains_key("$ref") {
            *value = json!({ "anyOf": [{ "enum": [null] }, value] });
            return;
        }
        match fields.get_mut("type") {
            Some(Value::String(one)) => {
                let types = json!([one, "null"]);
                fields.insert("type".to_owned(), types);
            }
            Some(Value::Array(types)) if !types.contains(&json!("null")) => {
                types.push(json!("null"));
            }
            _ => {}
        }
        if let Some(Value::Array(values)) = fields.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        for branch in list(fields, "allOf") {
            self.accept_null(branch, at);
        }
        // One of the branches has to accept it, and of `oneOf` no other.
        for keyword in ["anyOf", "oneOf"] {
            let branches = join(at, keyword);
            let count = list(fields, keyword).len();
            let places = (0..count).map(|index| join(&branches, &index.to_string()));
            let accepted = places.filter(|place| self.accepts_null(place, 0)).count();
            if let (0, Some(first)) = (accepted, list(fields, keyword).first_mut()) {
                self.accept_null(first, &join(&branches, "0"));
            }
        }
    }

    /// Whether the schema at `at` accepts null by its own words.
    fn accepts_null(&self, at: &str, depth: usize) -> bool {
        let at = self.root.follow(at);
        let Some(schema) = pointer::find(self.root, &at).filter(|_| depth < DEPTH) else {
            return true;
        };
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            return true;
        }
        let branches = |keyword: &str| {
            let count = schema
                .get(keyword)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            let list = join(&at, keyword);
            let places = (0..count).map(|index| join(&list, &index.to_string()));
            let accept: Vec<_> = places.map(|at| self.accepts_null(&at, depth + 1)).collect();
            accept
        };
        let values = schema.get("enum").and_then(Value::as_array);
        schema.get("type").is_none()
            && values.is_none_or(|values| values.contains(&Value::Null))
            && branches("allOf").into_iter().all(|one| one)
            && ["anyOf", "oneOf"].into_iter().all(|keyword| {
                let branches = branches(keyword);
                branches.is_empty() || branches.contains(&true)
            })
    }
}

/// The schemas under a keyword.
fn list<'f>(fields: &'f mut Map<String, Value>, keyword: &str) -> &'f mut [Value] {
    let list = fields.get_mut(keyword).and_then(Value::as_array_mut);
    list.map_or(&mut [], Vec::as_mut_slice)
}

/// Takes names off the required ones.
fn not_required(fields: &mut Map<String, Value>, names: &BTreeSet<String>) {
    if names.is_empty() {
        return;
    }
    if let Some(Value::Array(required)) = fields.get_mut("required") {
        required.retain(|one| one.as_str().is_none_or(|one| !names.contains(one)));
        // JSON Schema draft 4 has no empty list here.
        if required.is_empty() {
            fields.remove("required");
        }
    }
}
