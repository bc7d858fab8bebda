//! A key and a limit in one text: `Range: id ]k7..; max=20`. The next page starts behind the item with the key.
//!
//! The text is that of two parameters, each with its part of it, so everything else works as for keys of their own.

use std::sync::Arc;

use super::super::{Mark, Paging, Position, Promise, Wrong};
use super::RequestCodec;
use crate::parameter::Part;
use crate::tree::Tree;
use crate::{Location, Operation, Pagination, Parameter, Role, Schema, Site, Step, Style, join};

pub(super) const CODEC: RequestCodec = RequestCodec {
    style: Style::Cursor,
    role: Role::Cursor,
    filters: false,
    write: |_, at| match at {
        Position::Start => Some(String::new()),
        Position::After(key) => Some(key.clone()),
        Position::At(key) => Some(format!("[{key}")),
        _ => None,
    },
    read: |_, text| {
        Ok(match text.strip_prefix('[') {
            _ if text.is_empty() => Position::Start,
            Some(key) => Position::At(key.to_owned()),
            None => Position::After(text.to_owned()),
        })
    },
    nothing: |_| String::new(),
    mark: |_| Some(Mark::LastKey),
    missing: |_, promise| match promise {
        Promise::PlacesFilter => Some("a cursor is no number that items are compared with"),
        _ => None,
    },
};

/// Whether one text of a header has both the key and the limit.
pub(in super::super) fn is_asked(pagination: &Pagination) -> bool {
    let request = &pagination.request;
    let is_header = |site: &Site| site.location() == Location::Header;
    pagination.style == Style::Cursor
        && request.cursor.as_ref().is_some_and(is_header)
        && request.cursor == request.limit
}

/// The two parameters whose texts are parts of a range of keys.
pub(in super::super) fn parts(
    tree: &Arc<Tree>,
    operation: &Operation,
    pagination: &Pagination,
    whole: &Parameter,
) -> Result<[(Role, Parameter); 2], Wrong> {
    let Some(Step::Name(property)) = pagination.key.steps().last() else {
        return Err(Wrong {
            key: "key",
            message: "`key` is missing, and a range of keys begins with the name of the key"
                .to_owned(),
            cure: "say where an item's key lies, as in `key: $.id`".to_owned(),
        });
    };
    let property: Arc<str> = property.as_str().into();
    let start = Parameter {
        part: Part::Behind {
            property: Arc::clone(&property),
        },
        ..whole.clone()
    };
    // No schema stands there: what a range says of limits is nothing but that they are numbers.
    let nowhere = join(&operation.pointer, "x-pagination/request/limit/max");
    let limit = Parameter {
        part: Part::Most { property },
        schema: Schema::new(tree, nowhere),
        required: false,
        ..whole.clone()
    };
    Ok([(Role::Cursor, start), (Role::Limit, limit)])
}

impl Paging {
    /// Whether one text of a request has both a key and a limit.
    pub fn has_key_ranges(&self) -> bool {
        is_asked(&self.pagination)
    }
}
