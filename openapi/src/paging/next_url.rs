//! URLs of other pages: the request's own, with another place, and the place that such a URL names.

use http::HeaderMap;
use serde_json::Value;

use super::link::link_header;
use super::url::{query_text, with_texts};
use super::{PageFacts, Paging, Position, Promise, Reply, Way};
use crate::{Location, Operation, Role, Schema, Selector};

/// Which URLs in the body are a path and a query, without scheme and host.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Relative {
    pub(super) next: bool,
    pub(super) previous: bool,
}

impl Relative {
    /// What the schema of a page says of the places of its URLs.
    pub(super) fn of(pagination: &crate::Pagination, body: Option<&Schema>) -> Self {
        let is_relative = |place: &Option<Selector>| {
            let schema = place.as_ref().and_then(|place| body?.at(place));
            schema.is_some_and(|schema| is_relative(&schema))
        };
        Self {
            next: is_relative(&pagination.next.url),
            previous: is_relative(&pagination.previous.url),
        }
    }
}

/// Whether URLs at a place are relative: its format or its first example says so.
fn is_relative(schema: &Schema) -> bool {
    match schema.keyword("format").and_then(Value::as_str) {
        Some("uri" | "url" | "iri") => return false,
        Some("uri-reference" | "iri-reference") => return true,
        _ => {}
    }
    let examples = schema.keyword("examples").and_then(Value::as_array);
    let first = examples.and_then(|examples| examples.first());
    let example = schema.keyword("example").or(first);
    example
        .and_then(Value::as_str)
        .is_some_and(|example| example.starts_with('/'))
}

/// The names of the parameters in the query that hold credentials. No URL repeats them.
pub(super) fn secrets(operation: &Operation) -> Vec<String> {
    let schemes = operation.security.iter().flatten();
    let places = schemes.map(crate::Scheme::place);
    places
        .filter(|(location, _)| *location == Location::Query)
        .map(|(_, name)| name.to_owned())
        .collect()
}

impl Paging {
    /// Path and query of the request for the page at this place: the request's own, with the place in it.
    ///
    /// `None` if a URL cannot name the place.
    pub(super) fn target(&self, at: &Position, facts: &PageFacts<'_>) -> Option<String> {
        let mut texts: Vec<(&str, String)> = Vec::new();
        for (parameter, text) in self.write(at)? {
            if parameter.location != Location::Query {
                return None;
            }
            texts.push((&parameter.name, text));
        }
        let place = self.place();
        let nothing = self.nothing();
        if at.is_start() && place.location == Location::Query && !nothing.is_empty() {
            texts.push((&place.name, nothing));
        }
        if let Some((name, limit)) = self.limit_to_add(facts) {
            texts.push((name, limit.to_string()));
        }
        let places = self
            .parameters
            .iter()
            .filter(|(role, _)| role.is_place() || *role == Role::Before);
        let places: Vec<_> = places
            .map(|(_, parameter)| parameter.name.as_str())
            .collect();
        let dropped =
            |name: &str| places.contains(&name) || self.secrets.iter().any(|one| one == name);
        Some(with_texts(facts.target, dropped, &texts))
    }

    /// The limit that a URL must have although the request has none: what an offset is a multiple of.
    fn limit_to_add(&self, facts: &PageFacts<'_>) -> Option<(&str, u64)> {
        let limit = self.parameter(Role::Limit)?;
        let counts = self.parameter(Role::Offset).is_some();
        let is_missing = query_text(facts.target, &limit.name).is_none();
        let is_added = counts && is_missing && limit.location == Location::Query;
        is_added.then_some((limit.name.as_str(), facts.limit?))
    }

    /// The URL of the next page as an answer has it, in its body or in a `Link` header.
    pub fn next_url(&self, reply: &Reply<'_>) -> Option<String> {
        let next = &self.pagination.next;
        let in_body = next
            .url
            .as_ref()
            .and_then(|place| place.get(reply.body)?.as_str());
        let in_body = in_body.filter(|url| !url.is_empty()).map(str::to_owned);
        let linked = || link_header::url(reply, next.link.as_ref()?);
        in_body.or_else(linked)
    }

    /// Every URL of another page that an answer has.
    pub fn urls(&self, reply: &Reply<'_>) -> Vec<String> {
        let (next, previous) = (&self.pagination.next, &self.pagination.previous);
        let in_body = [&next.url, &previous.url].into_iter().flatten();
        let in_body = in_body.filter_map(|place| place.get(reply.body)?.as_str());
        let mut urls: Vec<_> = in_body.map(str::to_owned).collect();
        if next.link.is_some() {
            urls.extend(link_header::urls(reply));
        }
        urls
    }

    /// What is wrong with the `Link` headers of an answer that pages by them; `None` if nothing is.
    pub fn wrong_links(&self, headers: &HeaderMap) -> Option<String> {
        self.pagination.next.link.as_ref()?;
        link_header::wrong(headers)
    }

    /// Where the link with this relation leads, if pages have links.
    pub(super) fn linked(&self, reply: &Reply<'_>, relation: &str) -> Way {
        match self.pagination.next.link {
            Some(_) => link_header::to(self, reply, relation),
            None => Way::Unsaid,
        }
    }

    /// The place that a URL of an answer leads to; `None` if it names none in the parameters of requests.
    pub(super) fn position_of(&self, url: &str) -> Option<Position> {
        if !self.promises(Promise::RequestsNamePlaces) {
            return Some(Position::Url(url.to_owned()));
        }
        let named = |role: Role| {
            let parameter = self.parameter(role)?;
            (parameter.location == Location::Query).then(|| query_text(url, &parameter.name))?
        };
        let is_named = |(role, _): &(Role, _)| {
            (role.is_place() || *role == Role::Before) && named(*role).is_some()
        };
        if !self.parameters.iter().any(is_named) {
            return None;
        }
        self.read(named).ok()
    }
}
