//! `x-fern-pagination`: places in the request and in the answer. `true` means what the document says at its top.

use serde_json::Value;

use super::{Said, place, requested};
use crate::join;
use crate::paging::infer::Look;

const NAME: &str = "x-fern-pagination";

pub(super) fn read(look: &Look<'_>) -> Option<Said> {
    let own = look.document.at(&join(&look.operation.pointer, NAME))?;
    let value = match own {
        Value::Bool(true) => look.document.at(&join("#", NAME))?,
        own => own,
    };
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let step = text("step").and_then(requested);
    let offset = text("offset").and_then(requested);
    // Without a step, what is called an offset goes up by one for each page.
    let (offset, page) = if step.is_some() {
        (offset, None)
    } else {
        (None, offset)
    };
    Some(Said {
        by: NAME,
        cursor: text("cursor").and_then(requested),
        offset,
        page,
        limit: step,
        items: text("results").and_then(place),
        next_cursor: text("next_cursor").and_then(place),
        next_url: text("next_uri").or(text("next_path")).and_then(place),
        more: text("has-next-page").and_then(place),
        ..Said::default()
    })
}
