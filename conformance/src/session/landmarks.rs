//! Looks at the end of a list that is too long to be read, where a request can name a place there.
//!
//! A list that ends at a wall looks complete to all that walk it. So the judge goes behind the wall: by counting, by
//! numbers, by cursors that the subject file names, or backward from the end.

use openapi::{Direction, Position, Promise};

use super::{Session, number};
use crate::outcome::{Outcome, broken};
use crate::{After, Case, Stop, draw};

impl Session<'_> {
    /// The number of events up to the deepest one that a request found. The list has `events`.
    ///
    /// `None` if no request can name a place. A breach if an event that must be there is not.
    pub(crate) fn look_deep(&self, case: &Case, events: u64) -> Result<Option<u64>, Stop> {
        if self.counts_to_the_end(case, events)? {
            return Ok(Some(events));
        }
        let named = self.looks_at_known_places(case, events)?;
        if named == Some(events)
            || self.finds_the_last_number(case, events)?
            || self.reads_back_from_the_end(case, events)?
        {
            return Ok(Some(events));
        }
        Ok(named)
    }

    /// The case of the largest page, and its greatest number of items. `None` if no limit can be sent.
    fn largest_page(&self, case: &Case) -> (Case, Option<u64>) {
        match draw::accepted(self) {
            Ok(accepted) => {
                let most = accepted.end - 1;
                (case.clone().without_limits().limit(most), Some(most))
            }
            Err(_) => (case.clone().without_limits(), None),
        }
    }

    /// Whether the last event lies behind the number of all others, and nothing behind it.
    ///
    /// Not so if no request can count that far, because its schema has a maximum.
    fn counts_to_the_end(&self, case: &Case, events: u64) -> Result<bool, Stop> {
        let (largest, most) = self.largest_page(case);
        let most = most.unwrap_or(1);
        let last = events.saturating_sub(1);
        let (at, expected, behind) = if self.promises(Promise::ItemsAreSkipped) {
            (Position::Skip(last), events - last, Position::Skip(events))
        } else if self.promises(Promise::PagesAreNumbered) {
            let last = last / most;
            (
                Position::Page(last),
                events - last * most,
                Position::Page(last + 1),
            )
        } else {
            return Ok(false);
        };
        let paging = self.contract().paging();
        if !paging.accepts(&at) || !paging.accepts(&behind) {
            return Ok(false);
        }
        let page = self.page(&self.ask_at(&largest, &at))?;
        let found = page.keys.len() as u64;
        if found != expected {
            broken::<()>(
                format!("{events} events: {expected} on the last page"),
                format!("{found} there"),
            )?;
        }
        self.ends_before(&largest, &behind)?;
        Ok(true)
    }

    /// A breach if a page behind the end has items. A refusal is fine.
    fn ends_before(&self, case: &Case, behind: &Position) -> Outcome {
        let exchange = self.send(&self.ask_at(case, behind))?;
        match self.read(&exchange).map_or(0, |page| page.keys.len()) {
            0 => Ok(()),
            1 => broken("nothing behind the last event", "1 event"),
            items => broken("nothing behind the last event", format!("{items} events")),
        }
    }

    /// The number of events up to the end of the deepest page that the subject file names a cursor of.
    fn looks_at_known_places(&self, case: &Case, events: u64) -> Result<Option<u64>, Stop> {
        let resource = self.facts().resource(&case.resource);
        let places = resource.map_or(&[][..], |resource| &resource.places);
        let (largest, most) = self.largest_page(case);
        // A cursor may keep the limit that it was made with.
        let most = most.filter(|_| self.promises(Promise::LimitsMix));
        let mut deepest = None;
        for known in places {
            let start = largest.clone().after(After::Cursor(known.cursor.clone()));
            let page = self.page(&self.ask(&start)?)?;
            let found = page.keys.len() as u64;
            let behind = events.saturating_sub(known.behind);
            let expected = most.map(|most| most.min(behind));
            if expected.map_or(found == 0 || found > behind, |expected| found != expected) {
                let expected = expected.unwrap_or(behind);
                broken::<()>(
                    format!(
                        "{events} events: {expected} on the page behind {}",
                        known.behind
                    ),
                    format!("{found} there"),
                )?;
            }
            deepest = deepest.max(Some(known.behind + found));
        }
        Ok(deepest)
    }

    /// Whether the last event has the number that it has if no number is left out.
    ///
    /// A breach if no event has such a number, or a greater one: rising whole numbers cannot be fewer.
    fn finds_the_last_number(&self, case: &Case, events: u64) -> Result<bool, Stop> {
        if !self.promises(Promise::NumbersRise) {
            return Ok(false);
        }
        let listing = self.listing_of(case)?;
        let first = listing.items.first();
        let Some(first) = first.and_then(|item| number(self.contract(), item)) else {
            return Ok(false);
        };
        let last = first + i128::from(events) - 1;
        let cursor = (last - 1).to_string();
        if self.contract().paging().place().read(&cursor).is_err() {
            return Ok(false);
        }
        let (largest, _) = self.largest_page(case);
        let page = self.page(&self.ask(&largest.after(After::Cursor(cursor)))?)?;
        if page.keys.is_empty() {
            broken::<()>(
                format!(
                    "{events} events with rising numbers from {first} on: {last} or a greater one"
                ),
                "no event there",
            )?;
        }
        let numbers = self.page_numbers(&page)?;
        Ok(page.last && numbers.last() == Some(&last))
    }

    /// Whether the list, read backward from its end, has an event with the last number there.
    ///
    /// A breach if the page at the end is not full, or if its numbers are too small for the length of the list.
    fn reads_back_from_the_end(&self, case: &Case, events: u64) -> Result<bool, Stop> {
        let end = Position::End.before();
        let goes_back = self.promises(Promise::GoesBackward);
        if !goes_back || self.contract().paging().write(&end).is_none() {
            return Ok(false);
        }
        let (largest, most) = self.largest_page(case);
        let page = self.page(&self.ask_at(&largest, &end))?;
        let found = page.keys.len() as u64;
        let expected = most.unwrap_or(1).min(events);
        if found < expected {
            broken::<()>(
                format!("the last {expected} of {events} events"),
                format!("{found} events at the end"),
            )?;
        }
        let order = &self.contract().pagination().order;
        if order.by.is_none() || !order.strict || order.direction != Direction::Ascending {
            return Ok(false);
        }
        let listing = self.listing_of(case)?;
        let at = |item: Option<&serde_json::Value>| number(self.contract(), item?);
        let items = self.contract().items(&page.body).unwrap_or_default();
        let (Some(first), Some(last)) = (at(listing.items.first()), at(items.last())) else {
            return Ok(false);
        };
        let due = first + i128::from(events) - 1;
        if last < due {
            broken::<()>(
                format!(
                    "{events} events with rising numbers from {first} on: {due} or more at the end"
                ),
                format!("{last} at the end"),
            )?;
        }
        Ok(last == due)
    }
}
