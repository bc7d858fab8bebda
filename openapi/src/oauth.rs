//! The endpoints from which clients of a document get their tokens: OpenAPI 3.1, 4.8.29.

use serde_json::Value;

use crate::server::path_of;
use crate::{Document, join};

/// What an endpoint of OAuth 2 is for: RFC 6749, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthKind {
    /// It hands out tokens: `tokenUrl` and `refreshUrl`.
    Token,
    /// It sends a browser back with a code or a token: `authorizationUrl`.
    Authorization,
}

impl Document {
    /// The paths of the OAuth 2 endpoints of its security schemes, each once.
    ///
    /// The host does not count: an endpoint may be on a host of its own.
    pub fn oauth_endpoints(&self) -> Vec<(OAuthKind, String)> {
        const KEYS: [(&str, OAuthKind); 3] = [
            ("tokenUrl", OAuthKind::Token),
            ("refreshUrl", OAuthKind::Token),
            ("authorizationUrl", OAuthKind::Authorization),
        ];
        const SCHEMES: &str = "#/components/securitySchemes";
        let mut endpoints = Vec::new();
        let schemes = self.at(SCHEMES).and_then(Value::as_object);
        for (name, _) in schemes.into_iter().flatten() {
            let scheme = self.tree().follow(&join(SCHEMES, name));
            let flows = self.at(&join(&scheme, "flows")).and_then(Value::as_object);
            for (_, flow) in flows.into_iter().flatten() {
                for (key, kind) in KEYS {
                    let url = flow.get(key).and_then(Value::as_str);
                    let path = url.map(path_of).filter(|path| !path.is_empty());
                    let endpoint = path.map(|path| (kind, format!("/{}", path.trim_matches('/'))));
                    endpoints.extend(endpoint.filter(|one| !endpoints.contains(one)));
                }
            }
        }
        endpoints
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn endpoints_are_those_of_the_flows() {
        let text = "
openapi: 3.1.0
components:
  securitySchemes:
    plain: { type: http, scheme: bearer }
    a: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://login.example.com/oauth/token?x=1', scopes: {} } } }
    b: { type: oauth2, flows: { authorizationCode: { tokenUrl: /oauth/token, authorizationUrl: '/oauth/authorize/' }, odd: 7 } }
    c: { type: oauth2, flows: 7 }
";
        let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
        let endpoint = |kind, path: &str| (kind, path.to_owned());
        assert_eq!(
            document.oauth_endpoints(),
            [
                endpoint(OAuthKind::Token, "/oauth/token"),
                endpoint(OAuthKind::Authorization, "/oauth/authorize"),
            ]
        );
    }
}
