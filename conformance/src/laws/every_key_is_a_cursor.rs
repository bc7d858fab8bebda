//! Any item leads on, not only a page's last one.

use crate::draw;
use crate::law::{Basis, Cases, Group, Law, Level, broken};

pub(crate) const LAW: Law = Law {
    id: "every-key-is-a-cursor",
    group: Group::Cursor,
    title: "from any item, not only from a page's last one, the page that follows is the right one",
    why: "a client that stopped in the middle of a page, or kept only some events, cannot go on",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| draw::items(session).map(Cases::Drawn),
    holds: |session, case| {
        let page = session.page(&session.ask(case)?)?;
        match session.page_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("the items that are listed behind that item", departure),
        }
    },
    watch: None,
    lie: |lied, request| {
        // Knows only every second key, where no limit is sent.
        let asked = lied.asked(request);
        let sum = |text: String| text.bytes().map(u32::from).sum::<u32>();
        let chosen = asked.cursor.is_some_and(|cursor| sum(cursor) % 2 == 1);
        let reply = lied.ask(request)?;
        Ok(if chosen && asked.limit.is_none() && lied.is_page(&reply) {
            lied.refuse(reply, lied.contract.invalid_status())
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_forgets_some_keys_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
