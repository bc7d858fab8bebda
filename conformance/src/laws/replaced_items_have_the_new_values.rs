//! An item that was replaced has the new values.

use openapi::Act;

use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::never_occurs;
use crate::session::not_kept;
use crate::{Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "replaced-items-have-the-new-values",
    group: Group::Changes,
    title: "an item that was replaced has the new values when it is read again",
    why: "a client that saves an item finds the old one",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110, 9.3.4"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[Act::Replace]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            let before = session.shown_alone(case, &made.key)?;
            let (name, body) = session.replacement(&before)?;
            let status = session
                .act(case, Act::Replace, &made.key, Some(&body))?
                .reply
                .status;
            if !(200..300).contains(&status) {
                return never_occurs(format!("the replacement is refused with status {status}"));
            }
            let mut after = before;
            let names = [name];
            let set = session.eventually(|| {
                after = session.shown_alone(case, &made.key)?;
                Ok(not_kept(&names, &body.fields, &after)
                    .is_none()
                    .then_some(()))
            })?;
            match (set, not_kept(&names, &body.fields, &after)) {
                (None, Some(breach)) => Err(Stop::Breach(breach)),
                _ => Ok(()),
            }
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Replaces nothing.
        if lied.is_for_created(request, Act::Replace) {
            return lied.pretend(request, 200);
        }
        lied.ask(request)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_replaces_nothing_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
