//! A page promises more only if more items follow.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "has-more-only-when-more-remain",
    group: Group::Walk,
    title: "if a page promises more, items follow; a last page that is exactly full promises no more (INFO where \
            the contract says `trailing-empty-page: allowed`, as one that is guessed does)",
    why: "a client asks for, and shows, an empty page",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/more"),
    cases: |session| {
        session.needs(Promise::MoreIsSaid)?;
        session.needs_to_weigh(Promise::MoreIsExact);
        draw::endings(session, 2).map(Cases::swept)
    },
    holds: |session, case| {
        /// The greatest number of pages to read until one has items.
        const PAGES: usize = 16;
        session.needs_to_weigh(Promise::MoreIsExact);
        let page = session.page_or_moot(&session.ask(case)?)?;
        if page.more != Some(true) {
            return Ok(());
        }
        let Some(mut next) = page.next else {
            return moot("the page promises more, but has no cursor to the next one");
        };
        for _ in 0..PAGES {
            let behind = session.page_at(case, &next)?;
            if !behind.keys.is_empty() {
                return Ok(());
            }
            // An empty page in the middle of a list leads on.
            match behind.next.filter(|_| !behind.last) {
                Some(behind) => next = behind,
                None => {
                    return broken(
                        "a page that promises no more",
                        "a promise of more, and an empty page",
                    );
                }
            }
        }
        moot(format!("no item on the {PAGES} pages that follow"))
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Promises more after every full page.
        let limit = lied.asked(request).limit;
        lied.edit_page(request, |body| {
            if limit.is_some_and(|limit| lied.items(body).len() as u64 == limit) {
                lied.promise(body, true);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_promises_more_after_every_full_page_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
