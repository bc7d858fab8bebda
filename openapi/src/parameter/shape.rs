//! What a schema says of the types of a value and of its parts, in all of its branches.
//!
//! Texts have no types, so each is read as the most specific type that any branch knows.

use serde_json::{Number, Value};

use crate::Schema;

/// How deep branches are followed, and how many are kept: recursion through them is legal.
const DEPTH: usize = 8;
const BRANCHES: usize = 64;

/// A schema, and the schemas that it is composed of.
pub(super) struct Shape {
    /// The schemas that a value must be valid by.
    roots: Vec<Schema>,
    /// These, behind their `$ref`s, and their branches.
    schemas: Vec<Schema>,
}

impl Shape {
    pub(super) fn of(schema: &Schema) -> Self {
        Self::of_all(vec![schema.clone()])
    }

    fn of_all(roots: Vec<Schema>) -> Self {
        let mut schemas = Vec::new();
        for root in &roots {
            collect(root, &mut schemas, 0);
        }
        Self { roots, schemas }
    }

    pub(super) fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.iter()
    }

    pub(super) fn is_valid(&self, value: &Value) -> bool {
        self.roots.iter().all(|root| root.is_valid(value))
    }

    /// Whether a value of this type is accepted. Where no type is written, the keywords tell.
    pub(super) fn takes(&self, kind: &str) -> bool {
        let types = self.types();
        if types.is_empty() {
            let says = |keyword: &str| {
                let mut schemas = self.schemas.iter();
                schemas.any(|schema| schema.value().get(keyword).is_some())
            };
            return match kind {
                "array" => says("items") || says("prefixItems"),
                "object" => says("properties") || says("additionalProperties"),
                _ => false,
            };
        }
        types.contains(&kind)
    }

    /// Whether a value may be other than a list or an object.
    pub(super) fn takes_scalars(&self) -> bool {
        let types = self.types();
        if types.is_empty() {
            return !self.takes("array") && !self.takes("object");
        }
        let scalars = ["string", "integer", "number", "boolean"];
        types.iter().any(|kind| scalars.contains(kind))
    }

    fn types(&self) -> Vec<&'static str> {
        let mut types: Vec<_> = self.schemas.iter().flat_map(Schema::types).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The shape of an item of a list, by its place.
    pub(super) fn item(&self, index: usize) -> Self {
        let items = self.schemas.iter().filter_map(|schema| {
            let item = schema.branches("prefixItems").get(index).cloned();
            item.or_else(|| schema.subschema("items"))
        });
        Self::of_all(items.collect())
    }

    /// The shape of a property.
    pub(super) fn property(&self, name: &str) -> Self {
        let named = self.schemas.iter().filter_map(|one| one.property(name));
        let named: Vec<_> = named.collect();
        if !named.is_empty() {
            return Self::of_all(named);
        }
        let schemas = self.schemas.iter();
        let others = schemas.filter_map(|one| one.subschema("additionalProperties"));
        Self::of_all(others.collect())
    }

    /// The names of the properties that are described or required, in the document's order.
    pub(super) fn properties(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for schema in &self.schemas {
            let properties = schema.value().get("properties").and_then(Value::as_object);
            let described = properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str());
            let required = schema.value().get("required").and_then(Value::as_array);
            let required = required.into_iter().flatten().filter_map(Value::as_str);
            for name in described.chain(required) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Whether an object may have properties of other names: the schema says so, or names none.
    pub(super) fn is_open(&self) -> bool {
        let says = |schema: &Schema| {
            let more = schema.value().get("additionalProperties");
            more.is_some_and(|more| more != &Value::Bool(false))
                || schema.value().get("patternProperties").is_some()
        };
        self.schemas.iter().any(says) || self.properties().is_empty()
    }

    /// The value that a text stands for.
    ///
    /// It is a value of an `enum` or `const` if the text is one's, else of the most specific type that the schema
    /// knows (integer, number, boolean), else a string. Integers beyond 64 bits are read as floats, so that
    /// bounds still apply to them.
    pub(super) fn typed(&self, text: &str) -> Value {
        let chosen = self.schemas.iter().find_map(|schema| choice(schema, text));
        chosen.unwrap_or_else(|| typed(&self.types(), text))
    }
}

/// The schema behind its `$ref`, and all branches of it.
fn collect(schema: &Schema, schemas: &mut Vec<Schema>, depth: usize) {
    if depth > DEPTH || schemas.len() >= BRANCHES {
        return;
    }
    let resolved = schema.resolved();
    // Keywords may stand beside a `$ref`.
    if resolved.pointer() != schema.pointer()
        && schema.value().as_object().is_some_and(|one| one.len() > 1)
    {
        schemas.push(schema.clone());
    }
    let branches = ["allOf", "anyOf", "oneOf"].map(|keyword| resolved.branches(keyword));
    schemas.push(resolved);
    for branch in branches.iter().flatten() {
        collect(branch, schemas, depth + 1);
    }
}

/// The value of the schema's `enum` or `const` that is written as `text`.
fn choice(schema: &Schema, text: &str) -> Option<Value> {
    let listed = schema.value().get("enum").and_then(Value::as_array);
    let choices = listed
        .into_iter()
        .flatten()
        .chain(schema.value().get("const"));
    let written = |value: &&Value| match value {
        Value::String(known) => known == text,
        Value::Number(_) => {
            let written = value.to_string();
            written == text
        }
        _ => false,
    };
    let truth = truth(&["boolean"], text).map(Value::Bool);
    let is_truth = |value: &&Value| truth.as_ref() == Some(*value);
    let chosen = choices.clone().find(written);
    chosen.or_else(|| choices.clone().find(is_truth)).cloned()
}

/// The value of the most specific of these types that a text stands for.
pub(super) fn typed(types: &[&str], text: &str) -> Value {
    let integer = types.contains(&"integer") || types.contains(&"number");
    if let Some(number) = integer.then(|| integer_of(text)).flatten() {
        return Value::Number(number);
    }
    if types.contains(&"number")
        && let Ok(float) = text.parse::<f64>()
        && let Some(number) = Number::from_f64(float)
    {
        return Value::Number(number);
    }
    truth(types, text).map_or_else(|| Value::String(text.to_owned()), Value::Bool)
}

/// The truth value that a text stands for, if these types of a schema have one.
///
/// Clients in Python send `True` and `False`. Some clients send `1` and `0`, which are texts if a text is allowed.
pub fn truth(types: &[&str], text: &str) -> Option<bool> {
    let knows = |kind: &str| types.contains(&kind);
    let truth = match text {
        "true" | "True" => true,
        "false" | "False" => false,
        "1" if !knows("string") => true,
        "0" if !knows("string") => false,
        _ => return None,
    };
    knows("boolean").then_some(truth)
}

fn integer_of(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exact = text
        .parse::<u64>()
        .map(Number::from)
        .or_else(|_| text.parse::<i64>().map(Number::from));
    exact.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}
