//! What a request says that no one asked it for.

use std::borrow::Cow;

use bytes::Bytes;
use http::Request;
use openapi::{Location, Operation, Scheme};

use crate::mock::Route;
use crate::parameters::decoded;
use crate::wording::{Fault, stray};

/// The query parameters that the operation does not declare: most servers pass over them in silence, and
/// whoever misspelt one wonders.
pub(crate) fn strays(route: &Route, request: &Request<Bytes>) -> Vec<Fault> {
    let query = request.uri().query().unwrap_or_default();
    undeclared(route.contract.operation(), query)
        .map(|(name, value)| stray(&name, &decoded(value)))
        .collect()
}

/// What a query says that the operation does not declare: names, and values as they were sent.
pub(crate) fn undeclared<'q>(
    operation: &'q Operation,
    query: &'q str,
) -> impl Iterator<Item = (Cow<'q, str>, &'q str)> {
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
    pairs.filter(move |(name, _)| !name.is_empty() && !declared(name))
}
