//! Words of the vocabulary that no codec reads yet. They are refused, because a word that is ignored promises
//! what nothing keeps.

use super::Wrong;
use crate::{Pagination, UnknownCursor, UnknownPage};

/// The first word that is not read yet.
pub(super) fn find(pagination: &Pagination) -> Option<Wrong> {
    let Pagination {
        request,
        next,
        previous,
        item,
        totals,
        echo,
        order,
        cursor,
        limit,
        end,
        ..
    } = pagination;
    let backward = request.backward.as_ref();
    let words = [
        ("request/backward", backward.is_some()),
        ("request/order", request.order.is_some()),
        ("order/values", !order.values.is_empty()),
        ("next/url", next.url.is_some()),
        ("next/done", next.done.is_some()),
        ("previous/cursor", previous.cursor.is_some()),
        ("previous/url", previous.url.is_some()),
        ("previous/link", previous.link.is_some()),
        ("previous/more", previous.more.is_some()),
        ("item/cursor", item.cursor.is_some()),
        ("item/operation", item.operation.is_some()),
        ("totals/items", totals.items.is_some()),
        ("totals/remaining", totals.remaining.is_some()),
        ("totals/pages", totals.pages.is_some()),
        ("totals/header", totals.header.is_some()),
        ("totals/link", totals.link.is_some()),
        ("echo/limit", echo.limit.is_some()),
        ("echo/offset", echo.offset.is_some()),
        ("echo/page", echo.page.is_some()),
        (
            "cursor/unknown",
            cursor.unknown == Some(UnknownCursor::Page(UnknownPage::ByValue)),
        ),
        ("cursor/expires", cursor.expires.is_some()),
        ("cursor/carries", !cursor.carries.is_empty()),
        ("limit/zero", limit.zero.is_some()),
        ("end/by", !end.by.is_empty()),
    ];
    let (key, _) = words.into_iter().find(|(_, is_said)| *is_said)?;
    let word = key.replace('/', ".");
    Some(Wrong {
        key,
        message: format!("`{word}` is not supported yet"),
        cure: format!(
            "take `{word}` out; without it the list is served and judged as far as the rest says"
        ),
    })
}
