//! An event stays the same each time it is read.

use std::collections::HashMap;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::change;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "events-never-change",
    group: Group::Walk,
    title: "an event stays the same each time and on each page it is read, except for short-lived URLs and \
            places that are declared to be volatile",
    why: "clients keep events and never read them again",
    level: Level::Must,
    basis: Basis::Inferred("the list is declared to be append-only"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        if !session.contract().pagination().order.append_only {
            return not_in_force("the contract does not say that the list is append-only");
        }
        draw::pages(session, 1, 1).map(Cases::Drawn)
    },
    holds: |session, case| {
        let contract = session.contract();
        let listing = session.listing_of(case)?;
        let known: HashMap<_, _> = listing.keys.iter().zip(&listing.items).collect();
        let page = session.page_or_moot(&session.ask(case)?)?;
        let items = contract.items(&page.body).unwrap_or_default();
        let mut read = page
            .keys
            .iter()
            .zip(items)
            .filter_map(|(key, item)| Some((key, item, known.get(key)?)))
            .peekable();
        if read.peek().is_none() {
            return moot("the page has no item that was read before");
        }
        let mut changes = read.filter_map(|(key, item, before)| {
            change(contract, before, item).map(|change| (key, change))
        });
        match changes.next() {
            None => Ok(()),
            Some((key, change)) => broken(format!("{key} as it was read before"), change),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Writes the number of requests so far into the event itself.
        lied.edit_items(request, |items| {
            if let Some(item) = items.first_mut() {
                item["read"] = lied.turn.into();
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_events_change_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
