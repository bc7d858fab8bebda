//! A cursor that names an item: the next page starts behind it, or at it.

use super::super::look::is_time;
use super::super::{Mark, Position, Promise, Proposal};
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
    infer: |look| {
        let names = ["startingafter", "after", "afterid", "startafter"];
        let kind = if look.key_schema.types().contains(&"integer") {
            "integer"
        } else {
            "string"
        };
        let place = look.parameter(&names, kind)?;
        if is_time(place) {
            return None;
        }
        let proposal = Proposal::new(look, Style::Cursor, Role::Cursor, place);
        let why = "is the key of the last item, and no field names another way on";
        let mut proposal = proposal.going_on_by(look.last_key(), why);
        let ends = [("first", "firstid"), ("last", "lastid")];
        for (end, word) in ends {
            let field = look.field(&[word], kind).cloned();
            if let Some(field) = &field {
                let why = format!("`{field}` is named after the {end} item's key");
                proposal.reasons.push(("echo", why));
            }
            let echo = &mut proposal.pagination.echo;
            *(if end == "first" {
                &mut echo.first
            } else {
                &mut echo.last
            }) = field;
        }
        Some(proposal)
    },
};
