//! A walk ends. No cursor is returned twice.

use std::collections::HashSet;

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{End, place};
use crate::{Cases, Level};

/// The greatest number of pages in a drawn walk if pages are full.
const PAGES: usize = 8;
/// The greatest number of pages to read in a walk if they are not.
const MOST: usize = 40;
/// The number of empty pages that even a short walk may have.
const SLACK: usize = 10;

pub(crate) const LAW: Law = Law {
    id: "walks-end",
    group: Group::Walk,
    title: "each page that promises more has a cursor that was not returned before, until a page promises no more",
    why: "a client that follows a repeated cursor never stops",
    level: Level::Must,
    basis: Basis::Inferred("a timeline has an end, and each page comes closer to it"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        session.needs(Promise::Pages)?;
        draw::endings(session, PAGES).map(Cases::swept)
    },
    holds: |session, case| {
        let listing = session.listing_of(case)?;
        let place = place(case)?;
        let rest = listing.keys.len().saturating_sub(place);
        let mut bound = rest + 2;
        let mut walk = session.walk(case, MOST.min(bound))?;
        if walk
            .pages
            .iter()
            .any(|page| page.keys.is_empty() && !page.last)
        {
            session.note("a page without items leads on, so a client must not stop there");
            // Such pages lengthen a walk.
            bound = 2 * rest + SLACK;
            walk = session.walk(case, MOST.min(bound))?;
        }
        let mut seen = HashSet::new();
        // Elsewhere a number of a page may be the same as the key of an item.
        if session.promises(Promise::CursorsNameItems) {
            seen.extend(listing.keys.iter().take(place).cloned());
        }
        for (number, page) in (1..).zip(&walk.pages) {
            let Some(next) = page.next.as_ref().filter(|_| !page.last) else {
                if page.more == Some(true) && page.next.is_none() && !page.keys.is_empty() {
                    return broken(
                        "a cursor to continue with",
                        format!("none on page {number}"),
                    );
                }
                continue;
            };
            let next = session.text(next);
            if !seen.insert(session.key(&next)) {
                return broken(
                    "a cursor that was not returned before",
                    format!("{next} again on page {number}"),
                );
            }
        }
        if walk.end == End::Last || !listing.complete {
            return Ok(());
        }
        let met = walk.keys().len();
        let most = MOST.min(bound);
        if most < bound || met > rest {
            return moot(format!("the walk did not end within {most} pages"));
        }
        broken(
            format!("an end after {rest} items"),
            format!("no end after {most} pages"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Returns the first page again after the last of the small pages.
        let asked = lied.asked(request);
        let small = asked.limit.is_some_and(|limit| limit <= 3);
        let reply = lied.ask(request)?;
        let body = reply.json().unwrap_or_default();
        let last = lied.info(request, &reply, &body).is_last();
        if asked.cursor.is_none() || !small || !last || lied.is_empty(&reply) {
            return Ok(reply);
        }
        let start = lied.with_cursor(request, None);
        lied.edit_page(&start, |body| lied.promise(body, true))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_walks_never_end_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
