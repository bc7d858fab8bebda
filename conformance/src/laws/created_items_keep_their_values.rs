//! An item that was created has the values that were sent.

use openapi::Act;
use serde_json::Value;

use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::not_kept;
use crate::{Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "created-items-keep-their-values",
    group: Group::Changes,
    title: "an item that was created has the values that the client sent for the properties that it may set",
    why: "what a person typed is lost when the page is loaded again",
    level: Level::Must,
    basis: Basis::Inferred(
        "the request set these properties, and the answer says that it was done",
    ),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            let names = session.settable_by(Act::Create);
            let kept = session.eventually(|| {
                let shown = session.shown_alone(case, &made.key)?;
                Ok(not_kept(&names, &made.sent, &shown).is_none().then_some(()))
            })?;
            if kept.is_some() {
                return Ok(());
            }
            let shown = session.shown_alone(case, &made.key)?;
            not_kept(&names, &made.sent, &shown).map_or(Ok(()), |breach| Err(Stop::Breach(breach)))
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Shows other texts than were sent.
        let reply = lied.ask(request)?;
        if !lied.is_for_created(request, Act::Read) {
            return Ok(reply);
        }
        Ok(lied.edit_item(reply, Act::Read, |item| {
            for (name, value) in item {
                if let Value::String(text) = value
                    && lied.is_free(name)
                {
                    text.push('!');
                }
            }
        }))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_shows_other_values_than_were_sent_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
