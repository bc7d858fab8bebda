//! The parameters of Swagger 2.0 that stand for a request body: one in `body`, or several in `formData`.

use serde_json::{Map, Value, json};

use super::{Conversion, DEFAULT_MEDIA_TYPE, Written, kept};
use crate::join;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl<'c> Conversion<'c> {
    /// The request body that `parameters` stand for, if there are any.
    pub(super) fn body(
        &mut self,
        root: &Written<'c>,
        operation: Option<&Written<'c>>,
        parameters: &[Written<'c>],
        at: &str,
    ) -> Option<Value> {
        let consumes = Self::media_types(root, operation, "consumes");
        let is_body = |one: &&Written<'_>| one.text("in") == Some("body");
        let (bodies, fields): (Vec<_>, Vec<_>) = parameters.iter().partition(is_body);
        let (Some(body), []) = (bodies.first(), &fields[..]) else {
            let first = fields.first()?;
            for body in bodies {
                self.warn(
                    &body.at,
                    "a parameter in `body` stands beside some in `formData`, and a request has one body",
                    "keep one of the two; the body is left out",
                );
            }
            return Some(self.form(&fields, &consumes, first, at));
        };
        for second in bodies.iter().skip(1) {
            self.warn(
                &second.at,
                "a second parameter in `body`, and a request has one body",
                "put both into one schema; this one is left out",
            );
        }
        self.moves(at, &body.at);
        let mut converted = kept(body, &["description", "required"]);
        let list = join(at, "content");
        let content = if consumes.is_empty() {
            vec![DEFAULT_MEDIA_TYPE]
        } else {
            consumes
        };
        let content = content.into_iter().map(|media_type| {
            let at = join(&join(&list, media_type), "schema");
            let schema = body.get("schema").map(|schema| self.schema(&schema, &at));
            let media = schema.map_or_else(|| json!({}), |schema| json!({ "schema": schema }));
            (media_type.to_owned(), media)
        });
        let content: Map<_, _> = content.collect();
        converted.insert("content".to_owned(), content.into());
        Some(converted.into())
    }

    fn form(
        &mut self,
        fields: &[&Written<'c>],
        consumes: &[&str],
        first: &Written<'c>,
        at: &str,
    ) -> Value {
        self.moves(at, &first.at);
        let is_file = |one: &&Written<'_>| one.text("type") == Some("file");
        let has_files = fields.iter().copied().any(|one| is_file(&one));
        let mut types: Vec<_> = consumes
            .iter()
            .filter(|one| **one == MULTIPART || (**one == FORM && !has_files))
            .copied()
            .collect();
        if types.is_empty() {
            types.push(if has_files { MULTIPART } else { FORM });
        }
        let is_required = |one: &Written<'_>| one.value.get("required") == Some(&Value::Bool(true));
        let required = fields.iter().filter(|one| is_required(one));
        let required: Vec<Value> = required
            .filter_map(|one| one.text("name").map(Into::into))
            .collect();
        let list = join(at, "content");
        let mut content = Map::new();
        for media_type in types {
            let at = join(&join(&list, media_type), "schema");
            let properties = join(&at, "properties");
            let (mut schemas, mut encoding) = (Map::new(), Map::new());
            for field in fields {
                let Some(name) = field.text("name") else {
                    continue;
                };
                let schema = if let Some(schema) = field.get("schema") {
                    self.schema(&schema, &join(&properties, name))
                } else {
                    self.schema_beside(field, &join(&properties, name))
                };
                schemas.insert(name.to_owned(), described(schema, field));
                if field.text("type") == Some("array") {
                    let style: Map<_, _> = self.style(field, "formData").into_iter().collect();
                    if !style.is_empty() {
                        encoding.insert(name.to_owned(), style.into());
                    }
                }
            }
            let mut schema = json!({ "type": "object", "properties": schemas });
            if !required.is_empty() {
                schema["required"] = required.clone().into();
            }
            let mut media = json!({ "schema": schema });
            if !encoding.is_empty() {
                media["encoding"] = encoding.into();
            }
            content.insert(media_type.to_owned(), media);
        }
        let mut body = json!({ "content": content });
        if !required.is_empty() {
            body["required"] = true.into();
        }
        body
    }
}

/// A schema with the description of the field that it is for.
fn described(mut schema: Value, field: &Written<'_>) -> Value {
    if let (Some(fields), Some(description)) = (schema.as_object_mut(), field.text("description")) {
        fields.insert("description".to_owned(), description.into());
    }
    schema
}
