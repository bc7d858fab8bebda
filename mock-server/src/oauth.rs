//! The endpoints of OAuth 2 that a document's security schemes name: they hand out the owners' tokens.
//!
//! A client that fetches its token first works against the mock as it is. An operation of a document at the same
//! path goes first. No secret is checked, and no code is stored: a code names its owner.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use fixtures::World;
use http::{HeaderValue, Method, Request, StatusCode, header};
use openapi::{Document, OAuthKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::parameters::{decoded, query_values};

/// The value of `expires_in`, in seconds. The tokens of owners do not expire in fact.
const LIFE: u64 = 3600;

/// The beginning of a code, before the owner's name.
const CODE: &str = "code-of-";
/// The beginning of a refresh token, before the owner's name.
const REFRESH: &str = "refresh-of-";

/// The endpoints, by their paths.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints(Vec<(OAuthKind, String)>);

/// Why a token is refused: the code of RFC 6749, 5.2, and a sentence.
type Refused = (&'static str, &'static str);

impl Endpoints {
    pub(crate) fn of(documents: &[Document]) -> Self {
        let mut endpoints = Vec::new();
        for endpoint in documents.iter().flat_map(Document::oauth_endpoints) {
            if !endpoints.contains(&endpoint) {
                endpoints.push(endpoint);
            }
        }
        Self(endpoints)
    }

    /// Each endpoint's path, and what it is for.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (OAuthKind, &str)> {
        self.0.iter().map(|(kind, path)| (*kind, path.as_str()))
    }

    fn find(&self, path: &str) -> Option<OAuthKind> {
        let path = path.trim_end_matches('/');
        let mut known = self.0.iter();
        known.find(|(_, one)| one == path).map(|(kind, _)| *kind)
    }

    /// The answer to a request for an endpoint; `None` if the request is for something else.
    pub(crate) fn answer(&self, world: &World, request: &Request<Bytes>) -> Option<Answer> {
        let kind = self.find(request.uri().path())?;
        let answer = match (kind, request.method()) {
            (OAuthKind::Token, &Method::POST) => token(world, request),
            (OAuthKind::Authorization, &Method::GET | &Method::HEAD | &Method::POST) => {
                authorization(world, request)
            }
            (OAuthKind::Discovery, &Method::GET | &Method::HEAD) => {
                discovery(world, request.uri().path())
            }
            (OAuthKind::Keys, &Method::GET | &Method::HEAD) => json_answer(&json!({ "keys": [] })),
            (kind, method) => {
                let allow = match kind {
                    OAuthKind::Token => "OPTIONS, POST",
                    OAuthKind::Authorization => "GET, HEAD, OPTIONS, POST",
                    OAuthKind::Discovery | OAuthKind::Keys => "GET, HEAD, OPTIONS",
                };
                let status = match *method {
                    Method::OPTIONS => StatusCode::NO_CONTENT,
                    _ => StatusCode::METHOD_NOT_ALLOWED,
                };
                Answer::new(status, "", Bytes::new()).with_allow(allow)
            }
        };
        Some(Answer {
            route: Some(format!("{} {}", request.method(), request.uri().path()).into()),
            ..answer
        })
    }
}

fn json_answer(body: &Value) -> Answer {
    Answer::new(StatusCode::OK, "application/json", body.to_string().into())
}

/// Where the endpoints beside the discovery are: OpenID Connect Discovery 1.0, 3. No identity tokens are made.
fn discovery(world: &World, path: &str) -> Answer {
    let path = path.trim_end_matches('/');
    let issuer = path.strip_suffix(OAuthKind::WELL_KNOWN).unwrap_or(path);
    let issuer = format!("{}{issuer}", world.base());
    json_answer(&json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/oauth/keys"),
        "response_types_supported": ["code", "token"],
        "grant_types_supported": [
            "authorization_code", "client_credentials", "implicit", "password", "refresh_token",
        ],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

fn token(world: &World, request: &Request<Bytes>) -> Answer {
    let (status, body) = match granted(world, request) {
        Ok(body) => (StatusCode::OK, body),
        Err((code, words)) => (
            StatusCode::BAD_REQUEST,
            json!({ "error": code, "error_description": words }),
        ),
    };
    let mut answer = Answer::new(status, "application/json", body.to_string().into());
    let fresh = HeaderValue::from_static("no-store");
    answer.headers.insert(header::CACHE_CONTROL, fresh);
    answer
}

/// The token that a request asks for.
fn granted(world: &World, request: &Request<Bytes>) -> Result<Value, Refused> {
    let field = |name: &str| field(request, name);
    let grant = field("grant_type").ok_or(("invalid_request", "`grant_type` is missing"))?;
    let needed = |name: &str, words| field(name).ok_or(("invalid_request", words));
    let by_grant = match grant.as_str() {
        "client_credentials" => None,
        "password" => Some(needed("username", "`username` is missing")?),
        "authorization_code" => {
            let code = needed("code", "`code` is missing")?;
            code.strip_prefix(CODE).map(ToOwned::to_owned)
        }
        "refresh_token" => {
            let token = needed("refresh_token", "`refresh_token` is missing")?;
            token.strip_prefix(REFRESH).map(ToOwned::to_owned)
        }
        _ => {
            let words = "write client_credentials, password, authorization_code or refresh_token";
            return Err(("unsupported_grant_type", words));
        }
    };
    let names = [by_grant, field("client_id"), user(request)];
    let (owner, token) = owner(world, names.into_iter().flatten())
        .ok_or(("invalid_grant", "the scenario has no owners"))?;
    let mut body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE });
    if let Some(scope) = field("scope") {
        body["scope"] = scope.into();
    }
    if grant != "client_credentials" {
        body["refresh_token"] = format!("{REFRESH}{owner}").into();
    }
    Ok(body)
}

/// The first owner that is named, else the first of all.
fn owner(world: &World, mut names: impl Iterator<Item = String>) -> Option<(&str, &str)> {
    let find = |wanted: String| world.owners().find(|(name, _)| *name == wanted);
    names.find_map(find).or_else(|| world.owners().next())
}

/// The user of a `Basic` header: a client may authenticate so (RFC 6749, 2.3.1).
fn user(request: &Request<Bytes>) -> Option<String> {
    let text = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(token.trim()).ok();
    let decoded = decoded.filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split(':').next().unwrap_or_default().to_owned())
}

/// A field of the form or the JSON in the body, or of the query.
fn field(request: &Request<Bytes>, name: &str) -> Option<String> {
    let body = String::from_utf8_lossy(request.body());
    let in_form = || {
        let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(key, _)| decoded(key) == name);
        values.next().map(|(_, value)| decoded(value).into_owned())
    };
    let in_json = || {
        let body: Value = serde_json::from_str(&body).ok()?;
        body.get(name)?.as_str().map(ToOwned::to_owned)
    };
    let found = in_form().or_else(in_json);
    let found = found.or_else(|| query_values(request, name).pop());
    found.filter(|text| !text.is_empty())
}

/// Sends the browser back with a code, or with a token if it asks for one: RFC 6749, 4.1.2 and 4.2.2.
fn authorization(world: &World, request: &Request<Bytes>) -> Answer {
    let wrong = |detail: &str, cure: &str| {
        Answer::problem(StatusCode::BAD_REQUEST, Some(detail), Some(cure))
    };
    let Some(back) = field(request, "redirect_uri") else {
        let cure = "name the URL that the browser is sent back to";
        return wrong("`redirect_uri` is missing", cure);
    };
    let names = ["login_hint", "username", "client_id"].map(|name| field(request, name));
    let Some((owner, token)) = owner(world, names.into_iter().flatten()) else {
        return wrong("the scenario has no owners", "add `owners` to the scenario");
    };
    let is_implicit = field(request, "response_type").is_some_and(|kind| kind == "token");
    let mut pairs: Vec<(&str, Cow<'_, str>)> = if is_implicit {
        vec![
            ("access_token", token.into()),
            ("token_type", "Bearer".into()),
            ("expires_in", LIFE.to_string().into()),
        ]
    } else {
        vec![("code", format!("{CODE}{owner}").into())]
    };
    pairs.extend(field(request, "state").map(|state| ("state", state.into())));
    let pairs = pairs.iter();
    let pairs =
        pairs.map(|(name, text)| format!("{name}={}", utf8_percent_encode(text, NON_ALPHANUMERIC)));
    let pairs = pairs.collect::<Vec<_>>().join("&");
    let mark = match (is_implicit, back.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    let Ok(location) = HeaderValue::from_str(&format!("{back}{mark}{pairs}")) else {
        return wrong("`redirect_uri` is no URL", "percent-encode it");
    };
    let mut answer = Answer::new(StatusCode::FOUND, "", Bytes::new());
    answer.headers.remove(header::CONTENT_TYPE);
    answer.headers.insert(header::LOCATION, location);
    answer
}
