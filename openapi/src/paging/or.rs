//! Another way to page through a list that counts: by tokens, in requests with a flag.
//!
//! The two ways do not mix in one request. Each reads the same items in the same order.

use super::{
    End, PageInfo, PageRequest, Paging, Position, Reply, RequestCodec, Way, Wrong, key_text,
};
use crate::{Pagination, Parameter, Role};

/// The value of the flag.
const ON: &str = "true";

impl Paging {
    /// Whether a flag turns on another way to page.
    pub fn has_other_way(&self) -> bool {
        self.parameter(Role::When).is_some() && self.parameter(Role::Marker).is_some()
    }

    /// The parameters and texts of a request for the page at this token; of the first one if it is empty.
    pub(super) fn write_marked(&self, token: &str) -> Option<Vec<(&Parameter, String)>> {
        let mut written = vec![(self.parameter(Role::When)?, ON.to_owned())];
        let marker = self.parameter(Role::Marker)?;
        if !token.is_empty() {
            written.push((marker, token.to_owned()));
        }
        Some(written)
    }

    /// Where the page starts, if the flag is on.
    pub(super) fn read_marked(&self, text: &impl Fn(Role) -> Option<String>) -> Option<Position> {
        let is_on = self.has_other_way() && text(Role::When).is_some_and(|text| text == ON);
        is_on.then(|| Position::Marked(text(Role::Marker).unwrap_or_default()))
    }

    /// What the answer to a request with the flag says.
    pub(super) fn info_marked(&self, reply: &Reply<'_>, request: &PageRequest) -> PageInfo {
        let place = self.pagination.next.or.as_ref();
        let value = place.and_then(|place| place.get(reply.body));
        let token = value.and_then(key_text).filter(|token| !token.is_empty());
        let handed_out = token.map(Position::Marked);
        PageInfo {
            next: handed_out.clone().map_or(Way::End(End::NoWay), Way::To),
            previous: Way::Unsaid,
            handed_out,
            more: None,
            first: Way::Unsaid,
            last: Way::Unsaid,
            totals: self.totals(reply, request),
        }
    }
}

/// Whether the other way is whole, and the first one leaves room for it.
pub(super) fn check(pagination: &Pagination, request: &RequestCodec) -> Result<(), Wrong> {
    let asked = pagination.request.or.is_some();
    let next = &pagination.next;
    let wrong = |key, message: &str, cure: &str| {
        Err(Wrong {
            key,
            message: message.to_owned(),
            cure: cure.to_owned(),
        })
    };
    match (asked, next.or.is_some()) {
        (true, false) => wrong(
            "next",
            "`next.or` is missing, and `request.or` needs it",
            "say where the next token lies in the body",
        ),
        (false, true) => wrong(
            "request",
            "`request.or` is missing, and `next.or` needs it",
            "name the flag and the parameter for tokens, as in `or: { when: ..., cursor: ... }`",
        ),
        (true, true) if !matches!(request.role, Role::Offset | Role::Page) => wrong(
            "request/or",
            "`request.or` has no meaning in a style that does not count",
            "take it out; one way by tokens is enough",
        ),
        (true, true) if next.url.is_some() || next.link.is_some() => wrong(
            "request/or",
            "`request.or` beside URLs of the next page is not supported yet",
            "take it out, or `next.url` and `next.link`",
        ),
        _ => Ok(()),
    }
}
