//! Simple values for schemas of requests: what the judge sends where it creates or changes an item.
//!
//! A value is taken from the document, from an item of the list, or made as short as its schema allows. What is made
//! is not sure to be valid, so that the caller validates it.

use openapi::Schema;
use serde_json::{Map, Number, Value, json};

/// The depth from which only null is made.
const DEEP: usize = 6;

/// What a value is made from.
#[derive(Clone, Copy)]
pub(crate) struct Sample<'v> {
    /// A word that is part of every free text, so that no two items have the same.
    pub(crate) mark: &'v str,
    /// An item of the list, for what only the server knows, such as the id of something else.
    pub(crate) like: Option<&'v Map<String, Value>>,
    /// The names of the properties in which the item lies.
    pub(crate) inside: &'v [String],
    /// Whether optional properties of the item are left out, but for one if it would have none.
    pub(crate) is_short: bool,
}

/// Whether only the server sets a property.
pub(crate) fn is_read_only(schema: &Schema) -> bool {
    schema.keyword("readOnly") == Some(&Value::Bool(true))
}

/// Whether a text is free: nothing but its length is declared.
pub(crate) fn is_free_text(schema: &Schema) -> bool {
    let narrows = ["format", "pattern", "enum", "const", "anyOf", "oneOf"];
    schema.types().contains(&"string")
        && narrows
            .iter()
            .all(|keyword| schema.keyword(keyword).is_none())
}

impl Sample<'_> {
    /// A value of `schema`.
    pub(crate) fn of(self, schema: &Schema) -> Value {
        self.made(schema, None, 0)
    }

    fn made(self, schema: &Schema, name: Option<&str>, depth: usize) -> Value {
        if depth > DEEP {
            return Value::Null;
        }
        let known = name.and_then(|name| self.like?.get(name));
        let is_free = is_free_text(schema);
        if let Some(known) = known.filter(|one| !is_free && !one.is_null() && schema.is_valid(one))
        {
            return known.clone();
        }
        if let Some(said) = said(schema).filter(|_| !is_free) {
            return said;
        }
        let types = schema.types();
        let has = |kind: &str| types.contains(&kind);
        let is_object = has("object") || !schema.properties().is_empty();
        if is_object {
            return self.object(schema, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut branches = schema.branches(keyword).into_iter();
            let made = branches.find_map(|branch| {
                let made = self.made(&branch, name, depth + 1);
                (!made.is_null() && schema.is_valid(&made)).then_some(made)
            });
            if let Some(made) = made {
                return made;
            }
        }
        if has("string") {
            return text(schema, self.mark).into();
        }
        if has("integer") || has("number") {
            return number(schema);
        }
        if has("boolean") {
            return json!(false);
        }
        if has("array") {
            let least = count(schema, "minItems").unwrap_or(0).min(3);
            let item = schema
                .items()
                .map(|items| self.made(&items, None, depth + 1));
            return vec![item.unwrap_or(Value::Null); least].into();
        }
        match schema.branches("allOf").first() {
            Some(first) => self.made(first, name, depth + 1),
            None => Value::Null,
        }
    }

    fn object(self, schema: &Schema, depth: usize) -> Value {
        let mut fields = Map::new();
        let branches = ["oneOf", "anyOf"];
        let branch = branches
            .into_iter()
            .find_map(|keyword| schema.branches(keyword).into_iter().next());
        if let Some(Value::Object(own)) = branch.map(|branch| self.made(&branch, None, depth + 1)) {
            fields.extend(own);
        }
        let mut optional = Vec::new();
        for name in schema.properties() {
            let Some(property) = schema.property(&name).filter(|one| !is_read_only(one)) else {
                continue;
            };
            let is_needed = schema.requires(&name) || self.inside.get(depth) == Some(&name);
            if !is_needed {
                optional.push((name, property));
                continue;
            }
            let made = self.made(&property, Some(&name), depth + 1);
            fields.insert(name, made);
        }
        let is_item = depth == self.inside.len();
        for (name, property) in optional {
            if !is_item || self.is_short && !fields.is_empty() {
                break;
            }
            let made = self.made(&property, Some(&name), depth + 1);
            if property.is_valid(&made) && !made.is_null() {
                fields.insert(name, made);
            }
        }
        Value::Object(fields)
    }
}

/// What the document itself says of a value: that it is fixed, or one of a few, or an example.
fn said(schema: &Schema) -> Option<Value> {
    let one = |keyword: &str| schema.keyword(keyword).cloned();
    let first = |keyword: &str| {
        let several = schema.keyword(keyword)?.as_array()?;
        several.iter().find(|one| !one.is_null()).cloned()
    };
    let said = [
        one("const"),
        one("default"),
        one("example"),
        first("examples"),
        first("enum"),
    ];
    let mut said = said.into_iter().flatten();
    said.find(|value| !value.is_null() && schema.is_valid(value))
}

fn count(schema: &Schema, keyword: &str) -> Option<usize> {
    usize::try_from(schema.keyword(keyword)?.as_u64()?).ok()
}

/// A text with the mark in it, within the declared length.
pub(crate) fn text(schema: &Schema, mark: &str) -> String {
    let format = schema.keyword("format").and_then(Value::as_str);
    match format {
        Some("date-time") => return "2026-01-01T00:00:00Z".to_owned(),
        Some("date") => return "2026-01-01".to_owned(),
        Some("time") => return "00:00:00Z".to_owned(),
        Some("email" | "idn-email") => return format!("{mark}@example.com"),
        Some("uri" | "url" | "iri") => return format!("https://example.com/{mark}"),
        Some("hostname") => return "example.com".to_owned(),
        Some("ipv4") => return "192.0.2.1".to_owned(),
        Some("ipv6") => return "2001:db8::1".to_owned(),
        Some("uuid") => return "5f3c1f9e-7c11-4b7e-9d35-3b1f0f5a6c01".to_owned(),
        _ => {}
    }
    let mut text = mark.to_owned();
    while text.len() < count(schema, "minLength").unwrap_or(0).min(1_000) {
        text.push('x');
    }
    // What tells one mark from another stands at its end.
    let most = count(schema, "maxLength").unwrap_or(usize::MAX);
    text.split_off(text.len().saturating_sub(most))
}

fn number(schema: &Schema) -> Value {
    let bound = |keyword: &str| schema.keyword(keyword).and_then(Value::as_f64);
    let least = bound("minimum").or(bound("exclusiveMinimum").map(|least| least + 1.0));
    let most = bound("maximum").or(bound("exclusiveMaximum").map(|most| most - 1.0));
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let wanted = 1.0_f64
        .max(least.unwrap_or(1.0))
        .min(most.unwrap_or(f64::MAX));
    let wanted = step.map_or(wanted, |step| (wanted / step).ceil() * step);
    let whole = wanted.ceil();
    if whole.abs() < 9e15 && schema.is_valid(&whole_number(whole)) {
        return whole_number(whole);
    }
    Number::from_f64(wanted).map_or(Value::Null, Value::Number)
}

/// A number without a fraction, as JSON has it.
fn whole_number(number: f64) -> Value {
    let text = format!("{number:.0}");
    text.parse::<i64>().map_or(Value::Null, Value::from)
}

/// Another valid value of `schema` than `now`, if a simple one is known.
pub(crate) fn other(schema: &Schema, now: &Value, mark: &str) -> Option<Value> {
    let listed = schema.keyword("enum").and_then(Value::as_array).cloned();
    let listed = listed.unwrap_or_default();
    let format = schema.keyword("format").and_then(Value::as_str);
    let made = match now {
        Value::Bool(is) => vec![json!(!is)],
        Value::Number(number) => {
            let number = number.as_i64()?;
            let steps = [1_000, 1, -1].into_iter();
            steps
                .filter_map(|step| number.checked_add(step))
                .map(Value::from)
                .collect()
        }
        Value::String(_) if !listed.is_empty() => listed,
        Value::String(_) => {
            let earlier = match format {
                Some("date-time") => Some("2001-02-03T04:05:06Z"),
                Some("date") => Some("2001-02-03"),
                _ => None,
            };
            let earlier = earlier.map(Value::from);
            earlier
                .into_iter()
                .chain([text(schema, mark).into()])
                .collect()
        }
        _ => return None,
    };
    let mut others = made.into_iter();
    others.find(|value| value != now && !value.is_null() && schema.is_valid(value))
}
