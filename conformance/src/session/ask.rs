//! Asking: from a case to a request, by the contract.

use openapi::{Location, Parameter};

use super::{Exchange, Session};
use crate::subject::{Request, target};
use crate::{After, Case, Credentials, Stop, law};

/// A request in the contract's words: whose resource, and which parameters.
#[derive(Debug, Clone)]
pub struct Ask {
    id: String,
    credentials: Credentials,
    method: Option<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Ask {
    /// The plain request for a resource, by its owner.
    pub fn of(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            credentials: Credentials::Owner,
            method: None,
            query: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// The same request by somebody else.
    #[must_use]
    pub fn by(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same request with a parameter; sent once more if it is there already.
    #[must_use]
    pub fn with(mut self, parameter: &Parameter, text: &str) -> Self {
        let pair = (parameter.name.clone(), text.to_owned());
        match parameter.location {
            Location::Header => self.headers.push(pair),
            _ => self.query.push(pair),
        }
        self
    }

    /// The same request with a header, as it stands here.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Session<'_> {
    /// The request of a case's first page.
    ///
    /// Moot where the case starts behind an item that the listing does not have.
    pub fn ask(&self, case: &Case) -> Result<Ask, Stop> {
        let mut ask = Ask::of(&case.resource).by(case.credentials.clone());
        ask.method.clone_from(&case.method);
        match &case.after {
            After::Start => {}
            After::Cursor(text) => ask = ask.with(self.contract().cursor(), text),
            After::Item(index) => {
                let listing = self.listing(&case.resource)?;
                let Some(cursor) = listing.cursors.get(*index) else {
                    return law::moot(format!("the listing has no item {index}"));
                };
                ask = ask.with(self.contract().cursor(), cursor);
            }
        }
        if let (Some(parameter), Some(limit)) = (self.contract().limit(), case.limits.first()) {
            ask = ask.with(parameter, &limit.to_string());
        }
        for (name, text) in &case.sent {
            let header = self
                .contract()
                .operation()
                .parameter(Location::Header, name);
            match header {
                Some(parameter) => ask = ask.with(parameter, text),
                None => ask.query.push((name.clone(), text.clone())),
            }
        }
        Ok(ask)
    }

    /// Asks, and waits for the answer, whatever it is.
    pub fn send(&self, ask: &Ask) -> Result<Exchange, Stop> {
        let operation = self.contract().operation();
        let parent = self.contract().parent().map(|parent| parent.name.as_str());
        let path = operation.path.expand(|name| {
            if parent.is_none_or(|parent| parent == name) {
                ask.id.clone()
            } else {
                String::new()
            }
        });
        let request = Request {
            method: ask
                .method
                .clone()
                .unwrap_or_else(|| operation.method.clone()),
            target: target(&path, &ask.query),
            headers: ask.headers.clone(),
            body: bytes::Bytes::new(),
        };
        let caller = match &ask.credentials {
            Credentials::Owner => Some(self.owner_of(&ask.id)),
            Credentials::Caller(name) => Some(name.as_str()),
            Credentials::None | Credentials::Raw(_) => None,
        };
        let exchange = self.ground().send(request, &ask.credentials, caller)?;
        self.remember(exchange.clone());
        Ok(exchange)
    }

    /// Sends a case's first page.
    pub fn send_case(&self, case: &Case) -> Result<Exchange, Stop> {
        self.send(&self.ask(case)?)
    }

    /// The owner of a resource; for an id that the facts do not know, the first resource's owner asks.
    fn owner_of(&self, id: &str) -> &str {
        let known = self
            .facts()
            .resource(id)
            .or_else(|| self.resources().first());
        known.map_or("", |resource| resource.owner.as_str())
    }
}
