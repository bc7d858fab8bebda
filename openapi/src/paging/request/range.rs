//! The places of the first and the last item, in one text: `Range: items=20-29`.
//!
//! A place is a number of items to skip, so it costs what an offset costs. The text holds the limit, too: it is a
//! parameter of its own, whose text is a part of this one.

use std::sync::Arc;

use super::super::{Paging, Position, Promise};
use super::page::is_stable;
use super::{NOT_A_KEY, RequestCodec};
use crate::parameter::Part;
use crate::range::Range;
use crate::tree::Tree;
use crate::{Operation, Pagination, Parameter, Role, Schema, Style, join};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Range,
    role: Role::Range,
    filters: false,
    write: |paging, at| match at {
        Position::Start => Some(paging.nothing()),
        Position::Skip(items) => paging.place().range_from(*items),
        _ => None,
    },
    read: |paging, text| {
        let unit = &paging.pagination.range.unit;
        let sent = text.split_once('=').map_or("", |(sent, _)| sent.trim());
        // RFC 9110, 14.2: a server ignores a range in a unit that it does not know.
        if !sent.eq_ignore_ascii_case(unit) && !sent.is_empty() || text.trim().is_empty() {
            return Ok(Position::Start);
        }
        match Range::of(text) {
            Some(range) if range.first == 0 => Ok(Position::Start),
            Some(range) => Ok(Position::Skip(range.first)),
            None => Err(format!("must be a range such as `{}0-24`", before(unit))),
        }
    },
    nothing: |paging| paging.place().range_from(0).unwrap_or_default(),
    mark: |_| None,
    missing: |paging, promise| match promise {
        Promise::ItemsNamePlaces | Promise::CursorsNameItems => Some(NOT_A_KEY),
        Promise::PlacesFilter => Some("a range is no number that items are compared with"),
        Promise::StableWhileGrowing => is_stable(paging),
        _ => None,
    },
};

/// What stands before the places.
fn before(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!("{unit}=")
    }
}

/// The two parameters whose texts are parts of a range: where it starts, and how many items it has.
pub(in super::super) fn parts(
    tree: &Arc<Tree>,
    operation: &Operation,
    pagination: &Pagination,
    whole: &Parameter,
) -> [(Role, Parameter); 2] {
    /// How many items a range asks for if the schema wants an end and shows none.
    const USUAL: u64 = 25;
    let unit: Arc<str> = before(&pagination.range.unit).into();
    let is_open = whole.schema.is_valid(&format!("{unit}1-").into());
    let shown = whole
        .schema
        .keyword("default")
        .and_then(|text| text.as_str());
    let shown = shown.and_then(Range::of).and_then(|range| range.size());
    let size = (!is_open).then(|| shown.unwrap_or(USUAL));
    let start = Parameter {
        part: Part::Start {
            unit: Arc::clone(&unit),
            size,
        },
        ..whole.clone()
    };
    // No schema stands there: what a range says of limits is nothing but that they are numbers.
    let nowhere = join(&operation.pointer, "x-pagination/request/limit");
    let limit = Parameter {
        part: Part::Size { unit },
        schema: Schema::new(tree, nowhere),
        required: false,
        ..whole.clone()
    };
    [(Role::Range, start), (Role::Limit, limit)]
}

impl Paging {
    /// How many items the text of a range asks for; `None` for all, and if it is no range in the list's unit.
    pub fn range_size(&self, text: &str) -> Option<u64> {
        let range = Range::of(text)?;
        let unit = range.unit.trim_end_matches('=').trim();
        let is_known = unit.is_empty() || unit.eq_ignore_ascii_case(&self.pagination.range.unit);
        range.size().filter(|_| is_known)
    }
}
