//! An opaque token: only the server reads it, and a client has it from an earlier answer.

use super::super::{Mark, Position, Promise, Proposal};
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
    infer: |look| {
        let place = look.parameter(&PLACES, "string")?;
        let next = look.field(&NEXT, "string")?.clone();
        let proposal = Proposal::new(look, Style::Token, Role::Cursor, place);
        Some(proposal.going_on_by(next, "is a text named after the next cursor"))
    },
};

/// Names of the parameter that takes a token.
const PLACES: [&str; 17] = [
    "cursor",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "continuationtoken",
    "paginationtoken",
    "startcursor",
    "pagecursor",
    "nextcursor",
    "iterator",
    "marker",
    "continue",
    "startingtoken",
    "token",
    "after",
    "pageafter",
    "startingafter",
];

/// Names of the field that hands the next token out.
const NEXT: [&str; 14] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "continuationtoken",
    "paginationtoken",
    "nextpagecursor",
    "nextmarker",
    "endcursor",
    "cursornext",
    "cursorsnext",
    "cursorsafter",
    "cursorafter",
    "nextafter",
    "nextstartingafter",
];
