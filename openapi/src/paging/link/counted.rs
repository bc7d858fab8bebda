//! Nothing is said: the client counts pages, until one is short.

use super::super::{End, Position, Way};
use super::LinkCodec;
use crate::Role;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |_, request| request.role == Role::Page,
    read: |paging, _, request, items| {
        let pages = match request.at {
            Position::Start => 0,
            Position::Page(pages) => pages,
            _ => return Way::Unsaid,
        };
        let limit = request.limit.or_else(|| paging.limit_bounds()?.default);
        if limit.is_some_and(|limit| (items as u64) < limit) {
            return Way::End(End::ShortPage);
        }
        Way::To(Position::Page(pages.saturating_add(1)))
    },
    headers: |_, _| Vec::new(),
};
