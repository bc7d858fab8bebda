//! An operation of a document, with everything it declares resolved.

use openapiv3::{ParameterSchemaOrContent, ReferenceOr};

use crate::document::Document;
use crate::response::essence;
use crate::{Location, Media, Parameter, PathTemplate, Response, Schema, Site, join};

/// An operation of a document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, or the method and path where there is none.
    pub id: String,
    /// The method, in upper case.
    pub method: String,
    /// The path.
    pub path: PathTemplate,
    /// One sentence about it.
    pub summary: Option<String>,
    /// Its parameters, the path item's included, in the document's order.
    pub parameters: Vec<Parameter>,
    /// The answers it declares, in the document's order.
    pub responses: Vec<Response>,
    /// The ways to be let in, any of which is enough; empty where everyone is.
    pub security: Vec<Vec<Scheme>>,
    /// Where the document declares it.
    pub pointer: String,
}

/// How a caller shows who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// An `Authorization` header with this scheme's name, as `bearer`.
    Http(String),
    /// A key in this place, under this name.
    ApiKey(Location, String),
    /// Anything else, by its name in the document; treated as a bearer token.
    Other(String),
}

impl Operation {
    /// The parameter with this name at this place.
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| {
            parameter.location == location
                && match location {
                    Location::Header => parameter.name.eq_ignore_ascii_case(name),
                    _ => parameter.name == name,
                }
        })
    }

    /// The parameter that is sent at this site.
    pub fn site(&self, site: &Site) -> Option<&Parameter> {
        self.parameter(site.location(), site.name())
    }

    /// What is declared for `status`: by number, else by range (`4XX`), else by `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let range = format!("{}XX", status / 100);
        [status.to_string(), range, "default".to_owned()]
            .iter()
            .find_map(|name| {
                self.responses
                    .iter()
                    .find(|one| one.status.eq_ignore_ascii_case(name))
            })
    }

    pub(crate) fn read(
        document: &Document,
        (path, method): (&str, &str),
        pointer: &str,
        item: &openapiv3::PathItem,
        operation: &openapiv3::Operation,
    ) -> Self {
        let method = method.to_ascii_uppercase();
        let mut parameters = parameters(document, &operation.parameters, pointer);
        let path_pointer = pointer
            .rsplit_once('/')
            .map_or(pointer, |(parent, _)| parent);
        for shared in self::parameters(document, &item.parameters, path_pointer) {
            let same = |own: &Parameter| own.name == shared.name && own.location == shared.location;
            if !parameters.iter().any(same) {
                parameters.push(shared);
            }
        }
        let id = operation.operation_id.clone();
        Self {
            id: id.unwrap_or_else(|| format!("{method} {path}")),
            path: PathTemplate::new(path),
            summary: operation.summary.clone(),
            parameters,
            responses: responses(document, pointer),
            security: security(document, operation),
            pointer: pointer.to_owned(),
            method,
        }
    }
}

fn parameters(
    document: &Document,
    list: &[ReferenceOr<openapiv3::Parameter>],
    pointer: &str,
) -> Vec<Parameter> {
    let list_pointer = join(pointer, "parameters");
    let read = |(index, _): (usize, _)| {
        let pointer = document.follow(&join(&list_pointer, &index.to_string()));
        let parameter: openapiv3::Parameter = document.typed(&pointer)?;
        let location = match parameter {
            openapiv3::Parameter::Query { .. } => Location::Query,
            openapiv3::Parameter::Header { .. } => Location::Header,
            openapiv3::Parameter::Path { .. } => Location::Path,
            openapiv3::Parameter::Cookie { .. } => Location::Cookie,
        };
        let data = parameter.parameter_data();
        let schema = match &data.format {
            ParameterSchemaOrContent::Schema(_) => join(&pointer, "schema"),
            ParameterSchemaOrContent::Content(content) => {
                let media_type = content.keys().next().map_or("", String::as_str);
                join(&join(&join(&pointer, "content"), media_type), "schema")
            }
        };
        Some(Parameter {
            name: data.name,
            location,
            required: data.required,
            schema: Schema::new(document, schema),
            pointer,
        })
    };
    list.iter().enumerate().filter_map(read).collect()
}

/// The declared answers. Their names are the raw keys, for `4xx` is legal in either case, and a pointer
/// must spell it as the document does.
fn responses(document: &Document, pointer: &str) -> Vec<Response> {
    let list_pointer = join(pointer, "responses");
    let statuses = document.keys(&list_pointer);
    statuses
        .into_iter()
        .filter_map(|status| {
            let pointer = document.follow(&join(&list_pointer, &status));
            let response: openapiv3::Response = document.typed(&pointer)?;
            let media = response.content.iter().map(|(media_type, media)| {
                let pointer = join(&join(&pointer, "content"), media_type);
                let schema = join(&pointer, "schema");
                Media {
                    media_type: essence(media_type),
                    schema: document.at(&schema).map(|_| Schema::new(document, schema)),
                    example: media.example.clone(),
                }
            });
            let media = media.collect();
            Some(Response {
                status,
                description: response.description,
                media,
                pointer,
            })
        })
        .collect()
}

fn security(document: &Document, operation: &openapiv3::Operation) -> Vec<Vec<Scheme>> {
    let skeleton = document.skeleton();
    let alternatives = operation.security.as_ref().or(skeleton.security.as_ref());
    let scheme = |name: &String| {
        let pointer = document.follow(&join("#/components/securitySchemes", name));
        match document.typed(&pointer) {
            Some(openapiv3::SecurityScheme::HTTP { scheme, .. }) => {
                Scheme::Http(scheme.to_ascii_lowercase())
            }
            Some(openapiv3::SecurityScheme::APIKey { location, name, .. }) => {
                let location = match location {
                    openapiv3::APIKeyLocation::Query => Location::Query,
                    openapiv3::APIKeyLocation::Header => Location::Header,
                    openapiv3::APIKeyLocation::Cookie => Location::Cookie,
                };
                Scheme::ApiKey(location, name)
            }
            _ => Scheme::Other(name.clone()),
        }
    };
    let alternatives = alternatives.into_iter().flatten();
    alternatives
        .map(|names| names.keys().map(scheme).collect())
        .collect()
}
