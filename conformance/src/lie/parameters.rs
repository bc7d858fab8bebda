//! Lies that depend on what was sent besides the cursor and the limit.

use openapi::Location;

use super::Lied;
use crate::subject::Request;

impl Lied<'_> {
    /// The request without anything that the document calls a parameter, other than those of the path.
    pub fn plain(&self, request: &Request) -> Request {
        let parameters = self.contract.operation().parameters.iter();
        parameters.fold(request.clone(), |request, parameter| {
            request.with(parameter, None)
        })
    }

    /// Whether a parameter's text is one that its schema refuses.
    pub fn is_wrong(&self, request: &Request) -> bool {
        let parameters = &self.contract.operation().parameters;
        parameters.iter().any(|parameter| {
            request
                .text(parameter)
                .is_some_and(|text| parameter.read(&text).is_err())
        })
    }

    /// The parameters of the query that the document does not know.
    pub fn undeclared(&self, request: &Request) -> Vec<String> {
        let operation = self.contract.operation();
        let mut names: Vec<_> = request.query().into_iter().map(|(name, _)| name).collect();
        names.retain(|name| {
            operation.parameter(Location::Query, name).is_none()
                && self.query_key().is_none_or(|key| key != name)
        });
        names
    }
}
