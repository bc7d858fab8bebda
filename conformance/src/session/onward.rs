//! The way on from a page, where a law needs one: whether any page of the list could have it, and the tokens in URLs.

use openapi::{Position, Promise};
use serde_json::Value;

use super::{Ask, Page, Session};
use crate::subject::{Request, target};
use crate::{Case, Skip, Stop, outcome};

impl Session<'_> {
    /// The outcome where `page`, the first one of the items `all`, leads to no other.
    ///
    /// If the shortest page that a request can ask for holds all of them, no page leads on, and the law is not in force.
    /// Else the case is moot.
    pub(crate) fn leads_nowhere<T>(&self, page: &Page, all: &[String]) -> Result<T, Stop> {
        let is_shortest = if self.promises(Promise::LimitsAreAsked) {
            let bounds = self.contract().limit_bounds();
            let least = bounds.and_then(|bounds| bounds.minimum).unwrap_or(1);
            all.len() as u64 <= least.max(1)
        } else {
            true
        };
        if is_shortest && page.keys.len() >= all.len() {
            return outcome::never_occurs(
                "the shortest page holds the whole list, so none leads on",
            );
        }
        outcome::moot("the page leads to no other")
    }

    /// As [`Session::leads_nowhere`], where the items are those of the case's resource.
    pub(crate) fn list_leads_nowhere<T>(&self, page: &Page, case: &Case) -> Result<T, Stop> {
        let listing = self.listing_of(case)?;
        if !listing.complete {
            return outcome::moot("the page leads to no other");
        }
        self.leads_nowhere(page, &listing.keys)
    }

    /// Not in force unless pages hand out tokens, or URLs that a client follows as they stand.
    pub(crate) fn needs_tokens(&self) -> Result<(), Skip> {
        if self.follows_urls() {
            return Ok(());
        }
        self.needs(Promise::TokensAreHandedOut)
    }

    /// Whether only URLs name places, so that the document does not describe what is in them.
    fn follows_urls(&self) -> bool {
        self.promises(Promise::UrlsAreSaid) && !self.promises(Promise::RequestsNamePlaces)
    }

    /// The tokens in the query of a URL that `page` leads to: names and texts.
    ///
    /// What the client may send itself is no token. Nor is a number, which may be a place that the server counts, or a
    /// value of an item on the page: the server may compare items with it, and then any value is a place.
    pub(crate) fn tokens_in(&self, url: &str, page: &Page, case: &Case) -> Vec<(String, String)> {
        let operation = self.contract().operation();
        let items = self.contract().items(&page.body).unwrap_or_default();
        let is_token = |(name, text): &(String, String)| {
            !operation.has_query_name(name)
                && !text.is_empty()
                && text.parse::<f64>().is_err()
                && !page.cursors.contains(text)
                && !items.iter().any(|item| holds(item, text))
        };
        let mut query = self.followed(url, case).query();
        query.retain(is_token);
        query
    }

    /// The request for the page at a URL, in whose query a parameter has another text.
    pub(crate) fn ask_url_with(&self, case: &Case, url: &str, name: &str, text: &str) -> Ask {
        let followed = self.followed(url, case);
        let mut query = followed.query();
        for (known, own) in &mut query {
            if known == name {
                text.clone_into(own);
            }
        }
        self.ask_url(case, &target(followed.path(), &query))
    }

    /// The request of a case, from the place that `page`, the first one of the case `other`, leads to.
    ///
    /// Of a URL, only the tokens are taken. `None` if it leads to no list of this operation, or has no token.
    pub(crate) fn ask_from(
        &self,
        case: &Case,
        at: &Position,
        (other, page): (&Case, &Page),
    ) -> Option<Ask> {
        let Position::Url(url) = at else {
            return Some(self.ask_at(case, at));
        };
        let first = |case: &Case| self.request(&self.ask_at(case, &Position::Start));
        let tokens = self.tokens_in(url, page, other);
        if tokens.is_empty() || self.followed(url, other).path() != first(other).path() {
            return None;
        }
        let own = first(case);
        let query: Vec<_> = own.query().into_iter().chain(tokens).collect();
        Some(self.ask_url(case, &target(own.path(), &query)))
    }

    fn followed(&self, url: &str, case: &Case) -> Request {
        self.request(&self.ask_url(case, url))
    }
}

/// Whether a value is this text, or has it in it.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Array(values) => values.iter().any(|value| holds(value, text)),
        Value::Object(fields) => fields.values().any(|value| holds(value, text)),
        _ => false,
    }
}
