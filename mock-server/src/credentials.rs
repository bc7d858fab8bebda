//! Who asks: credentials as the operation's security has them.

use bytes::Bytes;
use fixtures::Caller;
use http::{HeaderMap, Request, header};
use openapi::{Location, Scheme};

use crate::mock::{Mock, Route};
use crate::parameters::{cookie, query_values};
use crate::refusal::Refusal;

/// Who asks. Any one of the alternatives will do; within one, every scheme must name the same owner.
pub(crate) fn caller(
    mock: &Mock,
    route: &Route,
    request: &Request<Bytes>,
) -> Result<Caller, Refusal> {
    let alternatives = &route.contract.operation().security;
    if alternatives.is_empty() {
        return Ok(Caller::Anyone);
    }
    let named = alternatives
        .iter()
        .find_map(|schemes| satisfied(mock, schemes, request));
    named.ok_or(Refusal::Unauthenticated)
}

fn satisfied(mock: &Mock, schemes: &[Scheme], request: &Request<Bytes>) -> Option<Caller> {
    let mut caller = None;
    for scheme in schemes {
        let named = mock.world.caller(&token(scheme, request)?)?;
        if caller.is_some_and(|caller| caller != named) {
            return None;
        }
        caller = Some(named);
    }
    Some(caller.unwrap_or(Caller::Anyone))
}

/// What the caller shows for a scheme.
fn token(scheme: &Scheme, request: &Request<Bytes>) -> Option<String> {
    let headers = request.headers();
    match scheme {
        Scheme::Http(name) => authorization(headers, name),
        Scheme::Other(_) => authorization(headers, "bearer"),
        Scheme::ApiKey(Location::Query, name) => query_values(request, name).pop(),
        Scheme::ApiKey(Location::Cookie, name) => cookie(headers, name),
        Scheme::ApiKey(_, name) => headers.get(name)?.to_str().ok().map(ToOwned::to_owned),
    }
}

/// The credentials behind a scheme's name, which is read in either case: RFC 9110, 11.1.
fn authorization(headers: &HeaderMap, scheme: &str) -> Option<String> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (name, credentials) = sent.trim().split_once(' ')?;
    name.eq_ignore_ascii_case(scheme)
        .then(|| credentials.trim().to_owned())
}

/// What a 401 asks for: RFC 9110, 11.6.1.
pub(crate) fn challenge(route: &Route) -> String {
    let alternatives = route.contract.operation().security.iter();
    let mut names: Vec<_> = alternatives.flatten().map(scheme_name).collect();
    names.dedup();
    names.join(", ")
}

fn scheme_name(scheme: &Scheme) -> String {
    match scheme {
        Scheme::Http(name) if name == "basic" => "Basic realm=\"mock\"".to_owned(),
        Scheme::Http(name) => name[..1].to_ascii_uppercase() + &name[1..],
        Scheme::ApiKey(..) => "APIKey".to_owned(),
        Scheme::Other(_) => "Bearer".to_owned(),
    }
}
