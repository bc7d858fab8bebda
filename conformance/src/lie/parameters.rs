//! Lies that depend on other parameters than the cursor and the limit.

use openapi::{Location, Parameter};

use super::Lied;
use crate::subject::Request;

impl Lied<'_> {
    /// The request without optional parameters. A wrong required one is corrected.
    pub fn plain(&self, request: &Request) -> Request {
        let declared = self.contract.operation().parameters.iter();
        let declared = declared.filter(|parameter| !parameter.is_ignored());
        let plain = |request: Request, parameter: &Parameter| {
            let text = request.text(parameter).filter(|_| parameter.required);
            let good = text.filter(|text| parameter.read(text).is_ok());
            let sample = || parameter.sample().filter(|_| parameter.required);
            let text = good.or_else(|| Some(sample()?.0));
            request.with(parameter, text.as_deref())
        };
        declared.fold(request.clone(), plain)
    }

    /// Whether a parameter's text is one that its schema refuses.
    pub fn is_wrong(&self, request: &Request) -> bool {
        self.contract.parameters().any(|parameter| {
            request
                .text(parameter)
                .is_some_and(|text| self.contract.refuses(parameter, &text))
        })
    }

    /// The undeclared parameters of the query.
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
