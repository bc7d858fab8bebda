//! A lower bound leaves out the items up to its value, and no others.

use openapi::{Direction, Promise, Role};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{End, difference};
use crate::{Case, Cases, Level};

/// The number of pages to read.
const PAGES: usize = 6;

pub(crate) const LAW: Law = Law {
    id: "bound-leaves-out-what-is-not-above",
    group: Group::Cursor,
    title: "a list with a lower bound holds the items above its value, and no others",
    why: "a client that asks for what is new misses items, or gets old ones again",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/request/above"),
    cases: |session| {
        session.needs(Promise::BoundsAreAsked)?;
        let Some(bound) = session.contract().paging().parameter(Role::Above) else {
            return not_in_force("no parameter leaves out the items up to a value");
        };
        let mut cases = Vec::new();
        for (id, items) in draw::resources(session, 2)? {
            let listing = session.listing(&id)?;
            for index in [0, 1, items / 2, items - 1] {
                if let Some(key) = listing
                    .cursors
                    .get(index)
                    .filter(|key| bound.read(key).is_ok())
                {
                    cases.push(Case::of(&id).send(&bound.name, key.as_str()));
                }
            }
        }
        if cases.is_empty() {
            return not_in_force("no item's key can be the bound");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let Some((_, bound)) = case.sent.first() else {
            return moot("the case has no bound");
        };
        let largest = draw::accepted(session)
            .ok()
            .map(|accepted| accepted.end - 1);
        let large = largest.into_iter().fold(case.clone(), Case::limit);
        let walk = session.walk(&large, PAGES)?;
        let listing = session.listing_of(case)?;
        let keys = walk.keys();
        if keys.iter().any(|key| !listing.keys.contains(key)) {
            return moot("the list grew meanwhile");
        }
        let Some(place) = listing.cursors.iter().position(|key| key == bound) else {
            return moot("the listing has no item with the bound");
        };
        let descends = session.contract().pagination().order.direction == Direction::Descending;
        let above = if descends {
            &listing.keys[..place]
        } else {
            &listing.keys[place + 1..]
        };
        let is_whole = walk.end == End::Last && (descends || listing.complete);
        let fits = if is_whole {
            above == keys
        } else {
            above.starts_with(&keys) || !descends && keys.starts_with(above)
        };
        if fits {
            return Ok(());
        }
        broken(format!("the items above {bound}"), difference(above, &keys))
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Does not know the bound.
        match lied.contract.paging().parameter(Role::Above) {
            Some(bound) => lied.ask(&request.with(bound, None)),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_ignores_the_bound_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
