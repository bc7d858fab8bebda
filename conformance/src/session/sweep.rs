//! A sweep reads one list from every position, with every limit that matters, once a run.
//!
//! It needs no luck, so what it finds does not depend on the seed. It judges nothing: a page that is not as the
//! listing says is only a suspect, and laws that draw their cases try the suspects, too.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use openapi::Promise;

use super::{Page, PageEnd, Session, is_out_of_order, place};
use crate::{After, Case, Stop};

/// In what a page differs from what the listing says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Oddity {
    /// It is no page.
    Status,
    /// It has other items, or fewer.
    Items,
    /// It says wrongly whether more items follow, or does not lead on although they do.
    Way,
    /// It names other items than it has.
    Echo,
    /// It counts the list wrongly.
    Total,
    /// Its first item contradicts the declared order, beside the item before it.
    Order,
}

/// A request of the sweep, by its limit and the number of items before it: smaller ones come first.
type Size = (Option<u64>, usize);

impl Session<'_> {
    /// The greatest number of positions of a list that are swept.
    const POSITIONS: usize = 300;

    /// The cases whose page is not as the listing says, smallest first; a few of each kind.
    ///
    /// The first call finds them, with `jobs` threads.
    pub(crate) fn suspects(&self, jobs: usize) -> &[Case] {
        let suspects = &self.run().suspects;
        suspects.get_or_init(|| Session::new(self.run()).sweep(jobs).unwrap_or_default())
    }

    fn sweep(&self, jobs: usize) -> Result<Vec<Case>, Stop> {
        /// The number of suspects of each kind.
        const EACH: usize = 3;
        let Some(resource) = self.to_sweep() else {
            return Ok(Vec::new());
        };
        let cases = self.every_case(&resource)?;
        if !self.run().can_spare(2 * cases.len() as u64) {
            return Ok(Vec::new());
        }
        let share = cases.len().div_ceil(jobs.max(1)).max(1);
        let odd = thread::scope(|scope| {
            let sweepers = cases.chunks(share).map(|share| {
                let own = Session::new(self.run());
                scope.spawn(move || own.odd(share))
            });
            let sweepers: Vec<_> = sweepers.collect();
            let found = sweepers.into_iter();
            let found = found.flat_map(|one| one.join().expect("a sweep does not panic"));
            found.collect::<Vec<_>>()
        });
        let mut kinds: BTreeMap<Oddity, BTreeMap<Size, Case>> = BTreeMap::new();
        for (oddity, case) in odd {
            let size = (case.limits.first().copied(), place(&case)?);
            kinds.entry(oddity).or_default().insert(size, case);
        }
        let few = kinds.values().flat_map(|cases| cases.iter().take(EACH));
        let few: BTreeMap<Size, Case> = few.map(|(size, case)| (*size, case.clone())).collect();
        Ok(few.into_values().collect())
    }

    /// The resource whose list is swept: the longest that is read whole, does not grow, and is not too long.
    fn to_sweep(&self) -> Option<String> {
        let mut best: Option<(bool, usize, String)> = None;
        for resource in self.resources() {
            let Ok(listing) = self.listing(&resource.name) else {
                continue;
            };
            let items = listing.keys.len();
            if items == 0 || !listing.complete || listing.may_repeat || items > Self::POSITIONS {
                continue;
            }
            let rank = (!resource.grows, items);
            if best.as_ref().is_none_or(|best| (best.0, best.1) < rank) {
                best = Some((rank.0, rank.1, resource.name.clone()));
            }
        }
        best.map(|(_, _, name)| name)
    }

    /// Every position of the list with every limit that matters.
    fn every_case(&self, resource: &str) -> Result<Vec<Case>, Stop> {
        let items = self.listing(resource)?.keys.len();
        let reach = self.reach();
        let bounds = self.contract().limit_bounds();
        let has_limit = self.promises(Promise::LimitsAreAsked);
        let mut cases = BTreeMap::new();
        for before in 0..=items {
            let after = before.checked_sub(1).map_or(After::Start, After::Item);
            let start = Case::of(resource).after(after);
            let mut limits = BTreeSet::new();
            if let Some(bounds) = bounds.filter(|_| has_limit) {
                let default = bounds.default.unwrap_or(1);
                let least = bounds.minimum.unwrap_or(1).max(1);
                let most = bounds.maximum.unwrap_or(u64::MAX);
                let remaining = (items - before) as u64;
                limits.extend([
                    1,
                    2,
                    least,
                    default.saturating_sub(1),
                    default,
                    default + 1,
                    remaining,
                ]);
                limits.extend(bounds.maximum);
                limits.retain(|limit| (least..=most).contains(limit));
            }
            let with = |limit: u64| reach.fit(start.clone().limit(limit));
            let mut fitting: Vec<_> = limits.into_iter().map(with).collect();
            if !has_limit {
                fitting.push(reach.fit(start));
            }
            for case in fitting {
                cases.insert((place(&case)?, case.limits.clone()), case);
            }
        }
        Ok(cases.into_values().collect())
    }

    /// Which of these pages are not as the listing says.
    fn odd(&self, cases: &[Case]) -> Vec<(Oddity, Case)> {
        let mut odd = Vec::new();
        for case in cases {
            match self.oddities(case) {
                Ok(found) => odd.extend(found.into_iter().map(|oddity| (oddity, case.clone()))),
                Err(Stop::Breach(_)) => odd.push((Oddity::Status, case.clone())),
                // Whatever stands in the way of one page may not be in that of others.
                Err(Stop::Moot(_) | Stop::NotInForce(_)) => {}
                Err(Stop::Lost(_)) => break,
            }
        }
        odd
    }

    fn oddities(&self, case: &Case) -> Result<Vec<Oddity>, Stop> {
        let page = self.page(&self.ask(case)?)?;
        let listing = self.listing_of(case)?;
        let behind = listing.keys.get(place(case)?..).unwrap_or_default();
        let limit = case.limits.first().copied().unwrap_or(u64::MAX);
        let size = usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .min(behind.len());
        let mut odd = Vec::new();
        let is_start = if self.promises(Promise::LimitsAreAsked) {
            page.keys == behind[..size]
        } else {
            behind.starts_with(&page.keys)
        };
        if !is_start {
            odd.push(Oddity::Items);
        }
        let more = page.keys.len() < behind.len();
        let is_wrong = page.more.is_some_and(|said| said != more);
        let is_short = page.last && more;
        let is_lost = more && page.next.is_none();
        let is_long = !more && !page.last && self.promises(Promise::LastPageIsSaid);
        if is_wrong || is_short || is_lost || is_long {
            odd.push(Oddity::Way);
        }
        if [PageEnd::First, PageEnd::Last]
            .iter()
            .any(|end| self.is_misnamed(*end, &page))
        {
            odd.push(Oddity::Echo);
        }
        let before = place(case)?.checked_sub(1);
        let before = before.and_then(|before| listing.items.get(before));
        let items = self.contract().items(&page.body).unwrap_or_default();
        if let (Some(before), Some(first)) = (before, items.first())
            && is_out_of_order(self.contract(), before, first)
        {
            odd.push(Oddity::Order);
        }
        let totals = &page.info.totals;
        if totals
            .items
            .is_some_and(|items| items != listing.keys.len() as u64)
        {
            odd.push(Oddity::Total);
        }
        Ok(odd)
    }

    /// Whether a page repeats another key than that of its item at this end.
    fn is_misnamed(&self, end: PageEnd, page: &Page) -> bool {
        let key = match end {
            PageEnd::First => page.keys.first(),
            PageEnd::Last => page.keys.last(),
        };
        let (Some(key), Ok(echo)) = (key, end.echo(self.contract())) else {
            return false;
        };
        let named = echo.get(&page.body).and_then(openapi::key_text);
        named.map(|text| self.key(&text)).as_ref() != Some(key)
    }
}
