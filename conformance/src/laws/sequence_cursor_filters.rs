//! The page after a number has exactly the events with a greater one.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "sequence-cursor-filters",
    group: Group::Cursor,
    title: "the page after a number has exactly the events with a greater one",
    why: "a client that polls loses events, or sees them again",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(&contract.paging().place().pointer),
    cases: |session| draw::numbers(session, 0, around).map(Cases::Drawn),
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        match session.filter_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("exactly the events with a greater number", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Loses one event after a number that no event has.
        let numbers = lied.numbers(&lied.beginning(request)?);
        let cursor = lied.cursor_number(request);
        let unused = cursor.is_some_and(|cursor| !numbers.contains(&cursor));
        lied.edit_served(request, |items| {
            if unused && !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

/// Every number, its neighbours, zero, and one beyond the end.
fn around(numbers: &[i128]) -> Vec<i128> {
    let mut chosen = vec![0];
    for number in numbers {
        chosen.extend([number - 1, *number, number + 1]);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_loses_an_event_behind_an_unused_number_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
