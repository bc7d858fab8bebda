//! The operations of a document, each with everything that it declares resolved.

mod reader;

pub(crate) use self::reader::Operations;
use crate::{Location, Parameter, PathTemplate, Response, Server, Site};

/// An operation of a document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, or the method and path if there is none.
    pub id: String,
    /// The method as a request spells it: `GET`.
    pub method: String,
    /// The path.
    pub path: PathTemplate,
    /// One sentence about it.
    pub summary: Option<String>,
    /// Its parameters, the path item's included, in the document's order.
    pub parameters: Vec<Parameter>,
    /// The servers that serve it alone or its path alone; empty if it is served by the document's.
    pub servers: Vec<Server>,
    /// The answers it declares, in the document's order. [`Operation::response`] alone reads them.
    pub(crate) responses: Vec<Response>,
    /// The alternatives that let a caller in; empty if the operation is open to everyone.
    pub security: Vec<Vec<Scheme>>,
    /// Where the document declares it.
    pub pointer: String,
}

/// How a caller authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// An `Authorization` header with this scheme's name, as `bearer`.
    Http(String),
    /// A key in this place, under this name.
    ApiKey(Location, String),
    /// Anything else, by its name in the document; treated as a bearer token.
    Other(String),
}

impl Operation {
    /// The schemes by which a request is signed: all of the first alternative that asks for any.
    ///
    /// Of several schemes that share a place, such as `Authorization`, the first one counts.
    pub fn signing(&self) -> Vec<&Scheme> {
        let mut alternatives = self.security.iter();
        let alternative = alternatives.find(|schemes| !schemes.is_empty());
        let mut signing: Vec<&Scheme> = Vec::new();
        for scheme in alternative.into_iter().flatten() {
            if !signing.iter().any(|known| known.place() == scheme.place()) {
                signing.push(scheme);
            }
        }
        signing
    }

    /// Whether a query parameter of this name, decoded, means something: a declared one, or a credential.
    pub fn has_query_name(&self, name: &str) -> bool {
        let mut schemes = self.security.iter().flatten();
        self.parameters.iter().any(|one| one.has_name(name))
            || schemes.any(|scheme| scheme.query_key() == Some(name))
    }

    /// The parameter with this name at this place.
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| {
            parameter.location == location
                && match location {
                    Location::Header => parameter.name.eq_ignore_ascii_case(name),
                    _ => parameter.name == name,
                }
        })
    }

    /// The parameter that is sent at this site.
    pub fn site(&self, site: &Site) -> Option<&Parameter> {
        self.parameter(site.location(), site.name())
    }

    /// The declared answers, for what is written once for each of them.
    pub fn declared(&self) -> impl Iterator<Item = &Response> {
        self.responses.iter()
    }

    /// The statuses that it declares answers for, as written: `200`, `4XX`, `default`.
    pub fn statuses(&self) -> impl Iterator<Item = &str> {
        self.responses.iter().map(|one| one.status.as_str())
    }

    /// The declared answers that refuse a request, each with the least status that it is for.
    pub fn refusals(&self) -> impl Iterator<Item = (u16, &Response)> {
        self.responses.iter().filter_map(|response| {
            let declared = response.status.as_str();
            let least = match declared.strip_suffix(['x', 'X']) {
                Some(_) => declared.get(..1)?.parse::<u16>().ok()? * 100,
                None if declared == "default" => 400,
                None => declared.parse().ok()?,
            };
            (least >= 400).then_some((least, response))
        })
    }

    /// The headers that some answer must have.
    pub fn required_headers(&self) -> impl Iterator<Item = &Parameter> {
        self.responses.iter().flat_map(Response::required_headers)
    }

    /// The answer that holds a page: 200, or 206 where the document declares no 200 but that.
    pub fn page_answer(&self) -> Option<&Response> {
        let success = self.response(200);
        let is_declared = success.is_some_and(|one| one.status != "default");
        let partial = || self.responses.iter().find(|one| one.status == "206");
        if is_declared {
            success
        } else {
            partial().or(success)
        }
    }

    /// The answer declared for `status`: by number, else by range (`4XX`), else by `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let is_exact = |one: &&Response| one.status.parse() == Ok(status);
        let is_range = |one: &&Response| {
            let digit = one
                .status
                .strip_suffix(['x', 'X'])
                .and_then(|rest| rest.strip_suffix(['x', 'X']));
            digit.is_some_and(|digit| digit.parse() == Ok(status / 100))
        };
        let is_default = |one: &&Response| one.status == "default";
        let responses = || self.responses.iter();
        let exact = responses().find(is_exact);
        let range = || responses().find(is_range);
        exact
            .or_else(range)
            .or_else(|| responses().find(is_default))
    }
}
