//! Edits of what a page says of the list and of other pages.

use http::{HeaderName, HeaderValue};
use openapi::{Counts, Role};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::{Lied, edit_json, place, with_header};
use crate::subject::{Lost, Reply, Request};

impl Lied<'_> {
    /// The number of items of a page.
    pub fn count(&self, reply: &Reply) -> u64 {
        let body = reply.json().unwrap_or_default();
        self.contract.items(&body).unwrap_or_default().len() as u64
    }

    /// The page with other counts. Where it says none, it still says none.
    pub fn with_totals(&self, reply: Reply, change: impl FnOnce(&mut Counts)) -> Reply {
        if !self.is_page(&reply) {
            return reply;
        }
        let body = reply.json().unwrap_or_default();
        let said = openapi::Reply {
            headers: &reply.headers,
            body: &body,
        };
        let paging = self.contract.paging();
        let mut counts = paging.info(&said, &openapi::PageRequest::default()).totals;
        change(&mut counts);
        let totals = &self.contract.pagination().totals;
        let mut reply = reply;
        if let (Some(name), Some(items)) = (&totals.header, counts.items)
            && let Ok(name) = HeaderName::try_from(name.as_str())
        {
            // A range says the total behind a slash.
            let text = reply.header(name.as_str()).unwrap_or_default();
            let range = text.split_once('/').map(|(range, _)| range);
            let text = range.map_or(items.to_string(), |range| format!("{range}/{items}"));
            if let Ok(text) = HeaderValue::try_from(text) {
                reply.headers.insert(name, text);
            }
        }
        let places = [
            (&totals.items, counts.items),
            (&totals.remaining, counts.remaining),
            (&totals.pages, counts.pages),
        ];
        edit_json(reply, |body| {
            for (selector, count) in places {
                let there = selector.as_ref().filter(|one| one.get(body).is_some());
                if let (Some(selector), Some(count)) = (there, count) {
                    *place(body, selector) = count.into();
                }
            }
        })
    }

    /// The honest answer with every URL of another page changed.
    pub fn with_urls(
        &self,
        request: &Request,
        change: impl Fn(&Linked<'_>) -> String,
    ) -> Result<Reply, Lost> {
        let reply = self.ask(request)?;
        if !self.is_page(&reply) {
            return Ok(reply);
        }
        let changed = |url: &str, relation: &str| {
            let place = self.place_in(url);
            change(&Linked {
                url,
                relation,
                place: &place,
            })
        };
        let reply = with_links(reply, &changed);
        let pagination = self.contract.pagination();
        let places = [
            (&pagination.next.url, "next"),
            (&pagination.previous.url, "prev"),
        ];
        Ok(edit_json(reply, |body| {
            for (selector, relation) in places {
                let Some(selector) = selector else {
                    continue;
                };
                let url = selector.get(body).and_then(Value::as_str);
                if let Some(url) = url.map(|url| changed(url, relation)) {
                    *place(body, selector) = url.into();
                }
            }
        }))
    }

    /// The honest answer, whose URLs of this relation lead to another place: `choose` gives its text.
    pub fn with_places(
        &self,
        request: &Request,
        relation: &str,
        choose: impl Fn(&str) -> String,
    ) -> Result<Reply, Lost> {
        self.with_urls(request, |link| match link.place.split_once('=') {
            Some((name, text)) if link.relation == relation => link
                .url
                .replace(link.place, &format!("{name}={}", choose(text))),
            _ => link.url.to_owned(),
        })
    }

    /// The part of a URL's query that names the place.
    fn place_in(&self, url: &str) -> String {
        let paging = self.contract.paging();
        let before = paging.parameter(Role::Before);
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let names = [Some(paging.place()), before].into_iter().flatten();
        let mut pairs = names.filter_map(|parameter| {
            let is_it = |pair: &&str| {
                let name = pair.split('=').next().unwrap_or_default();
                percent_decode_str(name).decode_utf8_lossy() == parameter.name
            };
            query.split('&').find(is_it)
        });
        pairs.next().unwrap_or_default().to_owned()
    }
}

/// The answer with every URL of its `Link` header changed, by its relation.
fn with_links(reply: Reply, change: &impl Fn(&str, &str) -> String) -> Reply {
    let Some(header) = reply.header("link").map(str::to_owned) else {
        return reply;
    };
    let links = header.split(", ").map(|link| {
        let parts = link
            .strip_prefix('<')
            .and_then(|link| link.split_once(">; rel="));
        parts.map_or_else(
            || link.to_owned(),
            |(url, relation)| {
                let url = change(url, relation.trim_matches('"'));
                format!("<{url}>; rel={relation}")
            },
        )
    });
    let links: Vec<_> = links.collect();
    with_header(reply, "link", &links.join(", "))
}

/// A URL of another page.
pub struct Linked<'u> {
    /// The URL as the page has it.
    pub url: &'u str,
    /// What it leads to: `next`, `prev`, `first`, `last`.
    pub relation: &'u str,
    /// The part of its query that names the place, such as `page=2`. Empty if there is none.
    pub place: &'u str,
}
