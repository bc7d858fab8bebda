//! The operations of a document, each with everything that it declares resolved.

mod reader;

pub(crate) use self::reader::Operations;
use crate::{Location, Parameter, PathTemplate, Response, Site};

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

    /// The answer declared for `status`: by number, else by range (`4XX`), else by `default`.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let range = format!("{}XX", status / 100);
        [status.to_string(), range, "default".to_owned()]
            .iter()
            .find_map(|name| {
                self.responses
                    .iter()
                    .find(|one| one.status.eq_ignore_ascii_case(name))
            })
    }
}
