//! The way of paging that a flag turns on meets the items of the list.
//!
//! It may have another order, so only what is met counts.

use std::collections::BTreeSet;

use openapi::{Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::End;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "other-way-reads-the-same-items",
    group: Group::Walk,
    title: "the way of paging that a flag turns on meets every item once",
    why: "a client that pages by tokens misses items that another one counts",
    level: Level::Must,
    basis: Basis::Inferred("both ways page through one list"),
    citation: |contract| contract.cite("/x-pagination/request/or"),
    cases: |session| {
        session.needs(Promise::TokensAreTurnedOn)?;
        session.needs(Promise::ItemsHaveKeys)?;
        draw::walks(session).map(Cases::Drawn)
    },
    holds: |session, case| {
        /// The number of pages to read.
        const PAGES: usize = 8;
        let case = Case {
            limits: case.limits.iter().copied().take(1).collect(),
            ..Case::of(&case.resource)
        };
        let listing = session.listing_of(&case)?;
        let walk = session.walk_from(&case, Position::Marked(String::new()), PAGES)?;
        let met: Vec<&String> = walk.pages.iter().flat_map(|page| &page.keys).collect();
        let (own, listed): (BTreeSet<_>, BTreeSet<_>) =
            (met.iter().copied().collect(), listing.keys.iter().collect());
        let again = met.len() - own.len();
        let strange = own.difference(&listed).count();
        let lost = listed.difference(&own).count();
        let is_all = walk.end == End::Last && listing.complete;
        let actual = if again > 0 {
            format!("{again} of them came again")
        } else if strange > 0 && listing.complete {
            format!("{strange} others came")
        } else if lost > 0 && is_all {
            format!("{lost} of them did not come")
        } else {
            return Ok(());
        };
        let now = session.read_listing(&case.resource)?;
        if now.keys != listing.keys {
            return moot("the list changed meanwhile");
        }
        broken(format!("the {} items of the list", listed.len()), actual)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Loses the first item behind each token.
        match lied.asked(request).at {
            Position::Marked(token) if !token.is_empty() => lied.edit_served(request, |items| {
                items.drain(..items.len().min(1));
            }),
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_loses_an_item_behind_each_token_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
