//! `x-ms-pageable`: the answer holds the URL of the next page. Without a name for it, there is one page only.

use serde_json::Value;

use super::Said;
use crate::join;
use crate::paging::infer::Look;
use crate::{Selector, Step};

const NAME: &str = "x-ms-pageable";

pub(super) fn is_denied(look: &Look<'_>) -> bool {
    let value = look.document.at(&join(&look.operation.pointer, NAME));
    value.is_some_and(|value| value.get("nextLinkName").is_some_and(Value::is_null))
}

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    let value = look.document.at(&join(&look.operation.pointer, NAME))?;
    let named = |key: &str, usual: &str| {
        let name = value.get(key).and_then(Value::as_str).unwrap_or(usual);
        Selector::default().then(&[Step::Name(name.to_owned())])
    };
    Some(Said {
        by: NAME,
        items: Some(named("itemName", "value")),
        next_url: Some(named("nextLinkName", "nextLink")),
        ..Said::default()
    })
}
