//! The whole URL of the next page, which clients follow as it stands. No parameter of the operation says where to
//! go on.

use super::super::{Certainty, Proposal};
use super::Look;
use crate::Style;

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    if look.is_of_one() || look.operation.method == "POST" {
        return None;
    }
    let has_place = look
        .asked
        .iter()
        .any(|one| one.is_number() || one.is_skip() || one.token().is_some_and(|rank| rank > 1));
    if has_place {
        return None;
    }
    let url = look.next_url();
    if let Some(url) = url {
        let items = look.items(Some(url))?;
        // A page of something else may be embedded in a resource.
        let is_outer = items.list.at.steps().len() < 2 && url.at.steps().len() < 4;
        let is_clear = is_outer && look.limit().is_some();
        let proposal =
            Proposal::new(look, Style::Follow, &items).going_on_by_url(look, url.at.clone());
        return Some(if is_clear {
            proposal
        } else {
            proposal.at_most(Certainty::Likely)
        });
    }
    if !look.answer.has_links || look.limit().is_none() {
        return None;
    }
    let items = look.items(None)?;
    let proposal = Proposal::new(look, Style::Follow, &items);
    Some(proposal.going_on_by_link("the 200 answer declares a `Link` header"))
}
