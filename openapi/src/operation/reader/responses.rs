//! Reads the answers that an operation declares.

use serde_json::{Map, Value};

use super::{Reader, is_extension};
use crate::media_type::essence;
use crate::{Location, Media, Parameter, Response, Schema, join};

impl Reader<'_> {
    /// The declared answers. Their names are the raw keys, because `4xx` is legal in either case and a
    /// pointer must spell it as the document does.
    pub(super) fn responses(&mut self, operation: &str) -> Vec<Response> {
        let list = join(operation, "responses");
        let mut responses = Vec::new();
        for status in self
            .object(operation, "responses")
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            let at = join(&list, status);
            if is_status(status) {
                responses.extend(self.response(status, &at));
            } else if !is_extension(status) {
                let message = format!("`{status}` is no status of an answer");
                self.warn(
                    &at,
                    message,
                    "write a status (`200`), a range (`4XX`) or `default`",
                );
            }
        }
        responses.shrink_to_fit();
        responses
    }

    fn response(&mut self, status: &str, at: &str) -> Option<Response> {
        let (fields, pointer) = self.resolved(at, "response", |fields| {
            let known = ["summary", "description", "headers", "content", "links"];
            fields
                .keys()
                .all(|key| known.contains(&key.as_str()) || is_extension(key))
        })?;
        Some(Response {
            status: status.to_owned(),
            description: self
                .text(fields, &pointer, "description")
                .unwrap_or_default(),
            headers: self.headers(&pointer),
            media: self.media(&pointer),
            pointer,
        })
    }

    fn headers(&mut self, response: &str) -> Vec<Parameter> {
        let list = join(response, "headers");
        let mut headers = Vec::new();
        for name in self
            .object(response, "headers")
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            let kind = |fields: &Map<String, Value>| {
                fields.contains_key("schema")
                    || fields.contains_key("content")
                    || !fields.contains_key("in")
            };
            if let Some((fields, pointer)) = self.resolved(&join(&list, name), "header", kind) {
                headers.push(self.declared(name, Location::Header, fields, pointer));
            }
        }
        headers.shrink_to_fit();
        headers
    }

    /// The bodies under `content` of a response or of a request body.
    pub(super) fn media(&mut self, owner: &str) -> Vec<Media> {
        let list = join(owner, "content");
        let mut media = Vec::new();
        for media_type in self
            .object(owner, "content")
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            if let Some((fields, pointer)) =
                self.resolved(&join(&list, media_type), "media type", |_| true)
            {
                let schema = |key: &str| {
                    let at = join(&pointer, key);
                    fields.get(key).map(|_| Schema::new(self.tree, at))
                };
                media.push(Media {
                    media_type: essence(media_type),
                    schema: schema("schema"),
                    item_schema: schema("itemSchema"),
                    example: fields.get("example").cloned(),
                    pointer,
                });
            }
        }
        media.shrink_to_fit();
        media
    }
}

fn is_status(key: &str) -> bool {
    let range = || {
        key.get(1..)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("XX"))
    };
    let number = || key.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    key == "default"
        || (key.len() == 3 && key.starts_with(['1', '2', '3', '4', '5']) && (range() || number()))
}
