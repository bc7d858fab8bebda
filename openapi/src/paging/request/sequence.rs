//! A cursor that is a number or a time: everything greater is served, whether or not an item has it.

use super::super::{Mark, Position, Promise};
use super::{NOT_A_KEY, RequestCodec};
use crate::{Bound, Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Since,
    role: Role::Cursor,
    filters: true,
    write: |_, at| match at {
        Position::Start => Some("0".to_owned()),
        Position::Above(number) | Position::From(number) | Position::After(number) => {
            Some(number.clone())
        }
        _ => None,
    },
    read: |paging, text| {
        let number = text.to_owned();
        Ok(match paging.pagination.cursor.bound {
            _ if text.is_empty() => Position::Start,
            Bound::Exclusive => Position::Above(number),
            Bound::Inclusive => Position::From(number),
        })
    },
    nothing: |paging| {
        let zero = if paging.compares_times() { "" } else { "0" };
        zero.to_owned()
    },
    mark: |paging| {
        Some(if paging.is_whole() {
            Mark::NewestNumber
        } else {
            Mark::LastNumber
        })
    },
    missing: |paging, promise| match promise {
        Promise::ItemsNamePlaces => {
            let pagination = &paging.pagination;
            let by_key = pagination.order.by.as_ref() == Some(&pagination.key);
            (!by_key && !paging.hands_out_last_key()).then_some(NOT_A_KEY)
        }
        Promise::CursorsNameItems if paging.compares_times() => {
            Some("a cursor is a time that items are compared with")
        }
        Promise::CursorsNameItems => Some("a cursor is a number that items are compared with"),
        Promise::PlacesFilter if paging.compares_times() => {
            Some("a cursor is a time that items are compared with, and no number")
        }
        _ => None,
    },
};
