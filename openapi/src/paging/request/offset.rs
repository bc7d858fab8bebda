//! A count of items to skip.

use super::super::{Position, Promise};
use super::page::is_stable;
use super::{NOT_A_KEY, RequestCodec};
use crate::{Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Offset,
    role: Role::Offset,
    filters: false,
    write: |_, at| match at {
        Position::Start => Some("0".to_owned()),
        Position::Skip(items) => Some(items.to_string()),
        _ => None,
    },
    read: |_, text| match text.parse() {
        Ok(0) => Ok(Position::Start),
        Ok(items) => Ok(Position::Skip(items)),
        Err(_) => Err("must be the number of items to skip".to_owned()),
    },
    nothing: |_| "0".to_owned(),
    mark: |_| None,
    missing: |paging, promise| match promise {
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => Some(NOT_A_KEY),
        Promise::PlacesFilter => Some("an offset is no number that items are compared with"),
        Promise::StableWhileGrowing => is_stable(paging),
        _ => None,
    },
};
