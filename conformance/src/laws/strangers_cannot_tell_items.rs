//! For a stranger, an item that exists looks like one that does not.

use openapi::Act;

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Credentials, unknown};

pub(crate) const LAW: Law = Law {
    id: "strangers-cannot-tell-items",
    group: Group::Changes,
    title: "a request of a stranger for an item is answered with the status for an item that does not exist",
    why: "a stranger learns which items exist",
    level: Level::Should,
    basis: Basis::Inferred(
        "the contract declares one answer for lists that are missing and for those of others",
    ),
    citation: |contract| contract.cite(""),
    cases: |session| {
        if session.contract().missing_status() != session.contract().foreign_status() {
            return crate::outcome::not_in_force(
                "the contract declares different answers for missing and foreign resources",
            );
        }
        changes::strangers(session, &[])
    },
    holds: |session, case| {
        let own = case.clone().by(Credentials::Owner);
        session.undoing(&own, || {
            let made = session.create(&own)?;
            let missing = unknown::like(&made.key, 42);
            for act in [Act::Read, Act::Delete] {
                let there = session.act(case, act, &made.key, None)?.reply.status;
                let not = session.act(case, act, &missing, None)?.reply.status;
                if there != not {
                    return broken(
                        format!("status {not}, as for an item that does not exist"),
                        format!("status {there}"),
                    );
                }
            }
            Ok(())
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Says that an item is another's.
        let reply = lied.ask(request)?;
        let exists = lied.as_creator(request).is_some();
        Ok(if exists && reply.status == 404 && !lied.has_deleted() {
            lied.refuse(reply, 403)
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
    fn a_server_that_tells_strangers_what_exists_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
