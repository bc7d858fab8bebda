//! A URL of an earlier answer, followed as it stands: no declared parameter names the place.
//!
//! A server puts the place into a parameter of its own, which only it reads. The mock does so, too; a client and
//! the judge know nothing of it.

use super::super::{Position, Promise};
use super::page::is_stable;
use super::{NOT_A_KEY, RequestCodec};
use crate::{Role, Style};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Follow,
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
    mark: |_| None,
    missing: |paging, promise| match promise {
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => Some(NOT_A_KEY),
        Promise::PlacesFilter => Some("a cursor is no number that items are compared with"),
        Promise::LimitsMix => Some("a URL is followed as it stands, with its own limit"),
        // A URL may have the number of a page.
        Promise::StableWhileGrowing => is_stable(paging),
        Promise::RequestsNamePlaces => Some("clients follow URLs, and no parameter names a place"),
        _ => None,
    },
};

/// Names for the parameter in which the mock puts the place. It takes the first that the operation does not
/// declare.
pub(in super::super) const NAMES: [&str; 4] = ["cursor", "page_token", "continue_at", "_place"];
