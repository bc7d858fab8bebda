//! A hidden event changes nothing, and none of its text shows anywhere.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::{Exchange, Session, difference, done, is_grown_from};
use crate::{Case, Level, Stop};

/// A text that no server produces by itself.
const MARK: &str = "eventline-must-not-show-6f1c";

/// The number of events hidden at once, more than a live timeline grows by in that time.
const HIDDEN: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "hidden-events-stay-hidden",
    group: Group::Growth,
    title: "adding a hidden event leaves the listing unchanged, and none of its text shows anywhere",
    why: "internal notes reach the customer",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(contract.item().pointer()),
    cases: |session| {
        if !session.hooks().can_hide() {
            return not_in_force("no hook adds a hidden event");
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 0)?;
        for _ in 0..HIDDEN {
            match session.hooks().hide(&case.resource, MARK) {
                Some(hidden) => done("hide", hidden)?,
                None => return Ok(()),
            }
        }
        if let Some(lag) = session.lag() {
            session.let_it_show(lag)?;
        }
        let after = session.before_growth(&case.resource, 0)?;
        nothing_shows(session, case)?;
        // A live timeline may grow by itself meanwhile, but by less than the number of hidden events.
        let grown = after.keys.len().saturating_sub(before.keys.len());
        if is_grown_from(&after.keys, &before.keys) && grown < HIDDEN {
            if session.hooks().can_append() {
                // The next event may repeat the hidden text.
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
        // Every second answer lists more events, as if hidden ones had become visible.
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

/// Looks for the text in all answers so far, and on the plain first page.
fn nothing_shows(session: &Session<'_>, case: &Case) -> Result<(), Stop> {
    session.send_case(case)?;
    let shows = |exchange: &Exchange| String::from_utf8_lossy(&exchange.reply.body).contains(MARK);
    if session.transcript().iter().any(shows) {
        return broken("no text of the hidden event", format!("`{MARK}` in a body"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_shows_a_hidden_event_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
