//! A cursor that names an item: the next page starts behind it, or at it.

use super::super::{Mark, Position, Promise};
use super::{NOT_A_KEY, RequestCodec};
use crate::{Bound, Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Cursor,
    role: Role::Cursor,
    filters: false,
    write: |_, at| match at {
        Position::Start => Some(String::new()),
        Position::After(key) | Position::At(key) => Some(key.clone()),
        _ => None,
    },
    read: |paging, text| {
        let key = text.to_owned();
        Ok(match paging.pagination.cursor.bound {
            // No key is empty, so an empty cursor says no more than none.
            _ if text.is_empty() => Position::Start,
            Bound::Exclusive => Position::After(key),
            Bound::Inclusive => Position::At(key),
        })
    },
    nothing: |_| String::new(),
    mark: |paging| {
        Some(match paging.pagination.cursor.bound {
            Bound::Exclusive => Mark::LastKey,
            Bound::Inclusive => Mark::NextKey,
        })
    },
    missing: |paging, promise| match promise {
        Promise::CursorsNameItems if paging.compares_values() => {
            Some("a cursor is a value that items are compared with")
        }
        Promise::ItemsNamePlaces if paging.pagination.cursor.bound == Bound::Inclusive => {
            Some("a page starts at the item that its cursor names")
        }
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => {
            let is_key = paging.hands_out_last_key() || paging.compares_values();
            (!is_key).then_some(NOT_A_KEY)
        }
        Promise::PlacesFilter => Some("a cursor is no number that items are compared with"),
        _ => None,
    },
};
