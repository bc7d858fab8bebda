//! Two walks return the events in the same order.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::session::End;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "order-is-stable",
    group: Group::Walk,
    title: "two walks return the events in the same order, except for events added in between",
    why: "a cursor means nothing in a list whose order changes",
    level: Level::Must,
    basis: Basis::Inferred("events are only ever appended"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| draw::each_resource(session, 2).map(Cases::Each),
    holds: |session, case| {
        let first = session.read_listing(&case.resource)?;
        let second = session.read_listing(&case.resource)?;
        let end = if second.complete {
            End::Last
        } else {
            End::CutOff
        };
        // If the newest events come first, added ones stand before the others.
        let added = second
            .keys
            .iter()
            .take_while(|key| session.may_grow_at_start() && !first.keys.contains(key))
            .count();
        match first.departure(0, &second.keys[added..], end) {
            None => Ok(()),
            Some(departure) => broken("the order of the walk before", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Swaps the first two items of the largest page every second time.
        let asked = lied.asked(request);
        let largest = lied
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.maximum);
        let lies = lied.turn % 2 == 1 && asked.cursor.is_none() && asked.limit == largest;
        lied.edit_served(request, |items| {
            if let [first, second, ..] = items.as_mut_slice()
                && lies
            {
                std::mem::swap(first, second);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_shuffles_between_walks_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
