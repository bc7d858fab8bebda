//! Requests that count: they skip a number of items, or they name a page by its number.

use openapi::Position;

use super::{Page, Session};
use crate::{After, Case, Stop, outcome};

impl Session<'_> {
    /// The difference between a page and the items of the listing that come after the first `before`.
    ///
    /// Counted places move if items are added before them. So a page that differs is read again, between two
    /// readings of the list. Moot if the list changed meanwhile.
    pub(crate) fn counted_departure(
        &self,
        case: &Case,
        at: &Position,
        before: usize,
        page: &Page,
    ) -> Result<Option<String>, Stop> {
        let listing = self.listing_of(case)?;
        let departure = listing.departure(before, &page.keys, self.end_of(page));
        if departure.is_none() {
            return Ok(None);
        }
        let now = self.read_listing(&case.resource)?;
        let page = self.page_at(case, at)?;
        let then = self.read_listing(&case.resource)?;
        if now.keys != then.keys {
            return outcome::moot("the list changed meanwhile");
        }
        Ok(now.departure(before, &page.keys, self.end_of(&page)))
    }

    /// The items before places that requests can name as the end of a page, and those places.
    ///
    /// If keys name places, it is the one before the case's item. Else they are those that a walk of a few pages
    /// meets.
    pub(crate) fn ends_of_pages(&self, case: &Case) -> Result<Vec<(usize, Position)>, Stop> {
        /// How many pages to walk.
        const PAGES: usize = 4;
        let paging = self.contract().paging();
        let After::Item(index) = case.after else {
            return Ok(Vec::new());
        };
        let listing = self.listing_of(case)?;
        let is_key = paging.promises(openapi::Promise::ItemsNamePlaces)
            || paging.promises(openapi::Promise::ItemsAreStarts);
        if is_key {
            let inclusive = paging.promises(openapi::Promise::ItemsAreStarts);
            let end = listing
                .cursors
                .get(index)
                .and_then(|key| paging.before(key));
            let before = index + usize::from(inclusive);
            return Ok(end.map(|end| (before, end)).into_iter().collect());
        }
        let start = case.clone().after(After::Start);
        let walk = self.walk(&start, PAGES)?;
        let mut ends = Vec::new();
        let mut before = 0;
        for page in &walk.pages {
            if let openapi::Way::To(end) = &page.info.previous
                && end.is_backward()
                && before > 0
            {
                ends.push((before, end.clone()));
            }
            before += page.keys.len();
        }
        Ok(ends)
    }
}
