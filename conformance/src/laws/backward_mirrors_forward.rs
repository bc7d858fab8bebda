//! The page before a place holds the nearest items before it, in the order of the list.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "backward-mirrors-forward",
    group: Group::Cursor,
    title: "the page before a place holds the nearest items before it, in the order of the list",
    why: "a client that pages back shows other items than it showed before, or in another order",
    level: Level::Must,
    basis: Basis::Inferred("both directions read one list"),
    citation: |contract| contract.cite("/x-pagination/request/backward"),
    cases: |session| {
        session.needs(Promise::GoesBackward)?;
        draw::places(session).map(Cases::Drawn)
    },
    holds: |session, case| {
        let listing = session.listing_of(case)?;
        for (before, end) in session.ends_of_pages(case)? {
            let page = session.page(&session.ask_at(case, &end))?;
            let expected = listing.keys.get(..before).unwrap_or_default();
            let is_new = |key: &String| !listing.keys.contains(key);
            // New items may have come before all that were listed.
            let known = page.keys.iter().position(|key| !is_new(key));
            let grown = session.may_grow_at_start()
                && known.is_some_and(|known| page.keys[known..] == *expected);
            let none = page.keys.is_empty() && before > 0;
            if none || !grown && !expected.ends_with(&page.keys) {
                let nearest = page.keys.len().max(1).min(before);
                let nearest = expected[before - nearest..].join(", ");
                return broken(
                    format!("{nearest} before the place behind {before} items"),
                    if none {
                        "no items".to_owned()
                    } else {
                        page.keys.join(", ")
                    },
                );
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves the items before a place from the nearest to the farthest.
        if lied.asked(request).at.is_backward() {
            lied.edit_served(request, |items| items.reverse())
        } else {
            lied.ask(request)
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_turns_the_page_before_around_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
