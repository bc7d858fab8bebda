//! A walk takes no more pages than its items need.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{Page, place};
use crate::{Cases, Level};

/// The greatest number of pages of a walk.
const PAGES: usize = 6;

pub(crate) const LAW: Law = Law {
    id: "page-count-is-minimal",
    group: Group::Walk,
    title: "a walk takes only as many pages as its items fill, or one page if there are no items",
    why: "every extra page costs each client an extra request at each poll",
    level: Level::Should,
    basis: Basis::Inferred(
        "pages are full while more remain, and a page promises more only if more remain",
    ),
    citation: |contract| contract.cite("/x-pagination/request"),
    cases: |session| {
        session.needs(Promise::Pages)?;
        session.needs(Promise::LimitsAreAsked)?;
        session.needs(Promise::LastPageIsSaid)?;
        draw::endings(session, PAGES).map(Cases::swept)
    },
    holds: |session, case| {
        let Some(limit) = case.limits.first().copied().filter(|limit| *limit > 0) else {
            return moot("the case has no limit");
        };
        let listed = session.listing_of(case)?.keys.len();
        let rest = listed.saturating_sub(place(case)?);
        let walk = session.walk(case, PAGES + 2)?;
        let met = walk.keys().len();
        let exact = session.promises(Promise::MoreIsExact);
        if walk
            .pages
            .iter()
            .any(|page| page.keys.is_empty() && !page.last)
        {
            return moot("an empty page leads on, so pages are filtered after they are read");
        }
        // An empty page at the end does not count if it may be there.
        let counts = |page: &&Page| exact || !page.keys.is_empty();
        let pages = walk.pages.iter().filter(counts).count() as u64;
        let needed = (met as u64).div_ceil(limit).max(1);
        if pages <= needed {
            return Ok(());
        }
        if met > rest {
            return moot("items were added during the walk");
        }
        broken(
            format!("the fewest pages with limit {limit} that hold {met} items: {needed}"),
            format!("pages of the walk: {pages}"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves one item fewer than the limit.
        let limit = lied.asked(request).limit;
        let fewer = limit.filter(|limit| *limit > 1).map(|limit| limit - 1);
        match fewer {
            Some(_) => lied.ask(&lied.with_limit(request, fewer)),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_pages_that_are_never_full_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
