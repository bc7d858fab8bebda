//! A cursor that no item has is a place between items.

use openapi::{Direction, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "values-between-items-are-places",
    group: Group::Cursor,
    title: "a cursor that no item has leads to the items that come after it in the order",
    why: "a client that makes a cursor from a time, or whose item was deleted, cannot go on",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/unknown"),
    cases: |session| {
        /// Items of each resource to look around.
        const LOOKS: usize = 12;
        session.needs(Promise::ValuesArePlaces)?;
        let mut cases = Vec::new();
        for (id, _) in draw::resources(session, 1)? {
            let listing = session.listing(&id)?;
            let numbers = listing
                .keys
                .iter()
                .filter_map(|key| key.parse::<u64>().ok());
            for number in numbers.take(LOOKS) {
                for near in [number.saturating_sub(1), number.saturating_add(1)] {
                    let text = near.to_string();
                    let is_taken = session.contract().paging().place().read(&text).is_ok();
                    if is_taken && !listing.keys.contains(&text) {
                        cases.push(Case::of(&id).after(After::Cursor(text)));
                    }
                }
            }
        }
        if cases.is_empty() {
            return not_in_force("keys are no numbers, or no number lies between them");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let After::Cursor(text) = &case.after else {
            return Ok(());
        };
        let listing = session.listing_of(case)?;
        let page = session.page(&session.ask(case)?)?;
        let value: u64 = text.parse().unwrap_or_default();
        let descends = session.contract().pagination().order.direction == Direction::Descending;
        let is_before = |key: &&String| {
            let number = key.parse::<u64>().unwrap_or_default();
            if descends {
                number > value
            } else {
                number < value
            }
        };
        let before = listing.keys.iter().take_while(is_before).count();
        let is_new = |key: &String| !listing.keys.contains(key);
        if listing.complete && page.keys.iter().any(is_new) {
            return moot("the list grew meanwhile");
        }
        match listing.departure(before, &page.keys, session.end_of(&page)) {
            None => Ok(()),
            Some(departure) => broken("the items that come after this value", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Begins again if no item has the cursor.
        let asked = lied.asked(request);
        let Some(cursor) = asked.cursor else {
            return lied.ask(request);
        };
        let all = lied.whole(request)?.unwrap_or_default();
        if all
            .iter()
            .any(|item| lied.contract.key(item).as_ref() == Some(&cursor))
        {
            return lied.ask(request);
        }
        lied.ask(&lied.with_cursor(request, None))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_begins_again_at_a_value_between_items_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
