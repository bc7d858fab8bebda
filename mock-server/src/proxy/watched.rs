//! The operations that traffic is checked against.

use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use openapi::{
    Document, Location, Media, Operation, Parameter, Router, Schema, Scheme, ServerChoice,
    Violation, has_no_body, is_json, join,
};

use super::finding::{Finding, bounded};
use crate::parameters::{self, Captures};
use crate::secrets::SecretPlaces;
use crate::undeclared;

/// An operation, and the document that declares it.
#[derive(Debug)]
pub(crate) struct Watched {
    document: Document,
    operation: Operation,
    /// The path before its own.
    base: String,
    /// Its name in logs.
    pub(crate) label: String,
}

/// Every operation of the documents, and the router that finds one.
#[derive(Debug)]
pub(crate) struct AllWatched {
    list: Vec<Watched>,
    router: Router,
    /// The places where requests carry credentials.
    pub(crate) secrets: SecretPlaces,
}

impl Deref for AllWatched {
    type Target = [Watched];

    fn deref(&self) -> &[Watched] {
        &self.list
    }
}

impl AllWatched {
    /// The operations of `documents`, with and without the base path of the server that is chosen.
    pub(crate) fn new(documents: &[Document], choice: &ServerChoice) -> Self {
        let list = documents.iter().flat_map(|document| {
            let operations = document.operations().iter().cloned();
            operations.map(|operation| Watched {
                document: document.clone(),
                label: format!("{} {}", operation.method, operation.path),
                base: choice.base_path(document, &operation),
                operation,
            })
        });
        let list: Vec<_> = list.collect();
        let operations = list.iter().map(|one| {
            let Watched {
                operation, base, ..
            } = one;
            (operation.method.as_str(), base.as_str(), &operation.path)
        });
        let router = Router::with_bases(operations);
        Self {
            list,
            router,
            secrets: SecretPlaces::of(documents),
        }
    }

    /// The index of the operation for a request, and the path parameters' values.
    ///
    /// HEAD is answered by the operation for GET if the document has none for HEAD.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<(usize, Captures<'_>)> {
        let get = || (*method == Method::HEAD).then(|| self.router.find("GET", path))?;
        let found = self.router.find(method.as_str(), path).or_else(get)?;
        Some((found.index, found.captures))
    }
}

impl Watched {
    /// The findings of a request's parameters.
    pub(crate) fn request(&self, head: &Request<Bytes>, captures: &Captures<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let parameters = self.operation.parameters.iter();
        for parameter in parameters.filter(|parameter| !parameter.is_ignored()) {
            let found = if parameter.is_plain() {
                let text = parameters::text(parameter, head, captures);
                let read = text.map(|text| parameter.read(&text));
                read.transpose().map(|value| value.is_some())
            } else {
                let value = parameters::value(parameter, head, captures);
                let value = value.map_err(|wrong| wrong.violations);
                value.map(|value| value.is_some())
            };
            match found {
                Ok(false) if parameter.required => {
                    let message = "it is required, and missing".to_owned();
                    findings.push(self.about(
                        parameter,
                        message,
                        &join(&parameter.pointer, "required"),
                    ));
                }
                Ok(_) => {}
                Err(violations) => findings.extend(self.wrong(parameter, &violations)),
            }
        }
        let query = head.uri().query().unwrap_or_default();
        for (name, _) in undeclared::pairs(&self.operation, query).take(undeclared::MOST) {
            findings.push(Finding {
                side: "request",
                place: bounded(&format!("query {name}")),
                message: "this operation has no such parameter".to_owned(),
                citation: self
                    .document
                    .cite(&join(&self.operation.pointer, "parameters")),
            });
        }
        findings
    }

    fn wrong(&self, parameter: &Parameter, violations: &[Violation]) -> Vec<Finding> {
        // A header or a cookie may hold a secret.
        let shown = matches!(parameter.location, Location::Query | Location::Path);
        let found = violations.iter().map(|violation| {
            let message = if shown && !self.is_credential(parameter) {
                bounded(&violation.message)
            } else {
                format!("its value breaks `{}`", violation.keyword)
            };
            self.about(parameter, message, &violation.pointer)
        });
        found.collect()
    }

    fn about(&self, parameter: &Parameter, message: String, pointer: &str) -> Finding {
        let location = parameter.location.word();
        Finding {
            side: "request",
            place: format!("{location} {}", parameter.name),
            message,
            citation: self.document.cite(pointer),
        }
    }

    fn is_credential(&self, parameter: &Parameter) -> bool {
        self.secrets().any(|name| name == parameter.name)
    }

    /// The names of the query parameters that hold credentials.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let schemes = self.operation.security.iter().flatten();
        schemes.filter_map(Scheme::query_key)
    }

    /// The findings of an answer's status and headers.
    pub(crate) fn head(
        &self,
        method: &Method,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Vec<Finding> {
        // A 304 only confirms an earlier answer: RFC 9110, 15.4.5.
        if status == StatusCode::NOT_MODIFIED {
            return Vec::new();
        }
        let response = |place: &str, message: String, pointer: &str| Finding {
            side: "response",
            place: place.to_owned(),
            message,
            citation: self.document.cite(pointer),
        };
        let Some(declared) = self.operation.response(status.as_u16()) else {
            // A server must answer with something if the document forgot the success.
            if status.is_success() && !self.declares_success() {
                return Vec::new();
            }
            let message = format!("{} is not declared", status.as_u16());
            let pointer = join(&self.operation.pointer, "responses");
            return vec![response("status", message, &pointer)];
        };
        let mut findings = Vec::new();
        let content = join(&declared.pointer, "content");
        let is_bodiless = *method == Method::HEAD || has_no_body(status.as_u16());
        let wanted = !declared.media.is_empty() && !is_bodiless;
        match content_type(headers) {
            None if wanted => findings.push(response(
                "header content-type",
                "it is missing, and a body is declared".to_owned(),
                &content,
            )),
            Some(sent) if wanted && declared.media(&sent).is_none() => {
                let message = format!("{} is not declared", bounded(&sent));
                findings.push(response("header content-type", message, &content));
            }
            _ => {}
        }
        for breach in declared.header_breaches(headers) {
            let name = breach.name.to_ascii_lowercase();
            findings.push(response(
                &format!("header {name}"),
                breach.message,
                &breach.pointer,
            ));
        }
        findings
    }

    /// Whether the document says how the operation succeeds, be it by a redirect.
    fn declares_success(&self) -> bool {
        let mut statuses = self.operation.statuses();
        statuses.any(|status| status == "default" || status.starts_with(['2', '3']))
    }

    /// The schema of an answer's body, if the body is JSON and declared.
    pub(crate) fn body_schema(&self, status: StatusCode, headers: &HeaderMap) -> Option<Schema> {
        let declared = self.operation.response(status.as_u16())?;
        if has_no_body(status.as_u16()) {
            return None;
        }
        let sent = content_type(headers)?;
        let media: &Media = declared.media(&sent)?;
        media.schema.clone().filter(|_| is_json(&sent))
    }

    /// The findings of an answer's body.
    pub(crate) fn body(&self, schema: &Schema, body: &[u8]) -> Vec<Finding> {
        match serde_json::from_slice(body) {
            Ok(value) => {
                let violations = schema.violations(&value);
                let found = violations.iter();
                found
                    .map(|one| Finding::in_body(&self.document, one))
                    .collect()
            }
            Err(error) => vec![Finding {
                side: "response",
                place: "/".to_owned(),
                message: format!("it is not JSON: {error}"),
                citation: self.document.cite(schema.pointer()),
            }],
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
