//! A cursor that is a number: everything greater is served, whether or not an item has that number.

use super::super::look::{is_time, plain};
use super::super::{Mark, Position, Promise, Proposal};
use super::{NOT_A_KEY, RequestCodec};
use crate::{Bound, Role, Selector, Step, Style};

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
    nothing: |_| "0".to_owned(),
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
        Promise::CursorsNameItems => Some("a cursor is a number that items are compared with"),
        _ => None,
    },
    infer: |look| {
        let place = look.parameter(&["since", "after", "afterseq", "sinceseq"], "integer")?;
        let item = look.item.properties();
        let by = item
            .iter()
            .find(|name| ["seq", "sequence", "sequencenumber"].contains(&plain(name).as_str()))?;
        if is_time(place) {
            return None;
        }
        let by = Selector::default().then(&[Step::Name(by.clone())]);
        let mut proposal = Proposal::new(look, Style::Since, Role::Cursor, place);
        let last = look.items.clone().then(&[Step::Last]).then(by.steps());
        proposal = proposal.going_on_by(last, "is the number that the parameter is compared with");
        proposal.pagination.order.by = Some(by.clone());
        proposal.pagination.order.strict = true;
        proposal.pagination.key = by;
        Some(proposal)
    },
};
