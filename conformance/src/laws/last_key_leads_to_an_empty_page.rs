//! The last cursor stays valid after the end, for polling.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "last-key-leads-to-an-empty-page",
    group: Group::Cursor,
    title: "the page after the last item has no items, or only new ones",
    why: "clients poll with the last cursor that they saw; an error stops them, and an old event is shown twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/resume"),
    cases: |session| {
        session.needs(Promise::Resumes)?;
        session.needs(Promise::ItemsNamePlaces)?;
        let mut cases = Vec::new();
        for (id, items) in draw::resources(session, 1)? {
            let complete = session.listing(&id)?.complete;
            cases.extend(complete.then(|| Case::of(&id).after(After::Item(items - 1))));
        }
        if cases.is_empty() {
            return not_in_force(
                "the subject file has no timeline that is short enough to read to its end",
            );
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let listing = session.listing_of(case)?;
        let page = session.page(&session.ask(case)?)?;
        if let Some(old) = page.keys.iter().find(|key| listing.keys.contains(key)) {
            return broken("no items, or only new ones", format!("{old} again"));
        }
        let exact = session.promises(Promise::MoreIsExact);
        if exact && page.keys.is_empty() && page.more == Some(true) {
            return broken(
                "a page that promises no more",
                "an empty page that promises more",
            );
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let Some(cursor) = lied.asked(request).cursor.filter(|_| lied.is_empty(&reply)) else {
            return Ok(reply);
        };
        let items = lied.whole(request)?.unwrap_or_default();
        let last = items.last().and_then(|item| lied.contract.key(item));
        Ok(if last == Some(cursor) {
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
    fn a_server_that_refuses_the_last_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
