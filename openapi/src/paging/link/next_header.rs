//! A header of its own holds the next cursor, as requests send it: `Next-Range: id ]k7..; max=20`. It is absent at the end.

use super::super::{End, PageFacts, Paging, Way};
use super::LinkCodec;
use crate::Role;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.header.is_some(),
    read: |paging, reply, _, _| {
        let name = paging.pagination.next.header.as_deref();
        let value = name.and_then(|name| reply.headers.get(name));
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Way::End(End::NoWay);
        };
        let text = String::from_utf8_lossy(value.as_bytes());
        let cursor = paging.place().part_of(&text).unwrap_or_default();
        (paging.request.read)(paging, &cursor).map_or(Way::Unsaid, Way::To)
    },
    counts: false,
    previous: |_, _| Way::Unsaid,
    headers: |_, _| Vec::new(),
};

impl Paging {
    /// The header with the next cursor, in lower case, and its text.
    pub(in super::super) fn next_header(&self, facts: &PageFacts<'_>) -> Option<(String, String)> {
        let name = self.pagination.next.header.as_ref()?;
        let (place, cursor) = self.write(facts.next.as_ref()?)?.into_iter().next()?;
        let mut text = place.part_in(None, Some(&cursor))?;
        if place.shares_its_text()
            && let Some((limit, most)) = self.parameter(Role::Limit).zip(facts.limit)
        {
            text = limit.part_in(Some(&text), Some(&most.to_string()))?;
        }
        Some((name.to_ascii_lowercase(), text))
    }
}
