//! Lies that depend on other parameters than the cursor and the limit.

use openapi::{Location, Parameter};

use super::Lied;
use crate::subject::Request;

impl Lied<'_> {
    /// The request without optional parameters. A wrong required one is corrected.
    pub fn plain(&self, request: &Request) -> Request {
        let declared = self.contract.operation().parameters.iter();
        // A list or an object may stand under several names.
        let declared = declared.filter(|one| !one.is_ignored() && one.is_plain());
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
        let query = request.target.split_once('?');
        let query = query.map_or("", |(_, query)| query);
        self.contract.parameters().any(|parameter| {
            // A list or an object has several texts, which are wrong or not together.
            if parameter.location == Location::Query && !parameter.is_plain() {
                return parameter.find(query).is_err();
            }
            request
                .text(parameter)
                .is_some_and(|text| self.contract.refuses(parameter, &text))
        })
    }

    /// The undeclared parameters of the query.
    pub fn undeclared(&self, request: &Request) -> Vec<String> {
        let operation = self.contract.operation();
        let mut names: Vec<_> = request.query().into_iter().map(|(name, _)| name).collect();
        let paging = self.contract.paging();
        names.retain(|name| !operation.has_query_name(name) && !paging.has_undeclared(name));
        names
    }
}
