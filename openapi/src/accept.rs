//! The `Accept` header with which a client of an operation asks for the answers that the document declares.

use crate::Operation;

impl Operation {
    /// The media types of its answers, as an `Accept` header lists them (RFC 9110, 12.5.1).
    ///
    /// JSON of an answer without error is wanted most, then other JSON, then other declared types. Anything
    /// else is accepted, too: a server may refuse in a media type that the document does not declare.
    ///
    /// `application/json, application/problem+json;q=0.9, text/plain;q=0.5, */*;q=0.1`
    pub fn accept(&self) -> String {
        let mut wanted: Vec<(&str, u8)> = Vec::new();
        let declared = self.responses.iter().flat_map(|response| {
            let is_page = response.status.starts_with('2');
            response
                .media
                .iter()
                .map(move |media| match media.is_json() {
                    true if is_page => (media.served_as(), 10),
                    true => (media.served_as(), 9),
                    false => (media.served_as(), 5),
                })
        });
        for (media_type, weight) in declared {
            match wanted.iter_mut().find(|(known, _)| *known == media_type) {
                Some((_, known)) => *known = weight.max(*known),
                None => wanted.push((media_type, weight)),
            }
        }
        if wanted.is_empty() {
            wanted.push(("application/json", 10));
        }
        wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        wanted.push(("*/*", 1));
        let listed = wanted.iter().map(|(media_type, weight)| match weight {
            10 => (*media_type).to_owned(),
            tenths => format!("{media_type};q=0.{tenths}"),
        });
        listed.collect::<Vec<_>>().join(", ")
    }

    /// Whether it declares an answer that is not JSON, so that a server may have to choose.
    pub fn has_other_than_json(&self) -> bool {
        let mut media = self.responses.iter().flat_map(|response| &response.media);
        media.any(|media| !media.is_json())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Source};

    /// The `Accept` header for an operation with these responses.
    fn check(responses: &str, expect: &str) {
        let text =
            format!("{{openapi: 3.1.0, paths: {{/a: {{get: {{responses: {responses}}}}}}}}}");
        let document = Document::read(Source::new("a.yaml", text), &[]).unwrap();
        assert_eq!(document.operations()[0].accept(), expect, "{responses}");
    }

    #[test]
    fn json_of_a_page_is_wanted_most() {
        check("{}", "application/json, */*;q=0.1");
        check(
            "{404: {content: {application/json: {}}}, 200: {content: {'*/*': {}}}}",
            "application/json, */*;q=0.1",
        );
        check(
            "{400: {content: {text/plain: {}, application/problem+json: {}}}, 2XX: {content: {text/html: {}, application/hal+json: {}}}}",
            "application/hal+json, application/problem+json;q=0.9, text/plain;q=0.5, text/html;q=0.5, */*;q=0.1",
        );
    }
}
