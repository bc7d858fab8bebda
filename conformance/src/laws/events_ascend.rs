//! Events come in the declared order.

use openapi::Direction;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::place;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "events-ascend",
    group: Group::Walk,
    title: "events come in the order that the contract declares, page by page and from page to page",
    why: "clients treat the last event that they read as the newest",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        let order = &session.contract().pagination().order;
        let place = order.by.as_ref();
        let Some(schema) = place.and_then(|place| session.contract().item().at(place)) else {
            return not_in_force("the contract does not say which property events are sorted by");
        };
        if !schema.types().contains(&"integer") {
            return not_in_force("the property that events are sorted by is no integer");
        }
        draw::pages(session, 2, 1).map(Cases::Drawn)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let mut numbers = session.page_numbers(&page)?;
        let place = place(case)?;
        if let Some(before) = place.checked_sub(1) {
            // The item that the cursor names comes before all of the page.
            let named = &session.listing_of(case)?.items[before];
            numbers.splice(0..0, session.numbers(std::slice::from_ref(named))?);
        }
        if numbers.len() < 2 {
            return moot("there are fewer than two events to compare");
        }
        let order = &session.contract().pagination().order;
        if order.direction == Direction::Descending {
            numbers.reverse();
        }
        let least = i128::from(order.strict);
        match numbers.windows(2).find(|pair| pair[1] - pair[0] < least) {
            None => Ok(()),
            Some(pair) => broken(
                format!("numbers that rise, starting with {}", pair[0].min(pair[1])),
                format!("{} and then {}", pair[0], pair[1]),
            ),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let sorted = lied.contract.pagination().order.by.is_some();
        lied.edit_served(request, |items| {
            if let [.., left, right] = items.as_mut_slice()
                && sorted
            {
                std::mem::swap(left, right);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_swaps_the_last_two_events_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
