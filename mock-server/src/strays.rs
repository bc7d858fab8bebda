//! What a request says that no one asked it for.

use bytes::Bytes;
use http::Request;
use openapi::{Location, Scheme};

use crate::mock::Route;
use crate::parameters::decoded;
use crate::wording::{Fault, stray};

/// The query parameters that the operation does not declare: most servers pass over them in silence, and
/// whoever misspelt one wonders.
pub(crate) fn strays(route: &Route, request: &Request<Bytes>) -> Vec<Fault> {
    let Some(query) = request.uri().query() else {
        return Vec::new();
    };
    let operation = route.contract.operation();
    let declared =
        |name: &str| {
            operation.parameter(Location::Query, name).is_some()
                || operation.security.iter().flatten().any(
                    |scheme| matches!(scheme, Scheme::ApiKey(Location::Query, key) if key == name),
                )
        };
    let pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), value));
    pairs
        .filter(|(name, _)| !name.is_empty() && !declared(name))
        .map(|(name, value)| stray(&name, &decoded(value)))
        .collect()
}
