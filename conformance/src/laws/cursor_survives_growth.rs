//! A cursor leads to the same event before and after events are added.

use openapi::Promise;

use crate::Level;
use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::added;

pub(crate) const LAW: Law = Law {
    id: "cursor-survives-growth",
    group: Group::Growth,
    title: "a cursor leads to the same event before and after events are added",
    why: "a reader that pauses must continue where it was, or it repeats or loses events",
    level: Level::Should,
    basis: Basis::Inferred("a cursor names an item or a number, and is not a count of items"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| {
        session.needs(Promise::ItemsNamePlaces)?;
        draw::growing(session)
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 2)?;
        let named = before.keys.len() - 2;
        let Some(at) = session.behind(&before.cursors[named]) else {
            return moot("no request can start after an item");
        };
        let ask = session.ask_at(case, &at);
        let was = session.page(&ask)?.keys.first().cloned();
        let (id, length) = (&case.resource, before.keys.len() + 1);
        session.grow(id, 1, before.keys.len())?;
        let after = session.grown(id, length)?;
        added(&before.keys, &after.keys)?;
        let is = session.page(&ask)?.keys.first().cloned();
        if was == is {
            return session.all_show(id, &after, length);
        }
        let name = |key: Option<String>| key.unwrap_or_else(|| "no event".to_owned());
        broken(
            format!("a page that starts at {}, as before", name(was)),
            name(is),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Skips the second item from the end after the third: with one more event, a cursor shifts by one.
        let Some(items) = lied.whole(request)?.filter(|items| items.len() >= 3) else {
            return lied.ask(request);
        };
        let key = |back: usize| lied.contract.key(&items[items.len() - back]);
        let cursor = lied.asked(request).cursor;
        match key(2) {
            Some(later) if cursor.is_some() && cursor == key(3) => {
                lied.ask(&lied.with_cursor(request, Some(&later)))
            }
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_cursors_shift_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
