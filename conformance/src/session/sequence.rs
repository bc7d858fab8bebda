//! Sequences are timelines with numbered items and a number as the cursor.

use openapi::Contract;
use serde_json::Value;

use super::{Listing, Page, Session};
use crate::outcome::moot;
use crate::{After, Case, Stop};

/// The number of an item that is compared with a cursor.
pub(crate) fn number(contract: &Contract, item: &Value) -> Option<i128> {
    let pagination = contract.pagination();
    let place = pagination.order.by.as_ref().unwrap_or(&pagination.key);
    integer(place.get(item)?)
}

/// The latest number of the timeline that a page reports, or else the documented default.
pub(crate) fn latest(contract: &Contract, page: &Page) -> Option<i128> {
    let place = contract.paging().latest()?;
    match place.get(&page.body) {
        Some(value) => integer(value),
        None => integer(contract.body().at(place)?.keyword("default")?),
    }
}

fn integer(value: &Value) -> Option<i128> {
    // Whether a text may stand here is the schema's business.
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

impl Session<'_> {
    /// The numbers of items. Moot if one has none.
    pub(crate) fn numbers(&self, items: &[Value]) -> Result<Vec<i128>, Stop> {
        let numbers: Option<Vec<_>> = items
            .iter()
            .map(|item| number(self.contract(), item))
            .collect();
        numbers.map_or_else(|| moot("an item has no number"), Ok)
    }

    /// The numbers of a page's items. Moot if one has none.
    pub(crate) fn page_numbers(&self, page: &Page) -> Result<Vec<i128>, Stop> {
        self.numbers(self.contract().items(&page.body).unwrap_or_default())
    }

    /// The difference between a page and the items after the number that the case starts at.
    ///
    /// `None` if there is none. Items may have been added since the timeline was listed.
    pub(crate) fn filter_departure(
        &self,
        case: &Case,
        page: &Page,
    ) -> Result<Option<String>, Stop> {
        let Some(cursor) = cursor_number(case) else {
            return moot("the case names no number");
        };
        let below = self
            .page_numbers(page)?
            .into_iter()
            .find(|one| *one <= cursor);
        if let Some(below) = below {
            return Ok(Some(format!("number {below} is on the page")));
        }
        let listing = self.listing_of(case)?;
        let behind = self.above(&listing, cursor)?;
        let departure = behind.departure(0, &page.keys, self.end_of(page));
        let added = page.keys.get(behind.keys.len()..).unwrap_or_default();
        if departure.is_some() || added.is_empty() {
            return Ok(departure);
        }
        // An item beyond the listing is new only if a second listing has it, too.
        let now = self.read_listing(&case.resource)?;
        let odd = added
            .iter()
            .find(|key| now.complete && !now.keys.contains(key));
        Ok(odd.map(|key| format!("{key}, which is not served without a cursor")))
    }

    /// The part of a listing whose numbers are greater than `cursor`.
    fn above(&self, listing: &Listing, cursor: i128) -> Result<Listing, Stop> {
        let numbers = self.numbers(&listing.items)?;
        let keys = numbers
            .iter()
            .zip(&listing.keys)
            .filter(|(number, _)| **number > cursor)
            .map(|(_, key)| key.clone())
            .collect();
        Ok(Listing {
            keys,
            ..Listing::default()
        })
    }
}

/// The number that a case starts at.
pub(crate) fn cursor_number(case: &Case) -> Option<i128> {
    match &case.after {
        After::Cursor(text) => text.parse().ok(),
        After::Start | After::Item(_) => None,
    }
}
