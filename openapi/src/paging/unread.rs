//! Words of the vocabulary that no codec reads yet. They are refused, because a word that is ignored promises
//! what nothing keeps.

use super::Wrong;
use crate::Pagination;

/// The first word that is not read yet.
pub(super) fn find(pagination: &Pagination) -> Option<Wrong> {
    let item = &pagination.item;
    let words = [("item/operation", item.operation.is_some())];
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
