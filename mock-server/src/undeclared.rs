//! Query parameters that the operation does not declare.

use std::borrow::Cow;

use openapi::Operation;

use crate::parameters::decoded;
use crate::wording::{ValidationError, undeclared};

/// The number of errors of one request. A short query may hold thousands of names.
pub(crate) const MOST: usize = 100;

/// A validation error for each query parameter that the operation does not declare, and that is not known otherwise;
/// at most [`MOST`].
///
/// Most servers ignore such a parameter, so a client that misspells one gets no hint.
pub(crate) fn errors(
    operation: &Operation,
    query: &str,
    is_known: impl Fn(&str) -> bool,
) -> Vec<ValidationError> {
    pairs(operation, query)
        .filter(|(name, _)| !is_known(name))
        .take(MOST)
        .map(|(name, value)| undeclared(&name, &decoded(value)))
        .collect()
}

/// The undeclared pairs of a query: decoded names, and values as they were sent.
pub(crate) fn pairs<'q>(
    operation: &'q Operation,
    query: &'q str,
) -> impl Iterator<Item = (Cow<'q, str>, &'q str)> {
    let pairs = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), value));
    pairs.filter(move |(name, _)| !name.is_empty() && !operation.has_query_name(name))
}
