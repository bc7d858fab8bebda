//! An event that nobody may see changes nothing, and none of its text shows anywhere.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::{Exchange, Session, difference, is_grown_from};
use crate::{Case, Level, Stop};

/// A text that no server comes up with by itself.
const MARK: &str = "eventline-must-not-show-6f1c";

/// How many events are hidden at once: more than a live timeline grows by on its own meanwhile.
const HIDDEN: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "hidden-events-stay-hidden",
    group: Group::Growth,
    title: "adding an event that nobody may see leaves the listing unchanged, and none of its text shows anywhere",
    why: "internal notes reach the customer",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(contract.item().pointer()),
    cases: |session| {
        if !session.hooks().can_hide() {
            return not_in_force("there is no hook that adds an event which nobody may see");
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 0)?;
        for _ in 0..HIDDEN {
            match session.hooks().hide(&case.resource, MARK) {
                Some(hidden) => hidden?,
                None => return Ok(()),
            }
        }
        let after = session.before_growth(&case.resource, 0)?;
        nothing_shows(session, case)?;
        // A live timeline may grow by itself meanwhile; one that shows what was hidden grows by as many.
        let grown = after.keys.len().saturating_sub(before.keys.len());
        if is_grown_from(&after.keys, &before.keys) && grown < HIDDEN {
            if session.hooks().can_append() {
                // The next event may carry its text along.
                session.grow(&case.resource, 1, after.keys.len())?;
                session.before_growth(&case.resource, 0)?;
            }
            return nothing_shows(session, case);
        }
        broken(
            format!("the {} events that were there", before.keys.len()),
            difference(&before.keys, &after.keys),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Every second answer lists events more, as if they had just been let through.
        lied.edit_page(request, |body| {
            let items = lied.items(body);
            let Some(last) = items.last().cloned().filter(|_| lied.turn % 2 == 1) else {
                return;
            };
            for step in 1..=HIDDEN {
                let mut extra = last.clone();
                let key = crate::lie::place(&mut extra, &lied.contract.pagination().key);
                *key = match key.as_u64() {
                    Some(number) => (number + step as u64).into(),
                    None => format!("ffffffff-ffff-4fff-bfff-{step:012}").into(),
                };
                items.push(extra);
            }
        })
    },
};

/// Looks for the text in everything that was answered, and on the plain first page.
fn nothing_shows(session: &Session<'_>, case: &Case) -> Result<(), Stop> {
    session.send_case(case)?;
    let shows = |exchange: &Exchange| String::from_utf8_lossy(&exchange.reply.body).contains(MARK);
    if session.transcript().iter().any(shows) {
        return broken("no word of the hidden event", format!("`{MARK}` in a body"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_lets_a_hidden_event_through_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
