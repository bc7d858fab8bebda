//! A token that only the server reads: an earlier answer handed it out, in its body, in a URL or in a `Link` header.

use super::super::{Certainty, Proposal};
use super::Look;
use super::answer::Field;
use super::asked::Asked;
use super::copied;
use crate::{Role, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let tokens = look
        .asked
        .iter()
        .filter_map(|asked| Some((asked.token()?, asked)));
    let mut best: Option<Proposal> = None;
    for (rank, asked) in tokens {
        if let Some(proposal) = of(look, asked, rank)
            && best
                .as_ref()
                .is_none_or(|known| known.certainty < proposal.certainty)
        {
            best = Some(proposal);
        }
    }
    best
}

fn of(look: &Look<'_>, asked: &Asked, rank: u8) -> Option<Proposal> {
    let found = look.next_token(asked);
    let way = found.map(|(field, _)| field);
    let proposal = || {
        let items = look.items(way)?;
        let proposal = Proposal::new(look, Style::Token, &items).asking(Role::Cursor, asked);
        Some(proposal.at_most(most(look, asked)))
    };
    if let Some((field, is_named)) = found.filter(|(_, is_named)| rank > 1 || *is_named) {
        let certainty = if field.is_example || !is_named {
            Certainty::Likely
        } else {
            Certainty::Sure
        };
        let why = if field.is_example {
            "stands in the example of the answer, and the schema does not have it"
        } else {
            "is named after the next token"
        };
        let mut proposal = proposal()?.going_on_by(field.at.clone(), why);
        let back = look.counterpart(&field.at);
        // Only then it is surely sent in the same parameter.
        let is_sent = !look.asked.iter().any(Asked::is_backward);
        let is_said = |back: &&Field| back.is_text() && back.says(&["previous page"]);
        if let Some(back) = back.filter(is_said).filter(|_| is_sent) {
            proposal.because(
                "previous/cursor",
                format!("the description of `{}` says so", back.at),
            );
            proposal.pagination.previous.cursor = Some(back.at.clone());
        }
        return Some(proposal.at_most(certainty));
    }
    if rank > 1
        && let Some(field) = look.next_url()
    {
        return Some(proposal()?.going_on_by_url(look, field.at.clone()));
    }
    let is_linked = asked.says(&["link header"]);
    if look.answer.has_links && rank > 1 || is_linked {
        let why = if is_linked {
            "the parameter's description says that a `Link` header has it"
        } else {
            "the 200 answer declares a `Link` header"
        };
        return Some(proposal()?.going_on_by_link(why));
    }
    // Nothing in a bare list can hand a token out, so a header does.
    let is_bare = look
        .answer
        .lists
        .iter()
        .any(|list| list.at.steps().is_empty());
    let is_meant = asked.says(&["page", "pages", "paging", "pagination"]);
    if rank > 2 && is_bare && is_meant && look.limit().is_some() && !copied::is_copied(look, asked)
    {
        let why =
            "the answer is a bare list, so only a header can hand the next token out (RFC 8288)";
        return Some(proposal()?.going_on_by_link(why));
    }
    let is_said = asked.says(&["next cursor", "next page", "previous response", "next set"]);
    let is_plain = rank > 2 && is_said && look.limit().is_some() && !is_bare;
    (is_plain && !copied::is_copied(look, asked))
        .then(proposal)
        .flatten()
        .map(|proposal| proposal.at_most(Certainty::Likely))
}

/// How sure it can be at most: a flag may have to turn this way of paging on.
fn most(look: &Look<'_>, asked: &Asked) -> Certainty {
    if look.switch(asked).is_some() {
        return Certainty::Likely;
    }
    Certainty::Declared
}
