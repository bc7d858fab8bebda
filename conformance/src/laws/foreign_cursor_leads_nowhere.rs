//! A cursor of another resource returns no event.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-cursor-leads-nowhere",
    group: Group::Cursor,
    title: "a cursor of another resource returns no event",
    why: "a client mixes up the events of two resources, or sees a foreign one",
    level: Level::Must,
    basis: Basis::Inferred("a cursor names an item of its own timeline"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| draw::strange(session, |_, _| true).map(Cases::Drawn),
    holds: |session, case| {
        let listing = session.listing_of(case)?;
        if matches!(&case.after, After::Cursor(text) if listing.keys.contains(&session.key(text))) {
            return never_occurs(
                "resources have the same keys, so no cursor belongs to one of them",
            );
        }
        let exchange = session.send_case(case)?;
        let Ok(page) = session.read(&exchange) else {
            return Ok(());
        };
        match page.keys.first() {
            None => Ok(()),
            Some(_) if session.follows_by_value(case, &page.keys)? => {
                session.note("a cursor is compared with keys, and need not name an item");
                Ok(())
            }
            Some(first) => broken(
                "a refusal, or no items",
                format!("a page that starts with {first}"),
            ),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Starts at the beginning if the cursor belongs to another resource.
        let reply = lied.ask(request)?;
        if lied.is_strange(request, &reply)? {
            lied.ask(&lied.with_cursor(request, None))
        } else {
            Ok(reply)
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_serves_events_behind_a_foreign_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
