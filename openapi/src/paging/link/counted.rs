//! Nothing is said: the client counts pages. Where it stops is for `end` to say.

use super::super::{Position, Way};
use super::LinkCodec;
use crate::Role;

pub(super) const CODEC: LinkCodec = LinkCodec {
    is_used: |_, request| request.role == Role::Page,
    read: |_, _, request, _| {
        let pages = match request.at {
            Position::Start => 0,
            Position::Page(pages) => pages,
            _ => return Way::Unsaid,
        };
        Way::To(Position::Page(pages.saturating_add(1)))
    },
    counts: true,
    previous: |_, _| Way::Unsaid,
    headers: |_, _| Vec::new(),
};
