//! How long a list is, as its pages say it: in the body, in a header, or by the link to the last page.

use serde_json::Value;

use super::{PageFacts, PageRequest, Paging, Position, Reply, Way, link};
use crate::Selector;

/// What a page says of the length of the list. What it does not say is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many items the list has.
    pub items: Option<u64>,
    /// How many items lie behind the page.
    pub remaining: Option<u64>,
    /// How many pages of the request's limit the list has.
    pub pages: Option<u64>,
}

impl Paging {
    /// What `reply`, the answer to `request`, says of the length of the list.
    pub(super) fn totals(&self, reply: &Reply<'_>, request: &PageRequest) -> Counts {
        let said = &self.pagination.totals;
        let in_body = |place: &Option<Selector>| number(place.as_ref()?.get(reply.body)?);
        let header = said.header.as_ref().and_then(|name| {
            if self.says_total_in_range() {
                return self.content_range(reply.headers)?.ok()?.total;
            }
            let text = reply.headers.get(name.as_str())?.to_str().ok()?;
            text.trim().parse().ok()
        });
        let last = said.link.as_ref().and_then(|relation| {
            match link::link_header::to(self, reply, relation) {
                Way::To(position) => self.pages_up_to(&position, request.limit),
                Way::End(_) | Way::Unsaid => None,
            }
        });
        Counts {
            items: in_body(&said.items).or(header),
            remaining: in_body(&said.remaining),
            pages: in_body(&said.pages).or(last),
        }
    }

    /// How many pages a list has whose last page is here.
    fn pages_up_to(&self, last: &Position, limit: Option<u64>) -> Option<u64> {
        match last {
            Position::Start => Some(1),
            Position::Page(pages) => pages.checked_add(1),
            Position::Skip(items) => {
                let limit = limit.or_else(|| self.limit_bounds()?.default)?;
                Some(items.checked_div(limit)?.saturating_add(1))
            }
            _ => None,
        }
    }

    /// The header that says how long the list is, if there is one.
    pub(super) fn total_header(&self, facts: &PageFacts<'_>) -> Option<(String, String)> {
        let name = self.pagination.totals.header.as_ref();
        let name = name.filter(|_| !self.says_total_in_range())?;
        Some((name.to_ascii_lowercase(), facts.total.to_string()))
    }
}

/// A count, written as a number or as a text of digits.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
