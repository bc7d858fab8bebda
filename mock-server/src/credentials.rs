//! The caller of a request, by the credentials that the operation's security asks for.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use fixtures::{Caller, World};
use http::Request;
use openapi::{Location, Scheme};

use crate::parameters::{cookie, query_values};
use crate::refusal::Refusal;
use crate::route::Route;

/// Which credentials let a caller in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Auth {
    /// The tokens of the scenario.
    #[default]
    Tokens,
    /// Any that are not empty. Those that no owner has are the first owner's.
    Any,
    /// None are asked for. Every caller sees every resource.
    Off,
}

/// The caller. One satisfied alternative is enough; all of its schemes must name the same owner.
pub(crate) fn caller(
    world: &World,
    auth: Auth,
    route: &Route,
    request: &Request<Bytes>,
) -> Result<Caller, Refusal> {
    let alternatives = &route.operation().security;
    if alternatives.is_empty() || auth == Auth::Off {
        return Ok(Caller::Anyone);
    }
    let named = alternatives
        .iter()
        .find_map(|schemes| satisfied(world, auth, schemes, request));
    named.ok_or(Refusal::Unauthenticated)
}

fn satisfied(
    world: &World,
    auth: Auth,
    schemes: &[Scheme],
    request: &Request<Bytes>,
) -> Option<Caller> {
    let mut caller = None;
    for scheme in schemes {
        let token = token(scheme, request)?;
        let named = named(world, scheme, &token);
        let named = match auth {
            Auth::Any if named.is_none() && !token.is_empty() => caller.or(first(world)),
            _ => named,
        }?;
        if caller.is_some_and(|caller| caller != named) {
            return None;
        }
        caller = Some(named);
    }
    Some(caller.unwrap_or(Caller::Anyone))
}

/// The first owner; anyone if there is none.
fn first(world: &World) -> Option<Caller> {
    let token = world.owners().next().map(|(_, token)| token);
    token.map_or(Some(Caller::Anyone), |token| world.caller(token))
}

/// The owner with this token. The token of `Basic` may be a name and a token, encoded (RFC 7617, 2).
fn named(world: &World, scheme: &Scheme, token: &str) -> Option<Caller> {
    let by_password = || {
        let basic = matches!(scheme, Scheme::Http(name) if name == "basic");
        let decoded = BASE64_STANDARD.decode(token).ok().filter(|_| basic)?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
        if password.is_empty() {
            return world.caller(user);
        }
        let mut owners = world.owners();
        let owner = owners.find(|(name, known)| *known == password && [*name, ""].contains(&user));
        owner.and_then(|(_, token)| world.caller(token))
    };
    world.caller(token).or_else(by_password)
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
