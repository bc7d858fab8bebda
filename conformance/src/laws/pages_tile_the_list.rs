//! Numbered pages of one limit hold the whole list, each item once.

use openapi::{Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "pages-tile-the-list",
    group: Group::Cursor,
    title: "the numbered pages of any one limit hold the list piece by piece",
    why: "a client that reads all pages loses items, or reads some twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/request/page"),
    cases: |session| {
        session.needs(Promise::PagesAreNumbered)?;
        draw::places(session).map(Cases::swept_behind_items)
    },
    holds: |session, case| {
        let After::Item(index) = case.after else {
            return Ok(());
        };
        let first = session.page_or_moot(&session.ask_at(case, &Position::Start))?;
        let size = first.keys.len();
        let listed = session.listing_of(case)?.keys.len();
        let wanted = case
            .limits
            .first()
            .is_none_or(|limit| *limit == size as u64);
        if size == 0 || !wanted && size < listed {
            return moot("the first page has another size than was asked for");
        }
        let pages = (index + 1) / size;
        let at = match pages {
            0 => Position::Start,
            pages => session.counted(Position::Page(pages as u64))?,
        };
        let page = session.page(&session.ask_at(case, &at))?;
        let before = pages * size;
        if page.keys.len() < size.min(listed.saturating_sub(before)) {
            return broken(
                format!("{size} items, as on the first page"),
                format!("{}", page.keys.len()),
            );
        }
        match session.counted_departure(case, &at, before, &page)? {
            None => Ok(()),
            Some(departure) => broken(format!("the items behind the first {before}"), departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves each page but the first one page too late.
        match lied.asked(request).at {
            Position::Page(1) => lied.ask(&lied.at(request, &Position::Start)),
            Position::Page(pages) => lied.ask(&lied.at(request, &Position::Page(pages - 1))),
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_serves_a_page_twice_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
