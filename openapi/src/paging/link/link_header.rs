//! A `Link` header holds the URL of the next page (RFC 8288).
//!
//! The URL is read by the operation's own request codec. So it must name the page in the parameter that
//! requests use.

use super::super::url::{query_text, with_query_text};
use super::super::{End, PageFacts, Paging, Position, Way};
use super::LinkCodec;
use crate::{Location, Role};

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.link.is_some(),
    read: |paging, reply, _, _| {
        let Some(relation) = &paging.pagination.next.link else {
            return Way::Unsaid;
        };
        let lines = reply.headers.get_all(http::header::LINK).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let mut links = lines.flat_map(links);
        let Some((url, _)) = links.find(|(_, relations)| has(relations, relation)) else {
            return Way::End(End::NoWay);
        };
        let named = |role: Role| {
            let parameter = paging.parameter(role)?;
            (parameter.location == Location::Query).then(|| query_text(&url, &parameter.name))?
        };
        // A URL that names no page is for clients that follow URLs.
        match paging.read(named) {
            Ok(position) if named(paging.request.role).is_some() => Way::To(position),
            _ => Way::Unsaid,
        }
    },
    headers: |paging, facts| {
        let links: Vec<_> = ways(paging, facts)
            .into_iter()
            .filter_map(|(relation, at)| Some((relation, url(paging, facts, &at)?)))
            .map(|(relation, url)| format!("<{url}>; rel=\"{relation}\""))
            .collect();
        if links.is_empty() {
            Vec::new()
        } else {
            vec![("link", links.join(", "))]
        }
    },
};

/// The pages that an answer links to, by relation.
fn ways(paging: &Paging, facts: &PageFacts<'_>) -> Vec<(String, Position)> {
    let pages = match facts.at {
        Position::Page(pages) => *pages,
        _ => 0,
    };
    let mut ways = Vec::new();
    if pages > 0 {
        ways.push(("first".to_owned(), Position::Start));
        ways.push(("prev".to_owned(), Position::Page(pages - 1)));
    }
    if let Some(relation) = paging.pagination.next.link.as_ref().filter(|_| facts.more) {
        ways.push((relation.clone(), Position::Page(pages + 1)));
        if let Some(limit) = facts.limit.filter(|limit| *limit > 0) {
            let last = facts.total.div_ceil(limit).saturating_sub(1);
            ways.push(("last".to_owned(), Position::Page(last)));
        }
    }
    ways
}

/// The URL of the page at this place: the request's own, with the place in it.
fn url(paging: &Paging, facts: &PageFacts<'_>, at: &Position) -> Option<String> {
    let place = paging.place();
    let text = (paging.request.write)(paging, at)?;
    let target = with_query_text(facts.target, &place.name, &text);
    Some(format!("{}{target}", facts.base))
}

/// Whether a `rel` names this relation; relations are compared in any case (RFC 8288, 2.1.1).
fn has(relations: &str, relation: &str) -> bool {
    relations
        .split_ascii_whitespace()
        .any(|known| known.eq_ignore_ascii_case(relation))
}

/// The links of a header line: each one's URL, and its first `rel` (RFC 8288, 3.3: later ones do not
/// count).
fn links(line: &str) -> Vec<(String, String)> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some((_, behind)) = rest.split_once('<') {
        let Some((url, behind)) = behind.split_once('>') else {
            break;
        };
        let (relation, behind) = relation(behind);
        links.push((url.to_owned(), relation.unwrap_or_default()));
        rest = behind;
    }
    links
}

/// The first `rel` among a link's parameters, and what stands behind the link.
fn relation(parameters: &str) -> (Option<String>, &str) {
    let mut relation = None;
    let mut rest = parameters.trim_start();
    while let Some(behind) = rest.strip_prefix(';') {
        let behind = behind.trim_start();
        let end = behind.find(['=', ';', ',']).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        let (value, behind) = match behind.strip_prefix('=') {
            Some(behind) => value(behind.trim_start()),
            None => (String::new(), behind),
        };
        if name.trim().eq_ignore_ascii_case("rel") && relation.is_none() {
            relation = Some(value);
        }
        rest = behind.trim_start();
    }
    (relation, rest)
}

/// A parameter's value, a token or a quoted string, and what stands behind it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (token, behind) = text.split_at(end);
        return (token.trim().to_owned(), behind);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[place + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<&str>) {
        let links = links(line);
        let next = links.iter().find(|(_, relations)| has(relations, "next"));
        assert_eq!(next.map(|(url, _)| url.as_str()), expect, "{line}");
    }

    #[test]
    fn the_next_link_is_found_however_it_is_spelled() {
        check(
            r#"<http://a/x?page=2>; rel="next""#,
            Some("http://a/x?page=2"),
        );
        check("</x?page=2>; rel=next", Some("/x?page=2"));
        check(r#"<?page=2>;REL="Next""#, Some("?page=2"));
        check(
            r#"<a>; rel="first"; title="start, or <next>; rel=next", <b>; title="more"; rel="prefetch next""#,
            Some("b"),
        );
        check(
            r#"<x>;rel=preload;crossorigin, <b,c;d>;rel="next""#,
            Some("b,c;d"),
        );
    }

    #[test]
    fn other_relations_lead_nowhere() {
        check(r#"<a>; rel="last"; rel="next""#, None);
        check(r#"<a>; rel="nextish""#, None);
        check(r#"<a>; title="rel=next""#, None);
        for broken in [
            "",
            "<",
            "<a",
            "a; rel=next",
            "<a>; rel=\"",
            ";;;",
            "<a>; rel",
        ] {
            check(broken, None);
        }
    }
}
