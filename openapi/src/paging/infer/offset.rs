//! A number of items to skip.

use super::super::{Certainty, Proposal};
use super::Look;
use crate::{Role, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let skip = look.asked.iter().find(|one| one.is_skip())?;
    let url = look.next_url();
    let way = url.or_else(|| look.total()).or_else(|| look.more());
    let items = look.items(way)?;
    let mut proposal = Proposal::new(look, Style::Offset, &items).asking(Role::Offset, skip);
    if let Some(url) = url {
        proposal = proposal.going_on_by_url(look, url.at.clone());
    } else if look.answer.has_links {
        proposal = proposal.going_on_by_link("the 200 answer declares a `Link` header");
    }
    proposal = proposal.or_by_tokens(look);
    proposal.pagination.echo.offset = look.echo(skip, &[]);
    proposal.pagination.echo.limit = look.limit().and_then(|limit| look.echo(limit, &[]));
    let is_said = skip.says(&[
        "paginate",
        "pagination",
        "page",
        "skip",
        "starting point",
        "offset of the item",
    ]);
    let is_clear = look.limit().is_some() || way.is_some() && is_said;
    is_clear.then_some(proposal).or_else(|| {
        let items = look.items(way)?;
        let proposal = Proposal::new(look, Style::Offset, &items).asking(Role::Offset, skip);
        (is_said || way.is_some()).then(|| proposal.at_most(Certainty::Likely))
    })
}
