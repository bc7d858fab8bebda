//! A cursor that is the key of the item with which a page begins: `from`, beside `next`.

use super::super::{Certainty, Proposal};
use super::Look;
use crate::{Bound, Role, Style};

/// Names of the key with which a page begins.
const NAMES: [&str; 4] = ["from", "fromid", "startid", "startfromid"];

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    look.limit()?;
    let is_from = |one: &&super::Asked| {
        NAMES.contains(&one.plain.as_str()) && one.is_count() && !one.is_skip() && !one.is_time()
    };
    let from = look.asked.iter().find(is_from)?;
    let names = ["next".to_owned(), format!("next{}", from.plain)];
    let next = look
        .answer
        .fields
        .iter()
        .find(|field| field.is_count() && !field.is_example && names.contains(&field.name))?;
    let items = look.items(Some(next))?;
    let (key, schema) = items.key.as_ref()?;
    if !schema.types().contains(&"integer") {
        return None;
    }
    let proposal = Proposal::new(look, Style::Cursor, &items).asking(Role::Cursor, from);
    let mut proposal = proposal.going_on_by(next.at.clone(), "is a whole number as the key is");
    proposal.pagination.cursor.bound = Bound::Inclusive;
    let key = key.to_string();
    let is_said = from.says(&[key.trim_start_matches("$.")]);
    let why = if is_said {
        format!(
            "the description of `{}` says that it is a `{key}`",
            from.name
        )
    } else {
        format!("`{}` may be the `{key}` of the first item", from.name)
    };
    proposal.because("cursor", why);
    // Without a word about keys, it may be a number of items to skip.
    Some(if is_said {
        proposal
    } else {
        proposal.at_most(Certainty::Likely)
    })
}
