//! A cursor that is an item's key: the next page starts behind it.

use super::super::{Certainty, Proposal};
use super::Look;
use crate::{Direction, Role, Style};

pub(super) fn propose(look: &Look<'_>) -> Option<Proposal> {
    let after = look.asked.iter().find(|one| one.is_after())?;
    let items = look.items(look.more())?;
    let (key, schema) = items.key.as_ref()?;
    let types = schema.types();
    let is_whole = after.is_count() && !after.is_text();
    let fits = if is_whole {
        types.contains(&"integer")
    } else {
        types.contains(&"string")
    };
    let before = look.asked.iter().find(|one| {
        one.is_backward()
            && one.is_text() == after.is_text()
            && !one.is_time()
            && one.has(&["before", "ending"])
    });
    // What has items around one is a history, which begins with the newest.
    let mut asked = look.asked.iter();
    let is_history = asked.any(|one| one.plain == "around" && one.is_text() == after.is_text());
    let (on, back) = match before {
        Some(before) if is_history => (before, Some(after)),
        _ => (after, before),
    };
    let mut proposal = Proposal::new(look, Style::Cursor, &items).asking(Role::Cursor, on);
    proposal = proposal.going_on_by_last(
        key,
        "is the key of the last item, and no field names another way on",
    );
    if let Some(back) = back {
        proposal = proposal.asking(Role::Before, back);
    }
    if is_history && before.is_some() {
        proposal = proposal.comparing(key, Direction::Descending);
        return Some(proposal.at_most(Certainty::Likely));
    }
    for (end, names) in [("first", ["firstid"]), ("last", ["lastid"])] {
        if let Some(place) = look.repeated(&names) {
            proposal.because(
                "echo",
                format!("`{place}` is named after the {end} item's key"),
            );
            let echo = &mut proposal.pagination.echo;
            *(if end == "first" {
                &mut echo.first
            } else {
                &mut echo.last
            }) = Some(place);
        }
    }
    let is_said =
        after.says(&["cursor", "identifier", "id"]) || proposal.pagination.echo.last.is_some();
    let is_clear = proposal.pagination.next.more.is_some() || is_said || before.is_none();
    // A key in an object inside the item is only one way to tell items apart.
    let is_own = key.steps().len() == 1;
    Some(if fits && is_clear && is_own {
        proposal
    } else {
        proposal.at_most(Certainty::Likely)
    })
}
