//! A stranger neither reads, changes, deletes nor lists an item.

use openapi::Act;

use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Outcome, broken};
use crate::session::Session;
use crate::{Case, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "strangers-do-not-reach-items",
    group: Group::Changes,
    title: "an item is neither read, changed, replaced nor deleted by a caller who does not own its list",
    why: "every customer can change and delete what belongs to others",
    level: Level::Must,
    basis: Basis::Inferred("the contract declares that the list is hidden from other callers"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::strangers(session, &[]),
    holds: |session, case| {
        let own = case.clone().by(Credentials::Owner);
        session.undoing(&own, || {
            let made = session.create(&own)?;
            let before = session.shown_alone(&own, &made.key)?;
            refused(session, case, Act::Read, &made.key)?;
            if session.member(Act::Patch).is_ok()
                && let Ok(patches) = session.patches(&before)
                && let Some((_, patch)) = patches.first()
            {
                let reply = session.act(case, Act::Patch, &made.key, Some(patch))?.reply;
                still_refused("patch", reply.status)?;
            }
            if session.member(Act::Replace).is_ok()
                && let Ok((_, body)) = session.replacement(&before)
            {
                let reply = session
                    .act(case, Act::Replace, &made.key, Some(&body))?
                    .reply;
                still_refused("replace", reply.status)?;
            }
            refused(session, case, Act::Delete, &made.key)?;
            // A refusal after the act would be worth nothing.
            let after = session.shown_alone(&own, &made.key)?;
            let names = session.settable_by(Act::Create);
            let changed = names
                .iter()
                .find(|name| before.get(*name) != after.get(*name));
            match changed {
                Some(name) => broken("the item as it was", format!("another `{name}`")),
                None => Ok(()),
            }
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Asks whose the list is only where it lists.
        let reply = lied.ask(request)?;
        let creators = lied.as_creator(request);
        match creators.filter(|_| matches!(reply.status, 401 | 403 | 404)) {
            Some(creators) => lied.ask(&creators),
            None => Ok(reply),
        }
    },
};

/// A breach unless the stranger is refused.
fn refused(session: &Session<'_>, case: &Case, act: Act, key: &str) -> Outcome {
    let reply = session.act(case, act, key, None)?.reply;
    still_refused(act.word(), reply.status)
}

fn still_refused(word: &str, status: u16) -> Outcome {
    if (200..300).contains(&status) {
        return broken(
            format!("a refusal of the stranger's request to {word} the item"),
            format!("status {status}"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_lets_strangers_change_items_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
