//! Values that items are compared with, newest first: `max_id` asks for what is older, `min_id` for what is newer.

use super::super::{Certainty, Proposal};
use super::Look;
use crate::{Direction, Role, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    look.limit()?;
    let is_max = |words: &[String]| words == ["max", "id"];
    if let Some(max) = look.asked.iter().find(|one| is_max(&one.words)) {
        let items = look.items(None)?;
        // Where only links are for clients, the values are of no item that they see.
        let is_inner = max.says(&["internal parameter", "link header for pagination"]);
        let style = if is_inner {
            Style::Token
        } else {
            Style::Cursor
        };
        let mut proposal = Proposal::new(look, style, &items).asking(Role::Cursor, max);
        if !is_inner {
            let (key, _) = items.key.as_ref()?;
            proposal = proposal.comparing(key, Direction::Descending);
        }
        let min = look.asked.iter().find(|one| one.words == ["min", "id"]);
        if let Some(min) = min {
            proposal = proposal.asking(Role::Before, min);
        }
        let since = look.asked.iter().find(|one| one.words == ["since", "id"]);
        if let Some(since) = since.filter(|_| !is_inner) {
            proposal = proposal.asking(Role::Above, since);
        }
        if !look.answer.has_links {
            return Some(proposal.at_most(Certainty::Likely));
        }
        if min.is_some() {
            proposal.pagination.previous.link = Some("prev".to_owned());
        }
        return Some(proposal.going_on_by_link("the 200 answer declares a `Link` header"));
    }
    // A time before which items lie pages only if nothing else can, and a flag says that more remain.
    let before = look
        .asked
        .iter()
        .find(|one| one.plain == "before" && one.is_time())?;
    look.more()?;
    let items = look.items(look.more())?;
    let (key, _) = items.key.clone()?;
    let mut proposal = Proposal::new(look, Style::Since, &items).asking(Role::Cursor, before);
    proposal.pagination.order.direction = Direction::Descending;
    proposal = proposal.going_on_by_last(
        &key,
        "is of the last item; the place of its time is not known",
    );
    Some(proposal.at_most(Certainty::Likely))
}
