//! Enumerated values are in their sets, to the end of a long timeline.

use openapi::{Contract, Marking, Promise};
use serde_json::{Value, json};

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Outcome, broken, never_occurs, not_in_force};
use crate::{After, Cases, Level, Stop, draw};

pub(crate) const LAW: Law = Law {
    id: "values-stay-in-their-sets",
    group: Group::Shape,
    title: "enumerated values are in their sets, to the end of a long timeline",
    why: "a client has no branch for a rare undeclared value, and fails long after it was tested",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let set = contract.item().saying("enum").into_iter().next();
        set.map_or_else(String::new, |set| contract.document().cite(set.pointer()))
    },
    cases: |session| {
        if session.contract().item().saying("enum").is_empty() {
            return not_in_force("no property of an item is enumerated");
        }
        draw::each_resource(session, 1).map(Cases::Each)
    },
    holds: |session, case| {
        let contract = session.contract();
        session.judge_listing(case, |listing| {
            of_their_sets(contract, &listing.items, "the items")
        })?;
        let listing = session.listing_of(case)?;
        let item = contract.item();
        let has_a_set = |value: &Value| !item.markings(value, "enum").is_empty();
        if !listing.items.iter().any(has_a_set) {
            return never_occurs("no item that was read has an enumerated property");
        }
        let Some(last) = listing
            .keys
            .len()
            .checked_sub(1)
            .filter(|_| !listing.complete)
        else {
            return Ok(());
        };
        if !session.promises(Promise::ItemsNamePlaces) {
            return Ok(());
        }
        let most = draw::accepted(session).map_or(1, |accepted| accepted.end - 1);
        let behind = case.clone().after(After::Item(last)).limit(most);
        let walk = match session.walk(&behind, PAGES) {
            Err(Stop::Breach(breach)) => return Err(Stop::Moot(breach.actual)),
            walk => walk?,
        };
        let items = walk
            .pages
            .iter()
            .filter_map(|page| contract.items(&page.body))
            .flatten();
        of_their_sets(contract, items, &format!("the items after item {last}"))
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Changes a few events in the middle, if there is one.
        let lifecycle = lied.contract.pagination().lifecycle.as_ref();
        let at_an_end = |value: &Value| {
            lifecycle.is_some_and(|known| {
                known
                    .first
                    .iter()
                    .chain(&known.terminal)
                    .any(|word| value == word)
            })
        };
        lied.edit_items(request, |items| {
            for item in items.iter_mut().filter(|item| lied.chooses(item)) {
                let sets = lied.contract.item().markings(item, "enum");
                let place = sets
                    .into_iter()
                    .find(|marking| !at_an_end(marking.value))
                    .map(|marking| marking.instance);
                if let Some(value) = place.and_then(|place| item.pointer_mut(&place)) {
                    *value = json!("something-else");
                }
            }
        })
    },
};

/// The number of pages to read beyond a listing that is not complete.
const PAGES: usize = 20;

fn of_their_sets<'v>(
    contract: &Contract,
    items: impl IntoIterator<Item = &'v Value>,
    place: &str,
) -> Outcome {
    let item = contract.item();
    let is_outside =
        |says: &Value, value: &Value| says.as_array().is_some_and(|set| !set.contains(value));
    // A null is of the set of a `nullable` schema, whether or not the set lists it.
    let is_odd = |marking: &&Marking<'_>| {
        !(marking.value.is_null() && marking.schema.is_valid(marking.value))
    };
    for (index, value) in items.into_iter().enumerate() {
        let found = item.markings_where(value, "enum", is_outside);
        if let Some(odd) = found.iter().find(is_odd) {
            return broken(
                format!("one of {}", odd.says),
                format!("{} at /{index}{} of {place}", odd.value, odd.instance),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_a_rare_value_of_its_own_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
