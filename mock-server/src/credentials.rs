//! The caller of a request, by the credentials that the operation's security asks for.

use bytes::Bytes;
use fixtures::{Caller, World};
use http::{HeaderMap, Request, header};
use openapi::{Location, Scheme};

use crate::parameters::{cookie, query_values};
use crate::refusal::Refusal;
use crate::route::Route;

/// The caller. One satisfied alternative is enough; all of its schemes must name the same owner.
pub(crate) fn caller(
    world: &World,
    route: &Route,
    request: &Request<Bytes>,
) -> Result<Caller, Refusal> {
    let alternatives = &route.contract.operation().security;
    if alternatives.is_empty() {
        return Ok(Caller::Anyone);
    }
    let named = alternatives
        .iter()
        .find_map(|schemes| satisfied(world, schemes, request));
    named.ok_or(Refusal::Unauthenticated)
}

fn satisfied(world: &World, schemes: &[Scheme], request: &Request<Bytes>) -> Option<Caller> {
    let mut caller = None;
    for scheme in schemes {
        let named = world.caller(&token(scheme, request)?)?;
        if caller.is_some_and(|caller| caller != named) {
            return None;
        }
        caller = Some(named);
    }
    Some(caller.unwrap_or(Caller::Anyone))
}

/// The token that the request carries for a scheme.
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

/// The credentials that follow a scheme's name. The name's case does not matter: RFC 9110, 11.1.
fn authorization(headers: &HeaderMap, scheme: &str) -> Option<String> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (name, credentials) = sent.trim().split_once(' ')?;
    name.eq_ignore_ascii_case(scheme)
        .then(|| credentials.trim().to_owned())
}

/// The `WWW-Authenticate` header of a 401: RFC 9110, 11.6.1.
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
