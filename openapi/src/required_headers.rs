//! The headers that an answer must have, and whether an answer has them.

use http::HeaderMap;

use crate::{Notation, Parameter, Response, is_json, join};

/// A required header that an answer lacks, or has with a value that breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderBreach {
    /// The header's name, as the document spells it.
    pub name: String,
    /// What is wrong, as a lower-case fragment. It does not show the value, which may be a secret.
    pub message: String,
    /// Where the document says it.
    pub pointer: String,
}

impl Response {
    /// The headers that it must have.
    ///
    /// `Content-Type` is none of them, because `content` describes it: OpenAPI 3.1, 4.8.17.1.
    pub fn required_headers(&self) -> impl Iterator<Item = &Parameter> {
        let counts = |header: &&Parameter| {
            header.required && !header.name.eq_ignore_ascii_case("content-type")
        };
        self.headers.iter().filter(counts)
    }

    /// What is wrong with the required headers of an answer that has the headers `sent`.
    pub fn header_breaches(&self, sent: &HeaderMap) -> Vec<HeaderBreach> {
        let breaches = self.required_headers().filter_map(|header| {
            let (message, pointer) = breach(header, sent)?;
            Some(HeaderBreach {
                name: header.name.clone(),
                message,
                pointer,
            })
        });
        breaches.collect()
    }
}

impl Parameter {
    /// Whether an answer may have this header with the value `text`.
    pub fn takes_header(&self, text: &str) -> bool {
        header_violation(self, text).is_none()
    }
}

/// What is wrong with a header, and where the document says it.
fn breach(header: &Parameter, sent: &HeaderMap) -> Option<(String, String)> {
    let mut first = None;
    for line in sent.get_all(&header.name) {
        let text = String::from_utf8_lossy(line.as_bytes());
        // A proxy may add a line of its own, so one good line is enough.
        first.get_or_insert(header_violation(header, &text)?);
    }
    let missing = || {
        let message = "it is required, and missing".to_owned();
        (message, join(&header.pointer, "required"))
    };
    Some(first.unwrap_or_else(missing))
}

/// Why `text` is no value of a header, and where the document says it.
fn header_violation(header: &Parameter, text: &str) -> Option<(String, String)> {
    if let Notation::Content(media_type) = &header.notation
        && !is_json(media_type)
    {
        return None;
    }
    let wrong = header.find(text).err()?;
    let violation = wrong.violations.first()?;
    let message = format!("its value breaks `{}`", violation.keyword);
    Some((message, violation.pointer.clone()))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::{Document, Source};

    /// What is wrong with an answer whose declared headers are `declared`.
    fn check(declared: &str, sent: &[(&'static str, &'static str)], expect: &[&str]) {
        let text = format!(
            "{{openapi: 3.1.0, paths: {{/a: {{get: {{responses: {{200: {{headers: {declared}}}}}}}}}}}}}"
        );
        let document = Document::read(Source::new("a.yaml", text), &[]).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            let name = HeaderName::from_static(name);
            headers.append(name, HeaderValue::from_static(value));
        }
        let response = document.operations()[0].response(200).unwrap();
        let found = response.header_breaches(&headers);
        let found = found.iter();
        let found: Vec<_> = found
            .map(|one| format!("{}: {}", one.name, one.message))
            .collect();
        assert_eq!(found, expect, "{declared}");
    }

    #[test]
    fn a_required_header_is_missing_or_has_a_wrong_value() {
        let id = "{X-Id: {required: true, schema: {type: string, format: uuid}}}";
        check(id, &[], &["X-Id: it is required, and missing"]);
        check(id, &[("x-id", "7")], &["X-Id: its value breaks `format`"]);
        let good = ("x-id", "00000000-0000-4000-8000-000000000000");
        check(id, &[good], &[]);
        check(id, &[("x-id", "7"), good], &[]);
    }

    #[test]
    fn numbers_lists_and_json_are_read_as_they_are_sent() {
        let left = "{Left: {required: true, schema: {type: integer, minimum: 0}}}";
        check(
            left,
            &[("left", "-1")],
            &["Left: its value breaks `minimum`"],
        );
        check(left, &[("left", "12")], &[]);
        let list = "{L: {required: true, schema: {type: array, items: {type: integer}}}}";
        check(list, &[("l", "1, 2,3")], &[]);
        check(list, &[("l", "")], &[]);
        check(list, &[("l", "1,b")], &["L: its value breaks `type`"]);
        let json = "{J: {required: true, content: {application/json: {schema: {type: object, required: [a]}}}}}";
        check(json, &[("j", "{\"a\": 1}")], &[]);
        check(json, &[("j", "{}")], &["J: its value breaks `required`"]);
        let object = "{O: {required: true, schema: {type: object}}}";
        check(object, &[("o", "a,1")], &[]);
    }

    #[test]
    fn an_optional_header_and_the_content_type_are_not_required() {
        let other = "{A: {schema: {type: integer}}, Content-Type: {required: true, schema: {type: integer}}}";
        check(other, &[("a", "x")], &[]);
    }
}
