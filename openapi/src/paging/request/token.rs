//! An opaque token: only the server reads it, and a client has it from an earlier answer.

use super::super::{Mark, Position, Promise};
use super::{NOT_A_KEY, RequestCodec};
use crate::{Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Token,
    role: Role::Cursor,
    filters: false,
    write: |_, at| match at {
        Position::Start => Some(String::new()),
        Position::Token(token) => Some(token.clone()),
        _ => None,
    },
    read: |_, text| {
        Ok(match text {
            "" => Position::Start,
            token => Position::Token(token.to_owned()),
        })
    },
    nothing: |_| String::new(),
    mark: |_| Some(Mark::Token),
    missing: |_, promise| match promise {
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => Some(NOT_A_KEY),
        Promise::PlacesFilter => Some("a cursor is no number that items are compared with"),
        _ => None,
    },
};
