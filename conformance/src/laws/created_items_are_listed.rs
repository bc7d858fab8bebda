//! An item that was created is in its list.

use openapi::Act;

use crate::Level;
use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;

pub(crate) const LAW: Law = Law {
    id: "created-items-are-listed",
    group: Group::Changes,
    title: "an item that was created is met once in a walk through its list",
    why: "a client that creates an item does not find it again",
    level: Level::Must,
    basis: Basis::Inferred("the item was created in this list"),
    citation: |contract| contract.cite(""),
    cases: |session| changes::own_items(session, &[]),
    holds: |session, case| {
        session.undoing(case, || {
            let made = session.create(case)?;
            if session.leaves_out_by_default() {
                session.eases("a parameter with a default may leave the item out of the list");
            }
            let (listing, place) = session.listed(case, &made.key)?;
            if place.is_none() {
                return broken(
                    format!("`{}` in the list", made.key),
                    format!("{} other items", listing.keys.len()),
                );
            }
            match listing.times_of(&made.key) {
                1 => Ok(()),
                times => broken(
                    format!("`{}` once in the list", made.key),
                    format!("{times} times"),
                ),
            }
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Lists no item that was created.
        lied.edit_items(request, |items| {
            items.retain(|item| {
                let key = lied.contract.key(item).unwrap_or_default();
                lied.changed(Act::Create, &key).is_none()
            });
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::caught;

    #[test]
    fn a_server_that_does_not_list_what_it_created_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
