//! How a request says which page it wants: one file for each way, and the list of them.

mod follow;
mod key;
mod key_range;
mod offset;
mod page;
mod range;
mod sequence;
mod token;

use super::{Mark, Paging, Position, Promise, Wrong};
use crate::{Backward, Pagination, Role, Style};

/// How a request says which page it wants.
#[derive(Debug)]
pub(crate) struct RequestCodec {
    /// The style that asks for it.
    pub(crate) style: Style,
    /// The parameter that names the place.
    pub(crate) role: Role,
    /// Whether a place is a number that items are compared with. Then it is handed out for polling, too.
    pub(crate) filters: bool,
    /// The text that a place is sent as; `None` where this codec cannot name it.
    pub(crate) write: fn(&Paging, &Position) -> Option<String>,
    /// The place that a text names; else what is wrong with the text.
    pub(crate) read: fn(&Paging, &str) -> Result<Position, String>,
    /// The text that means the start.
    pub(crate) nothing: fn(&Paging) -> String,
    /// What a server writes where an answer hands out a place; `None` if bodies hand out none.
    pub(crate) mark: fn(&Paging) -> Option<Mark>,
    /// Why a promise that depends on the codec is not given; `None` if it is.
    pub(crate) missing: fn(&Paging, Promise) -> Option<&'static str>,
}

/// Every way that can be served and judged.
pub(super) const ALL: [&RequestCodec; 7] = [
    &key::CODEC,
    &sequence::CODEC,
    &token::CODEC,
    &offset::CODEC,
    &page::CODEC,
    &range::CODEC,
    &follow::CODEC,
];

pub(super) use follow::NAMES;
pub(super) use key_range::{is_asked as asks_for_keys, parts as parts_of_keys};
pub(super) use range::parts;

/// The style that a short form stands for.
pub(super) fn in_full(style: Style) -> Style {
    match style {
        Style::Url | Style::Link => Style::Follow,
        style => style,
    }
}

/// Why laws about keys as cursors are not in force.
pub(super) const NOT_A_KEY: &str = "a cursor is not an item's key";

/// The codec of a style, if its role is named and no other place is.
pub(super) fn codec(pagination: &Pagination) -> Result<&'static RequestCodec, Wrong> {
    let known = ALL
        .into_iter()
        .find(|codec| codec.style == pagination.style);
    let codec = known.ok_or_else(|| {
        let words: Vec<_> = super::supported()
            .map(|style| format!("`{}`", style.word()))
            .collect();
        Wrong {
            key: "style",
            message: "this style of paging is not supported yet".to_owned(),
            cure: format!(
                "{} are; take `x-pagination` out to leave the operation alone",
                words.join(", ")
            ),
        }
    })?;
    let codec = if key_range::is_asked(pagination) {
        &key_range::CODEC
    } else {
        codec
    };
    let role = codec.role;
    let named = |role: Role| pagination.request.site(role).is_some();
    // Only the server knows the parameter that a URL names its place in.
    let follows = codec.style == Style::Follow;
    if !named(role) && !follows {
        return Err(Wrong {
            key: "request",
            message: format!(
                "`request.{}` is missing, and style `{}` needs it",
                role.word(),
                codec.style.word()
            ),
            cure: format!(
                "name the parameter, as in `{}: {{ in: query, name: ... }}`",
                role.word()
            ),
        });
    }
    let places = Role::ALL.into_iter().filter(|other| other.is_place());
    if let Some(other) = places
        .filter(|other| *other != role)
        .find(|other| named(*other))
    {
        return Err(Wrong {
            key: "request",
            message: format!(
                "`request.{}` has no meaning in style `{}`",
                other.word(),
                codec.style.word()
            ),
            cure: format!("take it out; this style goes on by `{}`", role.word()),
        });
    }
    if role == Role::Range && named(Role::Limit) {
        return Err(Wrong {
            key: "request/limit",
            message: "`request.limit` has no meaning in style `range`".to_owned(),
            cure: "take it out; a range says itself how many items it asks for".to_owned(),
        });
    }
    if let Some(backward) = &pagination.request.backward {
        check_backward(backward, codec)?;
    }
    Ok(codec)
}

/// Whether a codec has places that a page can end at, and a request can name one.
fn check_backward(backward: &Backward, codec: &RequestCodec) -> Result<(), Wrong> {
    let wrong = |message: String, cure: &str| Wrong {
        key: "request/backward",
        message,
        cure: cure.to_owned(),
    };
    if codec.role != Role::Cursor {
        return Err(wrong(
            format!(
                "`request.backward` has no meaning in style `{}`",
                codec.style.word()
            ),
            "take it out; places that are counted can be asked for from both sides",
        ));
    }
    if backward.cursor.is_none() {
        return Err(wrong(
            "`request.backward.cursor` is missing".to_owned(),
            "name the parameter that says where a page ends, as in `cursor: { in: query, name: before }`",
        ));
    }
    Ok(())
}
