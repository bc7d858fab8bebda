//! What a request says that no one asked it for.

use bytes::Bytes;
use http::Request;
use openapi::{Location, Scheme};

use crate::mock::Route;
use crate::parameters::decoded;

/// The query parameters that the operation does not declare: most servers pass over them in silence, and
/// whoever misspelt one wonders.
pub(crate) fn strays(route: &Route, request: &Request<Bytes>) -> Vec<String> {
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
    let names = query
        .split('&')
        .map(|pair| decoded(pair.split_once('=').map_or(pair, |(name, _)| name)));
    names
        .filter(|name| !name.is_empty() && !declared(name))
        .map(|name| format!("query `{name}`: no parameter of this operation"))
        .collect()
}
