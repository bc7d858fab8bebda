//! The item that a cursor names is not on the page after it.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::{After, Cases, Level};
use openapi::Bound;

pub(crate) const LAW: Law = Law {
    id: "cursor-is-exclusive",
    group: Group::Cursor,
    title: "the item that the cursor names is not on the page after it",
    why: "a client that appends pages shows each item at a page boundary twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/bound"),
    cases: |session| {
        if session.contract().pagination().cursor.bound != Bound::Exclusive {
            return not_in_force("the contract's cursor is inclusive");
        }
        draw::items(session).map(Cases::swept_behind_items)
    },
    holds: |session, case| {
        let After::Item(index) = case.after else {
            return Ok(());
        };
        let page = session.page_or_moot(&session.ask(case)?)?;
        let named = session.listing_of(case)?.keys[index].clone();
        if !page.keys.contains(&named) {
            return Ok(());
        }
        broken(
            format!("a page without {named}, which the cursor names"),
            format!("{named} is on the page"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Starts at the named item instead of after it, if that is one of the timeline's first.
        let asked = lied.asked(request);
        let beginning = lied.beginning(request)?;
        let named = beginning
            .into_iter()
            .find(|item| lied.contract.key(item) == asked.cursor);
        lied.edit_served(request, |items| {
            if asked.limit.is_some_and(|limit| items.len() as u64 >= limit) && named.is_some() {
                items.pop();
            }
            items.splice(0..0, named);
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_starts_at_the_named_item_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
