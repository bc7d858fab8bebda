//! The number of pages is that of the items, in pages of the request's limit.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "page-total-fits-the-items",
    group: Group::Envelope,
    title: "the number of pages is the number of items divided by the limit, rounded up",
    why: "a client that asks for all pages at once misses the last one, or asks for one that is not there",
    level: Level::Must,
    basis: Basis::Inferred(
        "pages hold as many items as the limit says, and all of them hold the list",
    ),
    citation: |contract| contract.cite("/x-pagination/totals"),
    cases: |session| {
        session.needs(Promise::PageTotalIsSaid)?;
        let bounds = session.contract().limit_bounds();
        let is_known = bounds.is_some_and(|bounds| bounds.default.is_some());
        if !is_known && !session.promises(Promise::LimitsAreAsked) {
            return not_in_force("neither requests nor the document say the size of a page");
        }
        draw::pages(session, 1, 0).map(Cases::swept)
    },
    holds: |session, case| {
        let bounds = session.contract().limit_bounds();
        let limit = case.limits.first().copied();
        let Some(limit) = limit.or_else(|| bounds?.default).filter(|limit| *limit > 0) else {
            return moot("the size of a page is not known");
        };
        let page = session.page_or_moot(&session.ask(case)?)?;
        let Some(said) = page.info.totals.pages else {
            return moot("the page does not say how many pages there are");
        };
        let listing = session.listing_of(case)?;
        let listed = listing.complete.then_some(listing.keys.len() as u64);
        let Some(items) = page.info.totals.items.or(listed) else {
            return moot("the number of items is not known");
        };
        let expected = items.div_ceil(limit);
        // A list without items has no page, or one that is empty.
        if said == expected || items == 0 && said <= 1 {
            return Ok(());
        }
        let now = session.read_listing(&case.resource)?;
        if now.keys.len() != listing.keys.len() {
            return moot("the list changed meanwhile");
        }
        broken(
            format!("{expected} pages for {items} items, {limit} on a page"),
            said.to_string(),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Does not count the last page if it is not full.
        let limit = lied.limit(request).unwrap_or(1).max(1) as u64;
        let all = lied.whole(request)?.unwrap_or_default().len() as u64;
        let pages = all / limit;
        let reply = lied.with_places(request, "last", |_| pages.to_string())?;
        Ok(lied.with_totals(reply, |totals| totals.pages = Some(pages)))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_does_not_count_the_last_page_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
