//! A cursor of a foreign resource is answered as an unknown one.

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs};
use crate::unknown;
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-cursor-looks-unknown",
    group: Group::Cursor,
    title: "a cursor of a foreign resource gets the same answer as a cursor that names nothing",
    why: "a difference reveals which events exist",
    level: Level::Should,
    basis: Basis::Inferred("a foreign resource looks like a missing one"),
    citation: |contract| contract.cite("/x-pagination/parent/foreign"),
    cases: |session| {
        credentials::scheme(session.contract())?;
        draw::strange(session, |one, other| one.owner != other.owner).map(Cases::Drawn)
    },
    holds: |session, case| {
        let After::Cursor(text) = &case.after else {
            return moot("the case has no cursor");
        };
        if session.listing_of(case)?.keys.contains(&session.key(text)) {
            return never_occurs(
                "resources have the same keys, so no cursor belongs to one of them",
            );
        }
        let unknown = case.clone().after(After::Cursor(unknown::like(text, 1)));
        let Some(found) = session.tell_apart(&session.ask(&unknown)?, &session.ask(case)?)? else {
            return Ok(());
        };
        let exchange = session.send_again(&session.ask(case)?)?;
        if let Ok(page) = session.read(&exchange)
            && session.follows_by_value(case, &page.keys)?
        {
            return moot("a cursor is compared with keys, and need not name an item");
        }
        broken(found.expected("an unknown cursor"), found.actual())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Refuses the cursor with an answer that shows that it exists.
        let reply = lied.ask(request)?;
        if !lied.is_strange(request, &reply)? {
            return Ok(reply);
        }
        let invalid = lied.contract.invalid_status();
        let status = if reply.status == invalid {
            404
        } else {
            invalid
        };
        Ok(lied.refuse(reply, status))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_knows_a_foreign_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
