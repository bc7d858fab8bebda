//! The old events keep their order when events are added.

use crate::Level;
use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::session::{difference, is_grown_from};

pub(crate) const LAW: Law = Law {
    id: "old-events-keep-their-place",
    group: Group::Growth,
    title: "the old listing is a prefix of the new one (a suffix where the newest come first)",
    why: "a client keeps the events that it has read and only adds new ones",
    level: Level::Must,
    basis: Basis::Inferred("the timeline is append-only"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| draw::growing(session),
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 2)?;
        let (id, length) = (&case.resource, before.keys.len() + 2);
        session.grow(id, 2, before.keys.len())?;
        let after = session.grown(id, length)?;
        session.note_growth(&before, &after);
        if is_grown_from(&after.keys, &before.keys) {
            return session.all_show(id, &after, length);
        }
        broken(
            format!(
                "the {} items listed before, in their order",
                before.keys.len()
            ),
            difference(&before.keys, &after.keys),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Puts the newest event one place too early.
        lied.rearranged(request, |items| {
            if let Some(last) = items.len().checked_sub(1).filter(|last| *last > 0) {
                items.swap(last - 1, last);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_puts_new_events_before_old_ones_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
