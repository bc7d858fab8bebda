//! No two items of a page have the same key.

use std::collections::HashSet;

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "keys-are-unique-on-a-page",
    group: Group::Shape,
    title: "no two items of a page have the same key",
    why: "a client that stores events by key loses one, and a client that appends them shows one twice",
    level: Level::Must,
    basis: Basis::Inferred("a key names one item, so a page with one key twice repeats an item"),
    citation: |contract| contract.cite("/x-pagination/key"),
    cases: |session| {
        session.needs(Promise::ItemsHaveKeys)?;
        draw::pages(session, 2, 2).map(Cases::swept)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        if page.keys.len() < 2 {
            return moot("the page has fewer than two items");
        }
        let mut met = HashSet::new();
        match page.keys.iter().find(|key| !met.insert(*key)) {
            None => Ok(()),
            Some(twice) => broken(
                format!("{} different keys", page.keys.len()),
                format!("{twice} more than once"),
            ),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Puts the first item in the place of the second, on short pages only, if there are any.
        const SHORT: u64 = 10;
        let asked = lied.asked(request);
        let lies = match lied.contract.limit() {
            Some(_) => asked.limit.is_some_and(|limit| limit <= SHORT),
            None => asked.cursor.is_some(),
        };
        lied.edit_page(request, |body| {
            let items = lied.items(body);
            if lies && items.len() > 1 {
                items[1] = items[0].clone();
                lied.echo(body);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_serves_an_item_twice_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
