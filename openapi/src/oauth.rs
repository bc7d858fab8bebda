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
    /// It says where the others are: `openIdConnectUrl` (OpenID Connect Discovery 1.0, 4).
    Discovery,
    /// It lists the keys that sign tokens, which the discovery names as `jwks_uri`.
    Keys,
}

impl OAuthKind {
    /// The end of the discovery's path, behind that of the issuer.
    pub const WELL_KNOWN: &str = "/.well-known/openid-configuration";
}

impl Document {
    /// The paths of the OAuth 2 endpoints of its security schemes, each once.
    ///
    /// `openIdConnectUrl` names only the discovery. The others stand at usual paths beside it.
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
        let at = |kind, path: &str| (kind, format!("/{}", path.trim_matches('/')));
        let schemes = self.at(SCHEMES).and_then(Value::as_object);
        for (name, _) in schemes.into_iter().flatten() {
            let scheme = self.tree().follow(&join(SCHEMES, name));
            let flows = self.at(&join(&scheme, "flows")).and_then(Value::as_object);
            for (_, flow) in flows.into_iter().flatten() {
                for (key, kind) in KEYS {
                    let url = flow.get(key).and_then(Value::as_str);
                    let path = url.map(path_of).filter(|path| !path.is_empty());
                    let endpoint = path.map(|path| at(kind, path));
                    endpoints.extend(endpoint.filter(|one| !endpoints.contains(one)));
                }
            }
            let url = self.at(&join(&scheme, "openIdConnectUrl"));
            let path = url.and_then(Value::as_str).map(path_of).unwrap_or_default();
            if let Some(issuer) = path
                .trim_end_matches('/')
                .strip_suffix(OAuthKind::WELL_KNOWN)
            {
                let named = [
                    (OAuthKind::Discovery, OAuthKind::WELL_KNOWN),
                    (OAuthKind::Token, "/oauth/token"),
                    (OAuthKind::Authorization, "/oauth/authorize"),
                    (OAuthKind::Keys, "/oauth/keys"),
                ];
                let named = named.map(|(kind, tail)| at(kind, &format!("{issuer}{tail}")));
                for endpoint in named {
                    if !endpoints.contains(&endpoint) {
                        endpoints.push(endpoint);
                    }
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
    d: { type: openIdConnect, openIdConnectUrl: 'https://login.example.com/realm/.well-known/openid-configuration' }
    e: { type: openIdConnect, openIdConnectUrl: /elsewhere }
";
        let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
        let endpoint = |kind, path: &str| (kind, path.to_owned());
        assert_eq!(
            document.oauth_endpoints(),
            [
                endpoint(OAuthKind::Token, "/oauth/token"),
                endpoint(OAuthKind::Authorization, "/oauth/authorize"),
                endpoint(
                    OAuthKind::Discovery,
                    "/realm/.well-known/openid-configuration"
                ),
                endpoint(OAuthKind::Token, "/realm/oauth/token"),
                endpoint(OAuthKind::Authorization, "/realm/oauth/authorize"),
                endpoint(OAuthKind::Keys, "/realm/oauth/keys"),
            ]
        );
    }
}
