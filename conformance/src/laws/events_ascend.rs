//! Events come in the declared order.

use openapi::Direction;
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{Sorted, is_out_of_order, place, value};
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
        if Sorted::of(&schema).is_none() {
            return not_in_force("the property that events are sorted by has no order");
        }
        draw::pages(session, 2, 1).map(Cases::swept)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let contract = session.contract();
        let order = &contract.pagination().order;
        let schema = order.by.as_ref().and_then(|by| contract.item().at(by));
        if schema.as_ref().and_then(Sorted::of).is_none() {
            return moot("the property that events are sorted by has no order");
        }
        let mut items = contract.items(&page.body).unwrap_or_default().to_vec();
        let place = place(case)?;
        if let Some(before) = place.checked_sub(1) {
            // The item that the cursor names comes before all of the page.
            let named = &session.listing_of(case)?.items[before];
            items.insert(0, named.clone());
        }
        if items.len() < 2 {
            return moot("there are fewer than two events to compare");
        }
        let word = match order.direction {
            Direction::Ascending => "rise",
            Direction::Descending => "fall",
        };
        let is_wrong = |pair: &&[Value]| is_out_of_order(contract, &pair[0], &pair[1]);
        match items.windows(2).find(is_wrong) {
            None => Ok(()),
            Some(pair) => {
                let [one, other] = [0, 1].map(|index| {
                    let value = value(contract, &pair[index]);
                    value.map_or("nothing".to_owned(), Value::to_string)
                });
                broken(
                    format!("values that {word}, as the contract declares"),
                    format!("{one} and then {other}"),
                )
            }
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
