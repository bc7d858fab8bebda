//! Starts in the middle of a list, in every dialect.
//!
//! Where keys or counts name places, a request names any. Where only the server makes cursors, a start is a cursor
//! that it handed out: a page of the right size ends before the start, and leads there.

use std::collections::BTreeMap;

use openapi::{Position, Promise};

use super::{Ask, Listing, Session};
use crate::{After, Case, Skip, Stop, outcome};

/// The places of lists at which a page can start.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Behind any item.
    Items,
    /// Behind a number of whole pages of the request's own limit. It is at most this number.
    Pages {
        /// The number of items of a page whose request sends no limit.
        default: Option<u64>,
        /// The greatest number of pages.
        most: usize,
    },
    /// Behind these numbers of items, by the resource's name.
    Only(BTreeMap<String, Vec<usize>>),
}

impl Reach {
    /// The same case, if a page can start there. Else it starts at the nearest place before.
    pub(crate) fn fit(&self, case: Case) -> Case {
        let After::Item(index) = case.after else {
            return case;
        };
        let wanted = index + 1;
        let before = match self {
            Self::Items => wanted,
            Self::Pages { default, most } => {
                let limit = case.limits.first().copied().or(*default);
                let size = limit.and_then(|limit| usize::try_from(limit).ok());
                let size = size.filter(|size| *size > 0);
                size.map_or(0, |size| (wanted / size).min(*most) * size)
            }
            Self::Only(places) => {
                let known = places.get(&case.resource).map(Vec::as_slice);
                let mut known = known.unwrap_or_default().iter().rev();
                known.find(|place| **place <= wanted).copied().unwrap_or(0)
            }
        };
        let after = before.checked_sub(1).map_or(After::Start, After::Item);
        case.after(after)
    }
}

impl Session<'_> {
    /// The places at which a page can start. Listings that cannot be read have none.
    pub(crate) fn reach(&self) -> Reach {
        /// The greatest number of pages in a walk to a start in the middle.
        const WALKED: usize = 3;
        if self.promises(Promise::ItemsNamePlaces) || self.promises(Promise::ItemsAreSkipped) {
            return Reach::Items;
        }
        if !self.promises(Promise::LimitsAreAsked) {
            let places = self.resources().iter().filter_map(|one| {
                let listing = self.listing(&one.name).ok()?;
                let places = listing.places.iter().map(|(before, _)| *before);
                Some((one.name.clone(), places.collect()))
            });
            return Reach::Only(places.collect());
        }
        if self.promises(Promise::LimitsMix) {
            return Reach::Items;
        }
        let numbered = self.promises(Promise::PagesAreNumbered);
        let bounds = self.contract().limit_bounds();
        Reach::Pages {
            default: bounds.and_then(|bounds| bounds.default),
            most: if numbered { usize::MAX } else { WALKED },
        }
    }

    /// The place behind the item at `index` of the listing of the case's resource.
    ///
    /// It may be asked for, by the owner and with the case's limit. Moot if no request leads there.
    pub(super) fn place_behind(&self, case: &Case, index: usize) -> Result<Position, Stop> {
        let before = index + 1;
        if self.promises(Promise::ItemsNamePlaces) {
            let listing = self.listing_for_item(&case.resource, index)?;
            let cursor = listing.cursors.get(index);
            return match cursor.and_then(|cursor| self.behind(cursor)) {
                Some(at) => Ok(at),
                None => outcome::moot(format!("the listing has no item {index}")),
            };
        }
        let listing = self.listing_for_item(&case.resource, index)?;
        if listing.complete && before >= listing.keys.len() {
            return outcome::moot("nothing lies behind that place, so no page need be there");
        }
        if self.promises(Promise::ItemsAreSkipped) {
            return self.counted(Position::Skip(before as u64));
        }
        let mixes = self.promises(Promise::LimitsMix);
        let own_limit = case.limits.first().copied().filter(|_| !mixes);
        let key = (case.resource.clone(), before, own_limit);
        if let Some(known) = self.handed_out(&key) {
            return Ok(known);
        }
        let at = if !self.promises(Promise::LimitsAreAsked) {
            self.listed_place(&case.resource, before)?
        } else if mixes {
            self.behind_one_page(&case.resource, &listing, before)?
        } else {
            self.behind_whole_pages(case, before)?
        };
        self.hand_out(key, at.clone());
        Ok(at)
    }

    /// A place that the listing met.
    fn listed_place(&self, resource: &str, before: usize) -> Result<Position, Stop> {
        let listing = self.listing_for_item(resource, before - 1)?;
        let mut places = listing.places.iter();
        match places.find(|(known, _)| *known == before) {
            Some((_, at)) => Ok(at.clone()),
            None => outcome::moot(format!("no page of the listing ends behind {before} items")),
        }
    }

    /// Not in force unless keys or tokens stand for places, which stay although items before them go.
    pub(crate) fn needs_lasting_places(&self) -> Result<(), Skip> {
        if self.promises(Promise::TokensAreHandedOut) {
            return Ok(());
        }
        self.needs(Promise::ItemsNamePlaces)
    }

    /// The place behind the item at `index` of a listing that was read just now.
    ///
    /// Moot if no request leads there.
    pub(crate) fn place_in(
        &self,
        resource: &str,
        listing: &Listing,
        index: usize,
    ) -> Result<Position, Stop> {
        if !self.promises(Promise::ItemsNamePlaces) {
            return self.behind_one_page(resource, listing, index + 1);
        }
        let cursor = listing.cursors.get(index);
        match cursor.and_then(|cursor| self.behind(cursor)) {
            Some(at) => Ok(at),
            None => outcome::moot("no request starts behind an event"),
        }
    }

    /// The place that a page of the right size leads to.
    ///
    /// The page starts at the nearest place that the listing met, so that one request is enough.
    fn behind_one_page(
        &self,
        resource: &str,
        listing: &Listing,
        before: usize,
    ) -> Result<Position, Stop> {
        let met = listing.places.iter();
        let nearest = met.rev().find(|(known, _)| *known <= before).cloned();
        let (known, at) = nearest.unwrap_or((0, Position::Start));
        if known == before {
            return Ok(at);
        }
        let expected = listing.keys.get(known..before).unwrap_or_default();
        if expected.is_empty() {
            return outcome::moot(format!("the listing has fewer than {before} items"));
        }
        let size = (before - known).to_string();
        let ask = Ask::of(resource).at(self.contract(), &at);
        let ask = match self.contract().paging().limit_from(&at) {
            Some(limit) => ask.with(limit, &size),
            None => ask,
        };
        let page = self.page_or_moot(&ask)?;
        if page.keys != expected {
            return outcome::moot(format!("no page of {size} items ends there"));
        }
        match page.next.filter(|_| !page.last) {
            Some(next) => Ok(next),
            None => outcome::moot("the page leads to no other"),
        }
    }

    /// The place that pages of the case's own limit lead to, one after the other.
    fn behind_whole_pages(&self, case: &Case, before: usize) -> Result<Position, Stop> {
        /// More pages are never walked to a start.
        const MOST: usize = 16;
        let bounds = self.contract().limit_bounds();
        let limit = case.limits.first().copied();
        let size = limit.or(bounds.and_then(|bounds| bounds.default));
        if self.promises(Promise::PagesAreNumbered)
            && let Some(size) = size.filter(|size| *size > 0)
            && (before as u64).is_multiple_of(size)
        {
            return self.counted(Position::Page(before as u64 / size));
        }
        let start = Case {
            limits: limit.into_iter().collect(),
            ..Case::of(&case.resource)
        };
        let mut at = Position::Start;
        let mut read = 0;
        for _ in 0..MOST {
            let page = self.page_at(&start, &at)?;
            read += page.keys.len();
            match page.next.filter(|_| !page.last) {
                Some(next) => at = next,
                None => return outcome::moot("the list ends before that start"),
            }
            if read >= before {
                break;
            }
        }
        if read == before {
            Ok(at)
        } else {
            outcome::moot(format!("no page of this size ends behind {before} items"))
        }
    }
}
