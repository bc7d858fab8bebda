//! The body holds the URL of the next page, absolute or relative.

use serde_json::Value;

use super::super::{End, Paging, Reply, Way};
use super::LinkCodec;
use crate::Selector;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.url.is_some(),
    read: |paging, reply, _, _| to(paging, reply, paging.pagination.next.url.as_ref()),
    counts: false,
    previous: |paging, reply| to(paging, reply, paging.pagination.previous.url.as_ref()),
    headers: |_, _| Vec::new(),
};

/// Where the URL at a place leads. Absent, null or empty, it leads nowhere.
fn to(paging: &Paging, reply: &Reply<'_>, place: Option<&Selector>) -> Way {
    let Some(place) = place else {
        return Way::Unsaid;
    };
    match place.get(reply.body) {
        Some(Value::String(url)) if !url.is_empty() => match paging.position_of(url) {
            Some(position) => Way::To(position),
            None => Way::Unsaid,
        },
        _ => Way::End(End::NoWay),
    }
}
