//! A value in the body is the next place: a field of its own, or the last item's key.

use super::super::{End, Paging, Reply, Way};
use super::LinkCodec;
use crate::Selector;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.cursor.is_some(),
    read: |paging, reply, _, _| to(paging, reply, paging.pagination.next.cursor.as_ref()),
    counts: false,
    previous: |paging, reply| {
        let Some(place) = &paging.pagination.previous.cursor else {
            return Way::Unsaid;
        };
        // Where requests go back by a parameter of their own, the cursor is where the page ends.
        if !paging.goes_backward() {
            return to(paging, reply, Some(place));
        }
        let said = place
            .get(reply.body)
            .and_then(|value| paging.position_before(value));
        said.map_or(Way::End(End::NoWay), Way::To)
    },
    headers: |_, _| Vec::new(),
};

/// The place that a value stands for. Absent, null or empty, it leads nowhere.
fn to(paging: &Paging, reply: &Reply<'_>, place: Option<&Selector>) -> Way {
    let value = place.and_then(|place| place.get(reply.body));
    match value.and_then(|value| paging.position(value)) {
        Some(position) => Way::To(position),
        None => Way::End(End::NoWay),
    }
}
