//! Valid values for a parameter: the document's own, else made from the schema.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Parameter;
use super::shape::Shape;
use super::write::scalar;
use crate::{Location, Schema, join};

/// Longer texts are no parameters.
const LONGEST: u64 = 256;
/// The longest list that is made.
const ITEMS: u64 = 32;
/// How deep lists and objects are made.
const DEPTH: usize = 4;

impl Parameter {
    /// A value that the document suggests for this parameter, and the keyword that has it.
    ///
    /// It is the first valid one of the parameter's `example` and `examples`, and of the schema's `example`,
    /// `examples`, `default`, `const`, and `enum` if that has a single value.
    pub fn suggested(&self) -> Option<(Value, &'static str)> {
        let valid = |(value, _): &(Value, &str)| self.schema.is_valid(value);
        self.suggestions().into_iter().find(valid)
    }

    /// What the document suggests, valid or not. A text may stand for a value of another type.
    fn suggestions(&self) -> Vec<(Value, &'static str)> {
        let tree = self.schema.tree();
        let media = self.schema.pointer().strip_suffix("/schema");
        let places = [self.pointer.as_str(), media.unwrap_or_default()];
        let places = || places.into_iter().filter(|place| !place.is_empty());
        let example = places().filter_map(|place| tree.at(&join(place, "example")));
        let named = places().flat_map(|place| {
            let list = join(place, "examples");
            let names = tree.at(&list).and_then(Value::as_object);
            let names = names.into_iter().flatten();
            let values = names.filter_map(|(name, _)| {
                let example = tree.follow(&join(&list, name));
                tree.at(&join(&example, "value"))
            });
            values.collect::<Vec<_>>()
        });
        let keyword = |keyword: &str| self.schema.keyword(keyword);
        let listed = keyword("examples").and_then(Value::as_array);
        let choices = keyword("enum").and_then(Value::as_array);
        let only = choices.filter(|choices| choices.len() == 1);
        let with = |word: &'static str| move |value| (value, word);
        let all = example
            .map(with("example"))
            .chain(named.map(with("examples")))
            .chain(keyword("example").map(with("example")))
            .chain(listed.into_iter().flatten().map(with("examples")))
            .chain(keyword("default").map(with("default")))
            .chain(keyword("const").map(with("const")))
            .chain(only.into_iter().flatten().map(with("enum")));
        let all = all.flat_map(|(value, word): (&Value, _)| {
            let typed = value.as_str().map(|text| (self.typed(text), word));
            std::iter::once((value.clone(), word)).chain(typed)
        });
        all.collect()
    }

    /// A value that the schema accepts and that can be sent, and the keyword of the document that has it.
    ///
    /// It is the document's own suggestion, else the first value of an `enum`. If there is neither, it is made
    /// from the type, the bounds and the format, and the keyword is `schema`.
    pub fn sample_value(&self) -> Option<(Value, &'static str)> {
        let choices = self.schema.keyword("enum").and_then(Value::as_array);
        let choices = choices.into_iter().flatten();
        let choices = choices.map(|choice| (choice.clone(), "enum"));
        let made = || {
            let made = made(&Shape::of(&self.schema), 0);
            made.into_iter().map(|value| (value, "schema"))
        };
        let is_good = |(value, _): &(Value, &str)| {
            let written = self.write(value);
            written.is_some_and(|text| self.location == Location::Body || self.find(&text).is_ok())
                && self.schema.is_valid(value)
        };
        let suggested = self.suggestions().into_iter().chain(choices).find(is_good);
        suggested.or_else(|| made().find(is_good))
    }

    /// As [`Parameter::sample_value`], as the decoded text that is sent.
    ///
    /// `None` if the value has no such text: it is a list or an object outside a header.
    pub fn sample(&self) -> Option<(String, &'static str)> {
        let (value, keyword) = self.sample_value()?;
        let text = match scalar(&value).map(Cow::into_owned) {
            None if self.location == Location::Header => self.write(&value),
            text => text,
        };
        Some((text?, keyword))
    }
}

/// Values that the schema is likely to accept.
fn made(shape: &Shape, depth: usize) -> Vec<Value> {
    let mut made = Vec::new();
    if depth > DEPTH {
        return made;
    }
    for keyword in ["example", "default", "const"] {
        let own = shape
            .schemas()
            .filter_map(|schema| schema.value().get(keyword));
        made.extend(own.cloned());
    }
    for keyword in ["examples", "enum"] {
        let own = shape
            .schemas()
            .filter_map(|schema| schema.value().get(keyword));
        made.extend(own.filter_map(Value::as_array).flatten().cloned());
    }
    if shape.takes("integer") || shape.takes("number") {
        let numbers = shape.schemas().flat_map(numbers);
        made.extend(numbers.map(|text| shape.typed(&text)));
    }
    if shape.takes("boolean") {
        made.push(Value::Bool(true));
    }
    if shape.takes_scalars() {
        let texts: Vec<_> = shape.schemas().flat_map(strings).collect();
        made.extend(texts.into_iter().map(Value::from));
    }
    if shape.takes("array") {
        made.push(list(shape, depth));
    }
    if shape.takes("object") {
        made.push(object(shape, depth));
    }
    made
}

/// A list of the least number of items, at least one.
fn list(shape: &Shape, depth: usize) -> Value {
    let least = shape
        .schemas()
        .filter_map(|schema| schema.value().get("minItems"));
    let least = least.filter_map(Value::as_u64).max().unwrap_or(1);
    let unique = shape
        .schemas()
        .any(|schema| schema.value().get("uniqueItems").is_some());
    let mut items = Vec::new();
    for index in 0..usize::try_from(least.clamp(1, ITEMS)).unwrap_or(1) {
        let item = shape.item(index);
        let mut values = made(&item, depth + 1).into_iter();
        let good = values.find(|value| item.is_valid(value) && !(unique && items.contains(value)));
        items.extend(good);
    }
    Value::Array(items)
}

/// An object with the required properties; with the first one if none is required.
fn object(shape: &Shape, depth: usize) -> Value {
    let required = shape
        .schemas()
        .filter_map(|schema| schema.value().get("required"));
    let required = required.filter_map(Value::as_array).flatten();
    let mut names: Vec<_> = required.filter_map(Value::as_str).collect();
    if names.is_empty() {
        names.push(shape.properties().first().copied().unwrap_or("a"));
    }
    let fields = names.into_iter().filter_map(|name| {
        let property = shape.property(name);
        let mut values = made(&property, depth + 1).into_iter();
        let good = values.find(|value| property.is_valid(value))?;
        Some((name.to_owned(), good))
    });
    Value::Object(fields.collect::<Map<_, _>>())
}

/// Numbers at the edges of the bounds, the least first.
fn numbers(schema: &Schema) -> Vec<String> {
    let bound = |keyword: &str| {
        schema
            .keyword(keyword)
            .and_then(scalar)
            .map(Cow::into_owned)
    };
    let step = bound("multipleOf");
    let minimum = bound("minimum");
    let integer = |keyword: &str| bound(keyword).and_then(|text| text.parse::<i64>().ok());
    let above = integer("exclusiveMinimum")
        .or(integer("minimum"))
        .map(|least| least.saturating_add(1).to_string());
    let below = integer("exclusiveMaximum")
        .or(integer("maximum"))
        .map(|most| most.saturating_sub(1).to_string());
    let usual = ["1", "0"].map(|text| Some(text.to_owned()));
    let edges = [minimum, above, bound("maximum"), below, step];
    usual.into_iter().chain(edges).flatten().collect()
}

/// Texts of the known formats, and a word of the least length.
fn strings(schema: &Schema) -> Vec<String> {
    let known = match schema.keyword("format").and_then(Value::as_str) {
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        Some("date") => "2026-01-05",
        Some("date-time") => "2026-01-05T09:00:00Z",
        Some("time") => "09:00:00Z",
        Some("email") => "ada@example.com",
        Some("uri" | "url") => "https://example.com/",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("hostname") => "example.com",
        _ => "x",
    };
    let least = schema.keyword("minLength");
    let least = least.and_then(Value::as_u64).unwrap_or(1).min(LONGEST);
    let least = usize::try_from(least).unwrap_or(1);
    vec![known.to_owned(), "x".repeat(least)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Document, Source};

    /// The parameter of an operation that has only this one.
    fn parameter(parameter: &Value) -> Parameter {
        let text = json!({
            "openapi": "3.1.0",
            "info": { "title": "", "version": "" },
            "paths": { "/a": { "get": { "parameters": [parameter], "responses": {} } } },
        });
        let source = Source::new("a.json", text.to_string());
        let document = Document::read(source, &[]).unwrap();
        document.operations()[0].parameters[0].clone()
    }

    fn check(schema: &Value, expect: Option<(&str, &str)>) {
        let written = json!({ "name": "a", "in": "query", "required": true, "schema": schema });
        let sample = parameter(&written).sample();
        let sample = sample.as_ref().map(|(text, from)| (text.as_str(), *from));
        assert_eq!(sample, expect, "{schema}");
    }

    #[test]
    fn a_sample_is_what_the_document_suggests() {
        check(
            &json!({ "type": "string", "example": "EUR" }),
            Some(("EUR", "example")),
        );
        check(
            &json!({ "type": "integer", "default": 7 }),
            Some(("7", "default")),
        );
        check(&json!({ "enum": ["eur", "usd"] }), Some(("eur", "enum")));
        check(
            &json!({ "type": "integer", "minimum": 5, "example": 3 }),
            Some(("5", "schema")),
        );
    }

    #[test]
    fn a_sample_is_made_within_the_bounds_of_the_schema() {
        for (schema, text) in [
            (
                json!({ "type": "integer", "minimum": 10, "maximum": 12 }),
                "10",
            ),
            (json!({ "type": "integer", "exclusiveMaximum": -3 }), "-4"),
            (json!({ "type": "number", "minimum": 2.5 }), "2.5"),
            (json!({ "type": "boolean" }), "true"),
            (json!({ "type": "string" }), "x"),
            (json!({ "type": "string", "minLength": 3 }), "xxx"),
            (
                json!({ "type": "string", "format": "uuid" }),
                "00000000-0000-4000-8000-000000000000",
            ),
            (json!({ "type": "string", "format": "date" }), "2026-01-05"),
        ] {
            check(&schema, Some((text, "schema")));
        }
    }

    #[test]
    fn a_sample_may_be_a_list_or_an_object() {
        let check = |style: &str, schema: &Value, expect: &str| {
            let written = json!({ "name": "a", "in": "query", "style": style, "required": true, "schema": schema });
            let parameter = parameter(&written);
            let (value, _) = parameter.sample_value().unwrap();
            assert_eq!(parameter.write(&value).as_deref(), Some(expect), "{schema}");
        };
        let list =
            json!({ "type": "array", "items": { "type": "integer", "minimum": 4 }, "minItems": 2 });
        check("form", &list, "a=4&a=4");
        check("pipeDelimited", &list, "a=4%7C4");
        let nullable = json!({ "anyOf": [{ "type": "array", "items": { "enum": ["x", "y"] } }, { "type": "null" }] });
        check("form", &nullable, "a=x");
        let unique = json!({ "type": "array", "items": { "enum": ["x", "y"] }, "minItems": 2, "uniqueItems": true });
        check("form", &unique, "a=x&a=y");
        let object = json!({ "type": "object", "required": ["b"], "properties": { "b": { "type": "boolean" }, "c": {} } });
        check("deepObject", &object, "a[b]=true");
        check("form", &object, "b=true");
        let suggested =
            json!({ "type": "array", "items": { "type": "string" }, "example": ["p", "q"] });
        check("form", &suggested, "a=p&a=q");
    }

    #[test]
    fn bounds_in_a_branch_count() {
        let branch = json!({ "anyOf": [{ "type": "integer", "minimum": 9 }, { "type": "null" }] });
        check(&branch, Some(("9", "schema")));
    }

    #[test]
    fn a_schema_that_asks_for_more_has_no_sample() {
        check(
            &json!({ "type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$" }),
            None,
        );
    }
}
