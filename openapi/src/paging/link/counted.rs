//! Nothing is said: the client counts items or pages. Where it stops is for `end` to say.

use super::super::{End, Position, Way};
use super::LinkCodec;
use crate::Role;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |_, request| matches!(request.role, Role::Page | Role::Offset | Role::Range),
    read: |paging, _, request, items| {
        let items = items as u64;
        let counts_items = paging.request.role != Role::Page;
        Way::To(match request.at {
            // Nothing was read, so the next place would be this one.
            _ if counts_items && items == 0 => return Way::End(End::EmptyPage),
            Position::Start if counts_items => Position::Skip(items),
            Position::Start => Position::Page(1),
            Position::Page(pages) => Position::Page(pages.saturating_add(1)),
            Position::Skip(skipped) => Position::Skip(skipped.saturating_add(items)),
            _ => return Way::Unsaid,
        })
    },
    counts: true,
    previous: |_, _| Way::Unsaid,
    headers: |_, _| Vec::new(),
};
