//! Answers of Swagger 2.0: one schema for all media types.

use serde_json::{Map, Value};

use super::{Conversion, DEFAULT_MEDIA_TYPE, Written, kept};
use crate::join;

impl<'c> Conversion<'c> {
    /// The answers of an operation.
    pub(super) fn responses(
        &mut self,
        root: &Written<'c>,
        operation: &Written<'c>,
        responses: &Written<'c>,
        at: &str,
    ) -> Value {
        if !responses.value.is_object() {
            return responses.value.clone();
        }
        let mut converted = Map::new();
        for (status, response) in responses.fields() {
            let response = if status.starts_with("x-") {
                response.value.clone()
            } else {
                let at = join(at, status);
                // A named response has the document's media types.
                let named = Self::is_component(&response, "#/responses/")
                    && operation.value.get("produces").is_none();
                let response = if named {
                    response
                } else {
                    self.resolved(&response)
                };
                self.response(root, Some(operation), &response, &at)
            };
            converted.insert(status.clone(), response);
        }
        converted.into()
    }

    /// An answer, of an operation or a named one.
    pub(super) fn response(
        &mut self,
        root: &Written<'c>,
        operation: Option<&Written<'c>>,
        response: &Written<'c>,
        at: &str,
    ) -> Value {
        self.moves(at, &response.at);
        if !response.value.is_object() {
            return response.value.clone();
        }
        let mut converted = kept(response, &["$ref", "description"]);
        if let Some(headers) = response.get("headers") {
            let list = join(at, "headers");
            let headers = headers.fields();
            let headers =
                headers.map(|(name, one)| (name.clone(), self.parameter(&one, &join(&list, name))));
            let headers: Map<_, _> = headers.collect();
            converted.insert("headers".to_owned(), headers.into());
        }
        let content = self.content(root, operation, response, &join(at, "content"));
        if !content.is_empty() {
            converted.insert("content".to_owned(), content.into());
        }
        converted.into()
    }

    fn content(
        &mut self,
        root: &Written<'c>,
        operation: Option<&Written<'c>>,
        response: &Written<'c>,
        at: &str,
    ) -> Map<String, Value> {
        let schema = response.get("schema");
        let examples = response.get("examples");
        let mut types = if schema.is_some() {
            Self::media_types(root, operation, "produces")
        } else {
            Vec::new()
        };
        if let Some(schema) = &schema
            && types.is_empty()
        {
            let is_file = schema.text("type") == Some("file");
            types.push(if is_file {
                "application/octet-stream"
            } else {
                DEFAULT_MEDIA_TYPE
            });
        }
        for (media_type, _) in examples.iter().flat_map(Written::fields) {
            if media_type.contains('/') && !types.contains(&media_type.as_str()) {
                types.push(media_type);
            }
        }
        let mut content = Map::new();
        for media_type in types {
            let at = join(at, media_type);
            let mut media = Map::new();
            if let Some(schema) = &schema {
                let schema = self.schema(schema, &join(&at, "schema"));
                media.insert("schema".to_owned(), schema);
            }
            if let Some(example) = examples.as_ref().and_then(|all| all.get(media_type)) {
                self.moves(&join(&at, "example"), &example.at);
                media.insert("example".to_owned(), example.value.clone());
            }
            content.insert(media_type.to_owned(), media.into());
        }
        content
    }
}
