//! Reads a request by the contract, and makes requests for other pages.

use openapi::{Parameter, Position, Role};

use super::Lied;
use crate::naming::Naming;
use crate::subject::{Request, target_of};

/// The meaning of a request, in the contract's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The name of the resource.
    pub resource: String,
    /// The resource's id, as written in the path.
    pub id: String,
    /// The cursor, as sent.
    pub cursor: Option<String>,
    /// The start of the page.
    pub at: Position,
    /// The limit, if it is a number.
    pub limit: Option<u64>,
}

impl Lied<'_> {
    /// The meaning of the request.
    pub fn asked(&self, request: &Request) -> Asked {
        let at = request.page(self.contract).at;
        let limit = self.contract.paging().limit_from(&at);
        let limit = limit.and_then(|limit| request.text(limit));
        let naming = Naming::of(self.contract);
        let captures = self.contract.operation().path.captures(request.path());
        let captures = captures.into_iter().flatten();
        let values: Vec<_> = captures.map(|(_, value)| value).collect();
        Asked {
            id: naming.id(&values).to_owned(),
            resource: Naming::name(&values),
            cursor: request.text(self.contract.paging().place()),
            at,
            limit: limit.and_then(|limit| limit.parse().ok()),
        }
    }

    /// The request's path in the usual encoding.
    pub fn usual_path(&self, request: &Request) -> String {
        let path = &self.contract.operation().path;
        let captures = path.captures(request.path()).unwrap_or_default();
        path.expand(|name| {
            let mut values = captures.iter();
            let value = values.find(|(known, _)| *known == name);
            value.map_or_else(String::new, |(_, value)| value.clone())
        })
    }

    /// The request with another cursor, or from the start.
    pub fn with_cursor(&self, request: &Request, text: Option<&str>) -> Request {
        request.with(self.contract.paging().place(), text)
    }

    /// The request with another start of the page.
    pub fn at(&self, request: &Request, at: &Position) -> Request {
        if let Position::Url(url) = at {
            let mut followed = request.clone();
            followed.target = target_of(url, request.path(), self.base());
            return followed;
        }
        let mut start = self.with_cursor(request, None);
        for role in [Role::Before, Role::LimitBefore] {
            if let Some(parameter) = self.contract.paging().parameter(role) {
                start = start.with(parameter, None);
            }
        }
        let written = self.contract.paging().write(at).unwrap_or_default();
        let with = |request: Request, (parameter, text): (&Parameter, String)| {
            request.with(parameter, Some(&text))
        };
        written.into_iter().fold(start, with)
    }

    /// The request with another limit, or unchanged if the contract has none.
    pub fn with_limit(&self, request: &Request, limit: Option<u64>) -> Request {
        match self.contract.limit() {
            Some(parameter) => {
                request.with(parameter, limit.map(|limit| limit.to_string()).as_deref())
            }
            None => request.clone(),
        }
    }

    /// The request's cursor, if it is a number.
    pub fn cursor_number(&self, request: &Request) -> Option<i128> {
        self.asked(request).cursor?.parse().ok()
    }
}
