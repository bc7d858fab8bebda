//! The key of any item is a cursor, not only that of a page's last item.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "every-key-is-a-cursor",
    group: Group::Cursor,
    title: "the key of any item, not only of a page's last one, leads to the items after it",
    why: "a client that stopped in the middle of a page, or kept only some events, cannot continue",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| draw::items(session).map(Cases::swept_behind_items),
    holds: |session, case| {
        let page = session.page(&session.ask(case)?)?;
        match session.page_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("the items that are listed after that item", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Accepts every second key and the last if no limit is sent.
        let asked = lied.asked(request);
        let reply = lied.ask(request)?;
        let odd = |text: &String| text.bytes().map(u32::from).sum::<u32>() % 2 == 1;
        let leads_on = lied.is_page(&reply) && !lied.is_empty(&reply);
        let lies = asked.limit.is_none() && leads_on;
        let Some(cursor) = asked.cursor.filter(|text| lies && odd(text)) else {
            return Ok(reply);
        };
        let items = lied.whole(request)?.unwrap_or_default();
        let mut keys = items.iter().filter_map(|item| lied.contract.key(item));
        Ok(if keys.any(|key| key == cursor) {
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
