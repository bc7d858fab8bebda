//! The item that an inclusive cursor names comes first on its page.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "cursor-is-inclusive",
    group: Group::Cursor,
    title: "the page begins with the item that the cursor names",
    why: "a client that starts at an item loses it",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/bound"),
    cases: |session| {
        session.needs(Promise::ItemsAreStarts)?;
        draw::places(session).map(Cases::swept_behind_items)
    },
    holds: |session, case| {
        let After::Item(index) = case.after else {
            return Ok(());
        };
        let listing = session.listing_of(case)?;
        let at = listing.cursors.get(index);
        let Some(at) = at.and_then(|key| session.contract().paging().at_text(key)) else {
            return Ok(());
        };
        let page = session.page(&session.ask_at(case, &at))?;
        if page.keys.is_empty() {
            return broken(format!("{} first", listing.keys[index]), "no items");
        }
        match listing.departure(index, &page.keys, session.end_of(&page)) {
            None => Ok(()),
            Some(departure) => broken(
                format!("{} first, and what follows it", listing.keys[index]),
                departure,
            ),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Starts behind the item.
        let names = lied.asked(request).cursor.is_some();
        lied.edit_served(request, |items| {
            if names && !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_leaves_the_named_item_out_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
