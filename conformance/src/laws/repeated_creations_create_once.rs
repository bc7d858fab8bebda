//! A creation that is repeated with its key creates one item.

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs, not_in_force};

pub(crate) const LAW: Law = Law {
    id: "repeated-creations-create-once",
    group: Group::Changes,
    title: "a creation that is sent twice with the same idempotency key creates one item",
    why: "a client that lost the answer and asks again pays twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite(""),
    cases: |session| {
        if !session.repeats_safely() {
            return not_in_force("the operation that creates an item declares no idempotency key");
        }
        changes::own_items(session, &[])
    },
    holds: |session, case| {
        session.undoing(case, || {
            let body = session.accepted_body(case)?;
            let key = session.new_repeat_key();
            let first = session.create_with(case, &body, Some(&key))?;
            let Some(one) = session
                .created_key(&first)
                .filter(|_| first.reply.status < 300)
            else {
                return never_occurs("the second item is refused");
            };
            let again = session.create_with(case, &body, Some(&key))?;
            match (again.reply.status, session.created_key(&again)) {
                (200..300, Some(other)) if other != one => {
                    broken(format!("`{one}` again"), format!("`{other}`, another item"))
                }
                // A repeated request may also be refused, as long as it does nothing.
                (200..300 | 400..500, _) => Ok(()),
                (status, _) => broken(format!("`{one}` again"), format!("status {status}")),
            }
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Does not read the key.
        let mut plain = request.clone();
        plain
            .headers
            .retain(|(name, _)| !name.to_ascii_lowercase().contains("idempotency"));
        lied.ask(&plain)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_creates_again_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
