//! What says that nothing remains.

use super::{Counts, End, PageRequest, Paging, Position, Way};
use crate::EndRule;

/// What a page shows of its end.
pub(super) struct Shown<'p> {
    pub(super) request: &'p PageRequest,
    /// How many items it has.
    pub(super) items: usize,
    /// Whether it says that more follow.
    pub(super) more: Option<bool>,
    /// Where it leads.
    pub(super) way: Option<&'p Way>,
    /// Whether the client counted to get there.
    pub(super) counts: bool,
    pub(super) totals: Counts,
}

impl Paging {
    /// Why a client stops at the page; `None` if it goes on.
    ///
    /// The contract's own rules are `end.by`. If it has none, they follow from the ways on.
    pub(super) fn end(&self, shown: &Shown<'_>) -> Option<End> {
        if self.is_whole() {
            return Some(End::Whole);
        }
        let rules = &self.pagination.end.by;
        if !rules.is_empty() {
            return rules.iter().find_map(|rule| self.ends_by(*rule, shown));
        }
        if let Some(end) = self.ends_by(EndRule::More, shown) {
            return Some(end);
        }
        if shown.items == 0 && !self.leads_on(shown) {
            return Some(End::EmptyPage);
        }
        if self.has_ranges()
            && let Some(end) = self.ends_by(EndRule::Total, shown)
        {
            return Some(end);
        }
        if !shown.counts || shown.more.is_some() {
            return None;
        }
        // A list that says how long it is may have a short page in the middle.
        match shown.totals.items {
            Some(_) => self.ends_by(EndRule::Total, shown),
            None => self.ends_by(EndRule::ShortPage, shown),
        }
    }

    /// Whether a client goes on from an empty page.
    ///
    /// A filter may leave nothing of a page in the middle of a list. At the end, a place is handed out for
    /// polling: in style `since`, and where the contract says that the last cursor resumes.
    fn leads_on(&self, shown: &Shown<'_>) -> bool {
        let moves = matches!(shown.way, Some(Way::To(at)) if *at != shown.request.at);
        let is_for_polling = self.request.filters || self.pagination.cursor.resume;
        moves && (shown.more == Some(true) || !is_for_polling && !shown.counts)
    }

    fn ends_by(&self, rule: EndRule, shown: &Shown<'_>) -> Option<End> {
        let (holds, end) = match rule {
            EndRule::More => (shown.more == Some(false), End::Said),
            EndRule::NoCursor => (!matches!(shown.way, Some(Way::To(_))), End::NoWay),
            EndRule::EmptyPage => (shown.items == 0, End::EmptyPage),
            EndRule::ShortPage => {
                let limit = self.limit_of(shown.request);
                let is_short = limit.is_some_and(|limit| (shown.items as u64) < limit);
                (is_short, End::ShortPage)
            }
            EndRule::Total => (self.is_reached(shown), End::Total),
        };
        holds.then_some(end)
    }

    /// Whether the page holds the last of the items that it counts.
    fn is_reached(&self, shown: &Shown<'_>) -> bool {
        if shown.totals.remaining == Some(0) {
            return true;
        }
        let limit = self.limit_of(shown.request);
        let before = match &shown.request.at {
            Position::Start => Some(0),
            Position::Skip(items) => Some(*items),
            Position::Page(pages) => limit.and_then(|limit| limit.checked_mul(*pages)),
            _ => None,
        };
        let read = before.map(|before| before.saturating_add(shown.items as u64));
        let all = shown.totals.items;
        if let Some((read, all)) = read.zip(all) {
            return read >= all;
        }
        // Where no request says how long a page is, the number of pages says which one is the last.
        match (&shown.request.at, shown.totals.pages) {
            (Position::Page(before), Some(pages)) => before.saturating_add(1) >= pages,
            _ => false,
        }
    }

    /// How many items a page holds at most, as far as that is known.
    fn limit_of(&self, request: &PageRequest) -> Option<u64> {
        request.limit.or_else(|| self.limit_bounds()?.default)
    }
}
