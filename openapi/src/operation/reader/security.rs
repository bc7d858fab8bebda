//! Reads how the callers of an operation authenticate.

use openapiv3::{APIKeyLocation, SecurityScheme};
use serde_json::{Map, Value};

use super::{Reader, is_token};
use crate::operation::Scheme;
use crate::{Location, join, skeleton};

impl<'t> Reader<'t> {
    /// The operation's own `security`, else the document's.
    pub(super) fn security(
        &mut self,
        operation: &'t Map<String, Value>,
        pointer: &str,
    ) -> Vec<Vec<Scheme>> {
        let (written, at) = match operation.get("security") {
            Some(own) => (Some(own), join(pointer, "security")),
            None => (self.tree.at("#/security"), "#/security".to_owned()),
        };
        let Some(written) = written else {
            return Vec::new();
        };
        let Some(list) = written.as_array() else {
            let cure = "write one object for each alternative; it counts as open to everyone";
            self.warn(&at, "`security` must be a list".to_owned(), cure);
            return Vec::new();
        };
        let mut alternatives = Vec::new();
        for (index, alternative) in list.iter().enumerate() {
            let at = join(&at, &index.to_string());
            if let Some(names) = alternative.as_object() {
                let carried = names.keys().filter(|name| !self.is_certificate(name));
                let carried: Vec<_> = carried.collect();
                let schemes = carried.into_iter();
                let schemes = schemes.map(|name| self.scheme(name, &join(&at, name)));
                alternatives.push(schemes.collect());
            } else {
                let message = "an alternative of `security` must be an object".to_owned();
                self.warn(
                    &at,
                    message,
                    "write `name-of-a-scheme: []`; the alternative is left out",
                );
            }
        }
        alternatives
    }

    /// Whether a scheme asks for a certificate, which the connection has shown before a request is read.
    fn is_certificate(&self, name: &str) -> bool {
        let declared = self
            .tree
            .follow(&join("#/components/securitySchemes", name));
        let kind = self.tree.at(&join(&declared, "type"));
        kind.is_some_and(|kind| kind == "mutualTLS")
    }

    fn scheme(&mut self, name: &str, at: &str) -> Scheme {
        let other = Scheme::Other(name.to_owned());
        let declared = join("#/components/securitySchemes", name);
        if self.tree.at(&declared).is_none() {
            let message = format!("`{name}` is no security scheme of this document");
            let cure = "declare it under `components.securitySchemes`; it counts as a bearer token";
            self.warn(at, message, cure);
            return other;
        }
        let is_scheme = |fields: &Map<String, Value>| fields.contains_key("type");
        let Some((fields, pointer)) = self.resolved(&declared, "security scheme", is_scheme) else {
            return other;
        };
        match skeleton::security_scheme(fields) {
            Some(SecurityScheme::HTTP { scheme, .. }) if is_token(&scheme) => {
                return Scheme::Http(scheme.to_ascii_lowercase());
            }
            Some(SecurityScheme::APIKey { location, name, .. }) if !name.is_empty() => {
                let location = match location {
                    APIKeyLocation::Query => Location::Query,
                    APIKeyLocation::Header => Location::Header,
                    APIKeyLocation::Cookie => Location::Cookie,
                };
                return Scheme::ApiKey(location, name);
            }
            _ => {}
        }
        let word = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        match word("type") {
            "oauth2" | "openIdConnect" | "mutualTLS" => other,
            kind => {
                let (key, cure) = match kind {
                    "http" => ("scheme", "name the scheme, such as `bearer`"),
                    "apiKey" => ("in", "give `name`, and `in`: `query`, `header` or `cookie`"),
                    _ => (
                        "type",
                        "use `http`, `apiKey`, `oauth2`, `openIdConnect` or `mutualTLS`",
                    ),
                };
                let message =
                    format!("`{key}` of the security scheme `{name}` is wrong or missing");
                self.warn(
                    &join(&pointer, key),
                    message,
                    format!("{cure}; it counts as a bearer token"),
                );
                other
            }
        }
    }
}
