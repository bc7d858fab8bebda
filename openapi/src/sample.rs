//! The parameters that a request must have, and valid values for them.

use serde_json::Value;

use crate::{Contract, Location, Operation, Parameter, Role, Scheme};

impl Contract {
    /// The required parameters outside the path that a client has to set for a first page.
    ///
    /// These are all but the one that names a place in the listing, the caller's credentials, and headers
    /// that belong to HTTP.
    pub fn needed(&self) -> impl Iterator<Item = &Parameter> {
        let operation = self.operation();
        let parameters = operation.parameters.iter();
        parameters.filter(move |parameter| {
            parameter.required
                && parameter.location != Location::Path
                && !self.is_place(parameter)
                && !is_set_elsewhere(operation, parameter)
        })
    }

    /// The role of a parameter in paging, if it has one.
    pub fn role(&self, parameter: &Parameter) -> Option<Role> {
        let mut roles = Role::ALL.into_iter();
        roles.find(|role| {
            let paging = self.paging().parameter(*role);
            paging
                .is_some_and(|one| one.location == parameter.location && one.name == parameter.name)
        })
    }

    fn is_place(&self, parameter: &Parameter) -> bool {
        self.role(parameter).is_some_and(|role| role != Role::Limit)
    }
}

/// Whether HTTP or the caller's credentials set the parameter.
fn is_set_elsewhere(operation: &Operation, parameter: &Parameter) -> bool {
    let is_called = |name: &str| parameter.name.eq_ignore_ascii_case(name);
    let mut schemes = operation.security.iter().flatten();
    let is_key = schemes.any(|scheme| match scheme {
        Scheme::ApiKey(location, name) => *location == parameter.location && is_called(name),
        _ => false,
    });
    is_key || parameter.is_ignored()
}

impl Parameter {
    /// A text that the schema accepts, and the keyword of the document that has it.
    ///
    /// It is the document's own suggestion, else the first value of an `enum`. If there is neither, it is made
    /// from the type, the bounds and the format, and the keyword is `schema`.
    pub fn sample(&self) -> Option<(String, &'static str)> {
        let suggested = self.suggested();
        let suggested = suggested.and_then(|(value, keyword)| Some((text(&value)?, keyword)));
        let choices = self.schema.keyword("enum").and_then(Value::as_array);
        let choices = choices.into_iter().flatten().filter_map(text);
        let choices = choices.map(|choice| (choice, "enum"));
        let made = made(self).into_iter().map(|text| (text, "schema"));
        let mut samples = suggested.into_iter().chain(choices).chain(made);
        samples.find(|(text, _)| self.read(text).is_ok())
    }
}

/// A scalar as the text that is sent for it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Texts that the schema is likely to accept.
fn made(parameter: &Parameter) -> Vec<String> {
    let mut made = Vec::new();
    if parameter.takes("integer") || parameter.takes("number") {
        made.extend(numbers(parameter));
    }
    if parameter.takes("boolean") {
        made.push("true".to_owned());
    }
    made.extend(strings(parameter));
    made
}

/// Numbers at the edges of the bounds, the least first.
fn numbers(parameter: &Parameter) -> Vec<String> {
    let bound = |keyword: &str| parameter.schema.keyword(keyword).and_then(text);
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
fn strings(parameter: &Parameter) -> Vec<String> {
    /// Longer texts are no parameters.
    const LONGEST: u64 = 256;
    let known = match parameter.schema.keyword("format").and_then(Value::as_str) {
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
    let least = parameter.schema.keyword("minLength");
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
    fn a_schema_that_asks_for_more_has_no_sample() {
        check(
            &json!({ "type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$" }),
            None,
        );
        check(
            &json!({ "type": "array", "items": { "type": "string" } }),
            None,
        );
    }
}
