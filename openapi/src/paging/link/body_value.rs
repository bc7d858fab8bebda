//! A value in the body is the next place: a field of its own, or the last item's key.

use super::super::{End, Way};
use super::LinkCodec;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |pagination, _| pagination.next.cursor.is_some(),
    read: |paging, reply, _, _| {
        let place = paging.pagination.next.cursor.as_ref();
        let value = place.and_then(|place| place.get(reply.body));
        match value.and_then(|value| paging.position(value)) {
            Some(position) => Way::To(position),
            None => Way::End(End::NoWay),
        }
    },
    headers: |_, _| Vec::new(),
};
