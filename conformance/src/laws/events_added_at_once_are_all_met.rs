//! Events that were added at once are all met, however small the pages are.

use openapi::{Position, Promise};

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{moot, not_in_force};
use crate::session::{Listing, Session, added, done, same_items};
use crate::{Case, Level, draw};

/// The number of events that are added at once: several pages of the smallest useful size.
const MANY: usize = 5;

pub(crate) const LAW: Law = Law {
    id: "events-added-at-once-are-all-met",
    group: Group::Growth,
    title: "a reader meets each of several events that were added at once, also where a page ends among them",
    why: "events of one transaction have one time; a cursor that is only a time skips those behind the end of a page",
    level: Level::Must,
    basis: Basis::Inferred("a walk meets every event once"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        if !session.hooks().can_append_many() {
            return not_in_force("no hook adds several events at once (`append-many`)");
        }
        session.needs(Promise::Pages)?;
        draw::growing(session)
    },
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 0)?;
        let Some(appended) = session.hooks().append_many(id, MANY) else {
            return Ok(());
        };
        done("append-many", appended)?;
        let length = before.keys.len() + MANY;
        let after = session.grown(id, length)?;
        let new = added(&before.keys, &after.keys)?;
        if new.is_empty() {
            session.all_show(id, &after, length)?;
        }
        let known = after.keys.len() - new.len();
        let (start, at) = start(session, &after, known);
        let accepted = draw::accepted(session).unwrap_or_default();
        let fits = |limit: &u64| accepted.contains(limit) && session.promises(Promise::LimitsMix);
        let mut sizes: Vec<_> = SMALL.into_iter().filter(fits).map(Some).collect();
        if sizes.is_empty() {
            sizes.push(None);
        }
        for size in sizes {
            let pages = Case {
                limits: size.into_iter().collect(),
                ..Case::of(id)
            };
            let walk = session.walk_from(&pages, at.clone(), after.keys.len() - start + 2)?;
            let met = walk.keys();
            // More may show meanwhile. A list that loses some of them loses others in pages of another size.
            let due = &after.keys[start..];
            let met = &met[..met.len().min(due.len())];
            if met != due && session.lag().is_some() {
                return moot("events show late, so two walks cannot be compared");
            }
            same_items(due, met, "the events up to those that were added at once")?;
        }
        session.all_show(id, &after, length)
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Loses the first event behind a cursor if pages are small.
        let asked = lied.asked(request);
        let is_small = asked.limit == Some(SMALL[1]) && !asked.at.is_start();
        lied.edit_served(request, |items| {
            if is_small && items.len() > 1 {
                items.remove(0);
            }
        })
    },
};

/// The sizes of the pages of the walks.
const SMALL: [u64; 2] = [1, 2];

/// The nearest place before the first `known` events that a request can name, and the number of events before it.
fn start(session: &Session<'_>, listing: &Listing, known: usize) -> (usize, Position) {
    let last = known
        .checked_sub(1)
        .and_then(|last| listing.cursors.get(last));
    if session.promises(Promise::ItemsNamePlaces)
        && let Some(at) = last.and_then(|key| session.behind(key))
    {
        return (known, at);
    }
    let behind = Position::Skip(known as u64);
    if session.promises(Promise::ItemsAreSkipped)
        && known > 0
        && session.contract().paging().accepts(&behind)
    {
        return (known, behind);
    }
    listing.place_before(known).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::changing::caught;

    #[test]
    fn a_server_that_loses_events_between_small_pages_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
