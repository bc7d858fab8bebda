//! The caller of a request, by the credentials that the operation's security asks for.

use bytes::Bytes;
use fixtures::{Caller, World};
use http::Request;
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
    let alternatives = &route.operation().security;
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
    let (location, name) = scheme.place();
    let text = match location {
        Location::Query => query_values(request, name).pop(),
        Location::Cookie => cookie(request.headers(), name),
        Location::Header | Location::Path | Location::Body => {
            let value = request.headers().get(name)?;
            value.to_str().ok().map(ToOwned::to_owned)
        }
    };
    scheme.token(&text?).map(ToOwned::to_owned)
}

/// The `WWW-Authenticate` header of a 401: RFC 9110, 11.6.1.
pub(crate) fn challenge(route: &Route) -> String {
    let schemes = route.operation().security.iter().flatten();
    let mut challenges: Vec<_> = schemes.map(|scheme| scheme.challenge("mock")).collect();
    challenges.dedup();
    challenges.join(", ")
}
