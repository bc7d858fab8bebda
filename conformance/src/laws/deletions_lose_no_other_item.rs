//! A deletion between two pages makes a walk miss no other item.

use openapi::{Act, Position, Promise};

use crate::draw::changes;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs};
use crate::{Level, Stop};

/// The number of items that are created, so that one has others behind it.
const CREATED: usize = 3;

pub(crate) const LAW: Law = Law {
    id: "deletions-lose-no-other-item",
    group: Group::Changes,
    title: "an item that is deleted between two pages makes a walk miss no other item",
    why: "a client that reads page by page loses items, because someone else deleted one",
    level: Level::Must,
    basis: Basis::Inferred("places do not depend on the number of items before them"),
    citation: |contract| contract.cite(""),
    cases: |session| {
        session.needs(Promise::Pages)?;
        session.needs_lasting_places()?;
        changes::own_items(session, &[])
    },
    holds: |session, case| {
        session.undoing(case, || {
            let mut keys = Vec::new();
            for _ in 0..CREATED {
                keys.push(session.create(case)?.key);
            }
            let last = keys.last().cloned().unwrap_or_default();
            let (listing, _) = session.listed(case, &last)?;
            let places = keys
                .iter()
                .filter_map(|key| Some((listing.place_of(key)?, key)));
            let inner = places.filter(|(place, _)| place + 1 < listing.keys.len());
            let Some((place, key)) = inner.min() else {
                return never_occurs("no created item is listed before another one");
            };
            let next = &listing.keys[place + 1];
            // The last page before the deletion ends with the item.
            let (before, at) = listing.place_before(place).unwrap_or((0, Position::Start));
            let here = case.clone().limit((place + 1 - before) as u64);
            let page = session.page_at(&here, &at)?;
            let Some(onward) = page
                .next
                .filter(|_| page.keys.last() == Some(&listing.keys[place]))
            else {
                return never_occurs("no page ends with an item that was created");
            };
            let status = session.act(case, Act::Delete, key, None)?.reply.status;
            if !(200..300).contains(&status) {
                return never_occurs(format!("the deletion is refused with status {status}"));
            }
            let exchange = session.send(&session.ask_at(&here, &onward))?;
            let status = exchange.reply.status;
            if (400..500).contains(&status) {
                session.note(format!(
                    "the place behind an item that was deleted is refused with status {status}"
                ));
                return Ok(());
            }
            let page = session.read(&exchange).map_err(Stop::Breach)?;
            if page.keys.contains(next) {
                return Ok(());
            }
            // It may be gone by itself.
            let now = session.read_listing(&case.resource)?;
            if !now.keys.contains(next) {
                return moot("the next item is not listed any more");
            }
            let behind = page.keys.first().map_or("no item", String::as_str);
            broken(format!("{next}, the item behind the deleted one"), behind)
        })
    },
    watch: None,
    conduct: Conduct::CHANGES,
    lie: |lied, request| {
        // Counts the items before a place, also the one that was just deleted.
        let reply = lied.ask(request)?;
        let is_later = !matches!(lied.asked(request).at, Position::Start);
        let previous = lied.previous.as_ref();
        let is_next = previous.is_some_and(|previous| previous.method == "DELETE");
        if !is_later || !is_next || !lied.is_page(&reply) {
            return Ok(reply);
        }
        lied.edit_served(request, |items| {
            if !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::collections::{caught, is_not_in_force_where_pages_are_counted};

    #[test]
    fn a_server_that_counts_items_before_a_place_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_that_counts_pages_is_not_judged() {
        assert!(is_not_in_force_where_pages_are_counted(&LAW));
    }
}
