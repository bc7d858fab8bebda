//! A page's number, counted in pages of the request's own limit.

use super::super::{Paging, Position, Promise};
use super::{NOT_A_KEY, RequestCodec};
use crate::{Direction, Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Page,
    role: Role::Page,
    filters: false,
    write: |paging, at| match at {
        Position::Start => Some(paging.pagination.page.first.to_string()),
        Position::Page(pages) => {
            let number = paging.pagination.page.first.saturating_add(*pages);
            Some(number.to_string())
        }
        _ => None,
    },
    read: |paging, text| {
        let first = paging.pagination.page.first;
        let number: u64 = text
            .parse()
            .map_err(|_| "must be the number of a page".to_owned())?;
        match number.checked_sub(first) {
            None => Err(format!("must be {first} or more")),
            Some(0) => Ok(Position::Start),
            Some(pages) => Ok(Position::Page(pages)),
        }
    },
    nothing: |paging| paging.pagination.page.first.to_string(),
    mark: |_| None,
    missing: |paging, promise| match promise {
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => Some(NOT_A_KEY),
        Promise::PlacesFilter => Some("a cursor is no number that items are compared with"),
        Promise::LimitsMix => Some("pages are counted in pages of one limit"),
        Promise::StableWhileGrowing => is_stable(paging),
        _ => None,
    },
};

/// Why a place that is counted does not stay the same while items are added; nothing if new items come last.
pub(super) fn is_stable(paging: &Paging) -> Option<&'static str> {
    let order = &paging.pagination.order;
    let at_end = order.append_only && order.direction == Direction::Ascending;
    (!at_end).then_some("new items may move what is on a page")
}
