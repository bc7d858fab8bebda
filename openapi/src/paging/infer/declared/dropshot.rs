//! `x-dropshot-pagination`: the names are always the same, because the server library gives them.

use super::Said;
use crate::join;
use crate::paging::infer::Look;

const NAME: &str = "x-dropshot-pagination";

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    look.document.at(&join(&look.operation.pointer, NAME))?;
    Some(Said {
        by: NAME,
        cursor: Some("page_token".to_owned()),
        limit: Some("limit".to_owned()),
        items: "$.items".parse().ok(),
        next_cursor: "$.next_page".parse().ok(),
        ..Said::default()
    })
}
