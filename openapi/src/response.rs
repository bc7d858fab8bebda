//! An answer that an operation declares.

use serde_json::Value;

use crate::media_type::{essence, is_json};
use crate::{Parameter, Schema};

/// An answer that an operation declares for a status.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status as declared: `200`, `4XX`, `default`.
    pub status: String,
    /// Its meaning, in the document's words; empty if the document gives none.
    pub description: String,
    /// The headers that it declares.
    pub headers: Vec<Parameter>,
    /// The bodies that it may have; empty if the document declares none.
    pub media: Vec<Media>,
    /// Where the document declares it.
    pub pointer: String,
}

/// One body of a [`Response`].
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type, or a range such as `text/*`, in lower case and without parameters.
    pub media_type: String,
    /// The schema of the body, if the document declares one. Without one, any body is declared.
    pub schema: Option<Schema>,
    /// The schema of each item of a body that is a sequence, such as lines of JSON: OpenAPI 3.2, 4.14.1.
    pub item_schema: Option<Schema>,
    /// The document's own example of the body.
    pub example: Option<Value>,
    /// Where the document declares it.
    pub pointer: String,
}

/// Whether an answer with this status never has a body, although documents declare one: RFC 9110, 6.4.1.
///
/// Clients expect no `Content-Type` there.
pub fn has_no_body(status: u16) -> bool {
    matches!(status, 100..200 | 204 | 205 | 304)
}

impl Response {
    /// The declared body for a `Content-Type`: of this media type, else of its range (`text/*`), else of `*/*`.
    ///
    /// Neither the case nor the parameters (`; charset=utf-8`) count: OpenAPI 3.1, 4.8.14.
    pub fn media(&self, content_type: &str) -> Option<&Media> {
        declared_for(&self.media, &essence(content_type))
    }

    /// The body declared for JSON: the first JSON media type, else a range that includes JSON.
    pub fn json(&self) -> Option<&Media> {
        let named = self.media.iter().find(|media| is_json(&media.media_type));
        named.or_else(|| self.media("application/json"))
    }
}

impl Media {
    /// The media type of a body that is written as declared; of a range, a usual one.
    pub fn served_as(&self) -> &str {
        match self.media_type.as_str() {
            "*/*" | "application/*" => "application/json",
            "text/*" => "text/plain",
            other => other,
        }
    }

    /// Whether a body that is written as declared is JSON.
    pub fn is_json(&self) -> bool {
        is_json(self.served_as())
    }
}

/// The body of `media` for a media type, which is in lower case and without parameters.
pub(crate) fn declared_for<'m>(media: &'m [Media], sent: &str) -> Option<&'m Media> {
    let (kind, _) = sent.split_once('/')?;
    let range = format!("{kind}/*");
    [sent, &range, "*/*"]
        .into_iter()
        .find_map(|wanted| media.iter().find(|media| media.media_type == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(types: &[&str]) -> Response {
        let media = types.iter().map(|media_type| Media {
            media_type: essence(media_type),
            schema: None,
            item_schema: None,
            example: None,
            pointer: String::new(),
        });
        Response {
            status: "200".to_owned(),
            description: String::new(),
            headers: Vec::new(),
            media: media.collect(),
            pointer: String::new(),
        }
    }

    /// The declared media type under which a body of `sent` is read.
    fn check(declared: &[&str], sent: &str, expect: Option<&str>) {
        let response = response(declared);
        let found = response.media(sent);
        let found = found.map(|media| media.media_type.as_str());
        assert_eq!(found, expect, "{sent} of {declared:?}");
    }

    #[test]
    fn the_nearest_declaration_is_the_one_that_counts() {
        let all = ["*/*", "text/*", "text/plain; charset=utf-8"];
        check(&all, "TEXT/Plain;charset=latin1", Some("text/plain"));
        check(&all, "text/html", Some("text/*"));
        check(&all, "application/json", Some("*/*"));
        check(&all, "nothing", None);
        check(&["text/*"], "textual/x", None);
        check(&[], "text/plain", None);
    }

    #[test]
    fn a_range_that_includes_json_is_declared_for_json() {
        for (declared, expect) in [
            (vec!["*/*"], Some("*/*")),
            (vec!["application/*"], Some("application/*")),
            (
                vec!["*/*", "application/hal+json"],
                Some("application/hal+json"),
            ),
            (
                vec!["text/plain", "Application/JSON"],
                Some("application/json"),
            ),
            (vec!["text/*"], None),
        ] {
            let response = response(&declared);
            let found = response.json().map(|media| media.media_type.as_str());
            assert_eq!(found, expect, "{declared:?}");
        }
        assert_eq!(response(&["*/*"]).media[0].served_as(), "application/json");
    }
}
