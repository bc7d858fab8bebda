//! A number that no visible event has is a valid cursor.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "sequence-cursor-needs-no-event",
    group: Group::Cursor,
    title: "a number that no visible event has is a valid cursor",
    why: "hidden events have numbers too, so a client may hold the number of one",
    level: Level::Must,
    basis: Basis::Inferred("a cursor is compared with items, and need not name one of them"),
    citation: |contract| contract.cite("/x-pagination/style"),
    cases: |session| draw::numbers(session, 1, unused).map(Cases::Drawn),
    holds: |session, case| {
        let page = session.page(&session.ask(case)?)?;
        match session.filter_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("the events with a greater number", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let numbers = lied.numbers(&lied.beginning(request)?);
        let cursor = lied.cursor_number(request);
        let inside = cursor.is_some_and(|cursor| {
            !numbers.contains(&cursor) && numbers.iter().any(|number| *number > cursor)
        });
        Ok(if inside && lied.is_page(&reply) {
            lied.refuse(reply, 404)
        } else {
            reply
        })
    },
};

/// The numbers in the gaps, at both of their ends, and the one before all others.
fn unused(numbers: &[i128]) -> Vec<i128> {
    let first = numbers.first().map(|first| first - 1);
    let gaps = numbers.windows(2).filter(|pair| pair[1] - pair[0] > 1);
    gaps.flat_map(|pair| [pair[0] + 1, pair[1] - 1])
        .chain(first)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_requires_an_event_with_that_number_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
