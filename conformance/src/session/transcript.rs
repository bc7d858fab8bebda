//! The transcript of a case: the exchanges on which its outcome rests.
//!
//! Listings are read once a run and shared. So the transcript names the pages of a listing that the case used,
//! and shows their requests before its own. Of very many exchanges it keeps the first and the last, and counts
//! the others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::{Exchange, Listing};

/// The exchanges of one case.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    first: Vec<Exchange>,
    last: VecDeque<Exchange>,
    /// The number of exchanges between the first and the last.
    left_out: usize,
    /// The shared listings that the case used, and the numbers of their pages, by the resource's name.
    listings: BTreeMap<String, (Arc<Listing>, BTreeSet<usize>)>,
}

impl Transcript {
    /// The number of exchanges to keep from the start.
    const FIRST: usize = 48;
    /// The number of exchanges to keep from the end.
    const LAST: usize = 16;
    /// The number of pages to keep from each end of a listing.
    const ENDS: usize = 2;

    /// Adds an exchange.
    pub(super) fn push(&mut self, exchange: Exchange) {
        if self.first.len() < Self::FIRST {
            return self.first.push(exchange);
        }
        if self.last.len() == Self::LAST {
            self.last.pop_front();
            self.left_out += 1;
        }
        self.last.push_back(exchange);
    }

    /// The number of exchanges so far.
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.left_out + self.last.len()
    }

    /// Keeps only the first exchanges, up to this number.
    pub(super) fn truncate(&mut self, all_but: usize) {
        self.first.truncate(all_but);
        let behind = all_but.saturating_sub(self.first.len());
        if behind < self.left_out {
            self.left_out = behind;
            self.last.clear();
        } else {
            self.last.truncate(behind - self.left_out);
        }
    }

    /// Says that the case uses the whole of a shared listing.
    pub(super) fn rest_on(&mut self, name: &str, listing: &Arc<Listing>) {
        let pages = listing.pages.len();
        let ends = (0..pages).filter(|page| *page < Self::ENDS || page + Self::ENDS >= pages);
        self.pages_of(name, listing).extend(ends);
    }

    /// Says that the case uses one item of a shared listing.
    pub(super) fn rest_on_item(&mut self, name: &str, listing: &Arc<Listing>, index: usize) {
        let mut pages = listing.pages.iter();
        let page = pages.position(|(items, _)| index < *items);
        self.pages_of(name, listing).extend(page);
    }

    fn pages_of(&mut self, name: &str, listing: &Arc<Listing>) -> &mut BTreeSet<usize> {
        let known = self.listings.entry(name.to_owned());
        &mut known
            .or_insert_with(|| (Arc::clone(listing), BTreeSet::new()))
            .1
    }

    /// Says that no shared listing counts any more, because it was read again.
    pub(super) fn forget_listings(&mut self) {
        self.listings.clear();
    }

    /// All kept exchanges: the pages of listings, then the case's own. Each knows how many are left out
    /// before it.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        let mut exchanges = Vec::new();
        for (listing, pages) in self.listings.values() {
            let mut next = 0;
            for page in pages {
                let kept = listing.pages.get(*page);
                exchanges.extend(kept.map(|(_, exchange)| exchange.behind(page - next)));
                next = page + 1;
            }
        }
        exchanges.extend(self.first.iter().cloned());
        let last = self.last.iter().enumerate();
        exchanges.extend(last.map(|(index, exchange)| {
            let left_out = if index == 0 { self.left_out } else { 0 };
            exchange.behind(left_out)
        }));
        exchanges
    }
}

#[cfg(test)]
mod tests {
    use crate::session::{Ask, Run, Session};
    use crate::testing::{contracts, honest};
    use crate::{After, Budget, Case};

    #[test]
    fn a_long_transcript_keeps_both_ends_and_counts_the_rest() {
        let (contract, facts) = contracts().swap_remove(0);
        let subject = honest();
        let run = Run::new(&contract, &facts, &subject, Vec::new(), Budget::default());
        let session = Session::new(&run);
        let ask = Ask::of(&facts.resources()[0].name);
        for _ in 0..100 {
            session.send(&ask).unwrap();
        }
        let exchanges = session.transcript();
        assert_eq!(exchanges.len(), 64);
        let left_out: usize = exchanges.iter().map(|one| one.left_out).sum();
        assert_eq!((left_out, exchanges[48].left_out), (36, 36));
        session.forget(60);
        assert_eq!((session.kept(), session.transcript().len()), (60, 48));
        session.forget(20);
        assert_eq!((session.kept(), session.transcript().len()), (20, 20));
    }

    #[test]
    fn a_case_behind_an_item_shows_the_page_of_the_listing_that_has_it() {
        for (contract, facts) in contracts() {
            let subject = honest();
            let run = Run::new(&contract, &facts, &subject, Vec::new(), Budget::default());
            let session = Session::new(&run);
            let name = &facts.resources()[2].name;
            let first = session.listing(name).unwrap();
            session.begin();
            let case = Case::of(name).after(After::Item(3));
            session.send_case(&case).unwrap();
            let shown = session.transcript();
            assert_eq!(shown.len(), 2, "{name}");
            let page = session.read(&shown[0]).unwrap();
            assert!(page.keys.contains(&first.keys[3]), "{name}");
            assert_ne!(shown[0].request.target, shown[1].request.target);
        }
    }
}
