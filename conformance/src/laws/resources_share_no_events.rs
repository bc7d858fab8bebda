//! No event is in two timelines.

use std::collections::HashSet;

use openapi::Promise;

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, not_in_force};
use crate::unknown;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "resources-share-no-events",
    group: Group::Walk,
    title: "no event is in the timelines of two resources",
    why: "one resource's events show in another's timeline",
    level: Level::Should,
    basis: Basis::Inferred("an id names one event, and an event belongs to one timeline"),
    citation: |contract| contract.cite("/x-pagination/key"),
    cases: |session| {
        if session.contract().parent().is_none() || credentials::scheme(session.contract()).is_err()
        {
            return not_in_force(
                "the list has no parent, or no owner, so lists may have items in common",
            );
        }
        session.needs(Promise::ItemsHaveKeys)?;
        let key = session
            .contract()
            .item()
            .at(&session.contract().pagination().key);
        let numbers =
            session.promises(Promise::PlacesFilter) || session.promises(Promise::ValuesArePlaces);
        if numbers || key.is_none_or(|key| !key.types().contains(&"string")) {
            return not_in_force("keys are numbers, and each resource counts from the start");
        }
        let resources = draw::resources(session, 1)?;
        let pairs = resources.iter().enumerate().flat_map(|(index, (id, _))| {
            let shorter = &resources[..index];
            shorter.iter().map(move |(other, _)| Case {
                other: Some(id.clone()),
                ..Case::of(other)
            })
        });
        let cases: Vec<_> = pairs.collect();
        if cases.is_empty() {
            return not_in_force("the subject file has fewer than two resources with events");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let other = Case::of(case.other.as_deref().unwrap_or_default());
        let (one, other) = (session.listing_of(case)?, session.listing_of(&other)?);
        let keys: HashSet<_> = one.keys.iter().collect();
        match other.keys.iter().find(|key| keys.contains(key)) {
            None => Ok(()),
            Some(shared) => broken("no event in both timelines", format!("{shared} in both")),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Gives each timeline's first event the same id, as an item and as a cursor.
        if lied.contract.paging().promises(Promise::PlacesFilter) {
            return lied.ask(request);
        }
        let beginning = lied.beginning(request)?;
        let Some(first) = beginning.first().and_then(|item| lied.contract.key(item)) else {
            return lied.ask(request);
        };
        let shared = unknown::like(&first, 7).replace('0', "5");
        let named = lied.asked(request).cursor == Some(shared.clone());
        let request = if named {
            lied.with_cursor(request, Some(&first))
        } else {
            request.clone()
        };
        lied.edit_served(&request, |items| {
            let first = items
                .iter_mut()
                .find(|item| lied.contract.key(item) == Some(first.clone()));
            if let Some(item) = first {
                *place(item, &lied.contract.pagination().key) = shared.into();
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_gives_one_id_twice_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
