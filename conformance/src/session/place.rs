//! Compares the items that were read from a place with the listing, and allows for growth.

use std::collections::HashSet;

use openapi::{Direction, Position, Promise};

use super::{End, Listing, Page, Session, difference};
use crate::{After, Case, Stop, outcome};

impl Listing {
    /// The last place that its pages led to, up to this number of items, and the number of items before it.
    pub(crate) fn place_before(&self, items: usize) -> Option<(usize, Position)> {
        let mut places = self.places.iter().rev();
        places.find(|(before, _)| *before <= items).cloned()
    }

    /// The difference between `read` and the items after the first `place` ones. `None` if there is none.
    ///
    /// `read` may be the beginning of them, unless `end` says that it is all. After a timeline's end it may
    /// have items that were not listed.
    pub(crate) fn departure(&self, place: usize, read: &[String], end: End) -> Option<String> {
        let listed = self.keys.get(place..).unwrap_or_default();
        let same = listed
            .iter()
            .zip(read)
            .take_while(|(left, right)| left == right)
            .count();
        let departs = match (listed.get(same), read.get(same)) {
            (Some(_), Some(_)) => true,
            (Some(_), None) => end == End::Last,
            (None, None) => false,
            (None, Some(_)) if self.may_repeat => return None,
            (None, Some(_)) => {
                let known: HashSet<_> = self.keys.iter().collect();
                let again = read[same..].iter().find(|key| known.contains(key));
                return again.map(|key| format!("{key} again after the end"));
            }
        };
        departs.then(|| difference(listed, read))
    }
}

impl Session<'_> {
    /// The difference between the keys that were read from the case's start and the listing.
    ///
    /// `None` if there is none. A timeline may have grown since it was listed, at either end.
    pub(crate) fn departure(
        &self,
        case: &Case,
        read: &[String],
        end: End,
    ) -> Result<Option<String>, Stop> {
        let listing = self.listing_of(case)?;
        let place = place(case)?;
        let departure = listing.departure(place, read, end);
        if departure.is_none() || place > 0 || !self.may_grow_at_start() {
            return Ok(departure);
        }
        // If the newest come first, new events stand before the listed ones.
        let Some(first) = read.first().filter(|key| !listing.keys.contains(key)) else {
            return Ok(departure);
        };
        let now = self.read_listing(&case.resource)?;
        let place = now.keys.iter().position(|key| key == first);
        Ok(place.map_or(departure, |place| now.departure(place, read, end)))
    }

    /// As [`Session::departure`], for one page. It may be only the beginning.
    pub(crate) fn page_departure(&self, case: &Case, page: &Page) -> Result<Option<String>, Stop> {
        self.departure(case, &page.keys, self.end_of(page))
    }

    /// How much a page shows: all that follows, if it holds everything, or if nothing leads on from it.
    ///
    /// A page without items that leads on is in the middle of a list.
    pub(crate) fn end_of(&self, page: &Page) -> End {
        let is_all = !self.promises(Promise::Pages) || page.keys.is_empty() && page.last;
        if is_all { End::Last } else { End::CutOff }
    }

    /// The place after the item with this key. `None` if keys name no places.
    pub(crate) fn behind(&self, key: &str) -> Option<Position> {
        self.contract().paging().behind(key)
    }

    /// The place, if a request may ask for it. Moot if the schema of its parameter takes no such number.
    pub(crate) fn counted(&self, at: Position) -> Result<Position, Stop> {
        if self.contract().paging().accepts(&at) {
            return Ok(at);
        }
        let (place, text) = (&self.contract().paging().place().name, self.text(&at));
        outcome::moot(format!("the document accepts no `{place}` of {text}"))
    }

    /// A place as the text that is sent for it.
    pub(crate) fn text(&self, at: &Position) -> String {
        if let Position::Url(url) = at {
            return url.clone();
        }
        let written = self.contract().paging().write(at).unwrap_or_default();
        let mut texts = written.into_iter().map(|(_, text)| text);
        texts.next().unwrap_or_default()
    }

    /// Whether new items may come first, because the order is descending or not declared.
    pub(crate) fn may_grow_at_start(&self) -> bool {
        let order = &self.contract().pagination().order;
        order.by.is_none() || order.direction == Direction::Descending
    }

    /// Whether `new`, read from the case's start, may be `old` after growth.
    pub(crate) fn may_have_become(&self, case: &Case, old: &[String], new: &[String]) -> bool {
        if new.starts_with(old) {
            return true;
        }
        let kept = old
            .first()
            .and_then(|first| new.iter().position(|key| key == first));
        case.after == After::Start
            && self.may_grow_at_start()
            && kept.is_some_and(|kept| {
                old.starts_with(&new[kept..]) && !new[..kept].iter().any(|key| old.contains(key))
            })
    }

    /// Whether a page starts at the start of the timeline.
    pub(crate) fn is_from_the_start(&self, id: &str, page: &Page) -> Result<bool, Stop> {
        let Some(first) = page.keys.first() else {
            return Ok(false);
        };
        let listing = self.listing(id)?;
        if listing.keys.contains(first) {
            return Ok(listing.keys.first() == Some(first));
        }
        Ok(self.read_listing(id)?.keys.first() == Some(first))
    }
}

/// The number of items of the listing before the case's start.
///
/// Moot if it starts at a cursor of unknown place.
pub(crate) fn place(case: &Case) -> Result<usize, Stop> {
    match &case.after {
        After::Start => Ok(0),
        After::Item(index) => Ok(index + 1),
        After::Cursor(text) => outcome::moot(format!("no item is known to have the key {text}")),
    }
}
