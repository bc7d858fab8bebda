//! A `Link` header holds the URLs of other pages (RFC 8288).
//!
//! The URLs are read by the operation's own request codec. So they must name the page in the parameters that
//! requests use.

use http::HeaderMap;

use super::super::link_value::{Link, links};
use super::super::{End, PageFacts, Paging, Position, Reply, Way};
use super::LinkCodec;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.link.is_some(),
    read: |paging, reply, _, _| match &paging.pagination.next.link {
        Some(relation) => to(paging, reply, relation),
        None => Way::Unsaid,
    },
    counts: false,
    previous: |paging, reply| to(paging, reply, previous(paging)),
    headers: |paging, facts| {
        let links: Vec<_> = ways(paging, facts)
            .into_iter()
            .filter_map(|(relation, at)| Some((relation, paging.target(&at, facts)?)))
            .map(|(relation, target)| format!("<{}{target}>; rel=\"{relation}\"", facts.base))
            .collect();
        if links.is_empty() {
            Vec::new()
        } else {
            vec![("link", links.join(", "))]
        }
    },
};

/// Where the link with this relation leads.
pub(in super::super) fn to(paging: &Paging, reply: &Reply<'_>, relation: &str) -> Way {
    let Some(url) = url(reply, relation) else {
        return Way::End(End::NoWay);
    };
    // A URL that names no page is for clients that follow URLs.
    paging.position_of(&url).map_or(Way::Unsaid, Way::To)
}

/// The URL of the link with this relation.
pub(in super::super) fn url(reply: &Reply<'_>, relation: &str) -> Option<String> {
    let mut found = all(reply);
    found.find(|link| link.has(relation)).map(|link| link.url)
}

/// The URLs of all links.
pub(in super::super) fn urls(reply: &Reply<'_>) -> Vec<String> {
    all(reply).map(|link| link.url).collect()
}

fn all(reply: &Reply<'_>) -> impl Iterator<Item = Link> {
    let headers = reply.headers.get_all(http::header::LINK).iter();
    let lines = headers.filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| links(line).0)
}

/// What is wrong with the `Link` headers of an answer, if anything is.
pub(in super::super) fn wrong(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(http::header::LINK).iter();
    lines
        .map(|line| match line.to_str() {
            Ok(line) => links(line).1,
            Err(_) => Some("a byte that no header may have".to_owned()),
        })
        .find_map(|wrong| wrong)
}

/// The relation of the page before.
fn previous(paging: &Paging) -> &str {
    paging.pagination.previous.link.as_deref().unwrap_or("prev")
}

/// The pages that an answer links to, by relation.
///
/// Where places are counted, the first and the last page, and the one before, are known to every server.
fn ways(paging: &Paging, facts: &PageFacts<'_>) -> Vec<(String, Position)> {
    let said = &paging.pagination;
    let Some(next) = &said.next.link else {
        return Vec::new();
    };
    let counts = paging.counts();
    let mut ways = Vec::new();
    if let Some(at) = &facts.previous {
        if counts {
            ways.push(("first".to_owned(), Position::Start));
        }
        if counts || said.previous.link.is_some() {
            ways.push((previous(paging).to_owned(), at.clone()));
        }
    }
    if let Some(at) = &facts.next {
        ways.push((next.clone(), at.clone()));
        let last = said.totals.link.as_deref();
        let last = last.or(counts.then_some("last"));
        ways.extend(last.map(str::to_owned).zip(facts.last.clone()));
    }
    ways
}
