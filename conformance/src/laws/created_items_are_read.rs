//! An item that was created can be read alone.

use openapi::Act;

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};

pub(crate) const LAW: Law = Law {
    id: "created-items-are-read",
    group: Group::Changes,
    title: "an item that was created can be read alone, by the key that the answer gave it",
    why: "a client that creates an item and opens it is told that it does not exist",
    level: Level::Must,
    basis: Basis::Inferred("the answer to the creation says that the item exists"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            session.shown_alone(case, &made.key).map(drop)
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Knows no item that was created.
        let reply = lied.ask(request)?;
        Ok(if lied.is_for_created(request, Act::Read) {
            lied.refuse(reply, 404)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_does_not_know_what_it_created_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
