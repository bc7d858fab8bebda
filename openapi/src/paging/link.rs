//! How an answer says how to go on: one file for each way, and the list of them.

mod body_url;
mod body_value;
mod content_range;
mod counted;
pub(super) mod link_header;
mod next_header;

use super::{PageFacts, PageRequest, Paging, Reply, RequestCodec, Way, Wrong};
use crate::Pagination;

/// How an answer says how to go on.
#[derive(Debug)]
pub(crate) struct LinkCodec {
    /// Whether an operation that pages like this says it in this way.
    pub(crate) is_used: fn(&Pagination, &RequestCodec) -> bool,
    /// How to go on from the answer to this request, whose page has so many items.
    pub(crate) read: fn(&Paging, &Reply<'_>, &PageRequest, usize) -> Way,
    /// Whether the answer says nothing, and the client counts.
    pub(crate) counts: bool,
    /// How to go back from the answer.
    pub(crate) previous: fn(&Paging, &Reply<'_>) -> Way,
    /// The headers that say it.
    pub(crate) headers: fn(&Paging, &PageFacts<'_>) -> Vec<(&'static str, String)>,
}

/// Every way that can be served and judged. The first that says something is followed.
const ALL: [&LinkCodec; 6] = [
    &body_value::CODEC,
    &next_header::CODEC,
    &body_url::CODEC,
    &link_header::CODEC,
    &content_range::CODEC,
    &counted::CODEC,
];

/// The codecs that an operation uses; at least one.
pub(super) fn codecs(
    pagination: &Pagination,
    request: &RequestCodec,
) -> Result<Vec<&'static LinkCodec>, Wrong> {
    let used = ALL.into_iter();
    let used: Vec<_> = used
        .filter(|codec| (codec.is_used)(pagination, request))
        .collect();
    let hands_out = pagination.next.cursor.is_some();
    if hands_out && request.role == crate::Role::Range {
        return Err(Wrong {
            key: "next/cursor",
            message: "`next.cursor` has no meaning in style `range`".to_owned(),
            cure: "take it out; `Content-Range` says where the next page starts".to_owned(),
        });
    }
    if hands_out && request.role == crate::Role::Page {
        return Err(Wrong {
            key: "next/cursor",
            message: "a page's number in the body is not supported yet".to_owned(),
            cure: "take `next.cursor` out: pages are counted, or say `next.link`".to_owned(),
        });
    }
    if pagination.next.header.is_some() && request.role != crate::Role::Cursor {
        return Err(Wrong {
            key: "next/header",
            message: format!(
                "`next.header` has no meaning in style `{}`",
                pagination.style.word()
            ),
            cure: "take it out; a header may hold the next cursor".to_owned(),
        });
    }
    if used.is_empty() {
        return Err(Wrong {
            key: "next",
            message: format!(
                "`next` names no way on, and style `{}` needs one",
                pagination.style.word()
            ),
            cure:
                "say `cursor:` or `url:` for a place in the body, `link: next` for a Link header, or `header:` for another one"
                    .to_owned(),
        });
    }
    Ok(used)
}
