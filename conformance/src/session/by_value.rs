//! Servers that compare a cursor with keys, instead of looking for the item that it names.

use std::cmp::Ordering;

use super::Session;
use crate::{After, Case, Stop};

impl Session<'_> {
    /// Whether a page has just the items that follow the case's cursor by value, as where a server asks its
    /// database for `key > cursor`.
    ///
    /// Such a server serves a page for any cursor, and is correct. Never if the contract says how an unknown
    /// cursor is answered, or if a listing is not in the order of its keys.
    pub(crate) fn follows_by_value(&self, case: &Case, page: &[String]) -> Result<bool, Stop> {
        /// Fewer neighbours may be in order by chance.
        const LEAST: usize = 4;
        let After::Cursor(cursor) = &case.after else {
            return Ok(false);
        };
        if self.contract().pagination().cursor.unknown.is_some() {
            return Ok(false);
        }
        let own = self.listing(&case.resource)?;
        let mut orders = Vec::new();
        for resource in self.resources() {
            let Some(listing) = self.shared(&resource.name) else {
                continue;
            };
            let pairs = listing.keys.windows(2);
            orders.extend(pairs.map(|pair| compare(&pair[0], &pair[1])));
            let foreign = |key: &String| listing.keys.contains(key) && !own.keys.contains(key);
            if page.iter().any(foreign) {
                return Ok(false);
            }
        }
        let Some(order) = orders.first().filter(|order| order.is_ne()) else {
            return Ok(false);
        };
        if orders.len() < LEAST || orders.iter().any(|other| other != order) {
            return Ok(false);
        }
        let cursor = self.key(cursor);
        let behind = |key: &&String| compare(&cursor, key) == *order;
        let expected: Vec<_> = own.keys.iter().filter(behind).collect();
        // The timeline may have grown since it was listed.
        let known: Vec<_> = page.iter().filter(|key| own.keys.contains(key)).collect();
        if !expected.starts_with(&known) || !page.iter().all(|key| behind(&key)) {
            return Ok(false);
        }
        let Some(last) = own
            .cursors
            .last()
            .filter(|_| expected.len() == own.keys.len())
        else {
            return Ok(true);
        };
        // A server that restarts returns this page, too, but also behind the end.
        let Some(beyond) = beyond(last, *order) else {
            return Ok(false);
        };
        let exchange = self.send_again(&self.ask(&case.clone().after(After::Cursor(beyond)))?)?;
        Ok(self
            .read(&exchange)
            .map_or(true, |page| page.keys.is_empty()))
    }
}

/// A text of the same shape that follows a key in this order. `None` if none of its digits can change.
fn beyond(key: &str, order: Ordering) -> Option<String> {
    let (stay, step) = match order {
        Ordering::Less => (b'9', 1),
        _ => (b'0', -1_i8),
    };
    let mut bytes = key.as_bytes().to_vec();
    let mut digits = bytes.iter_mut().rev();
    let digit = digits.find(|byte| byte.is_ascii_digit() && **byte != stay)?;
    *digit = digit.checked_add_signed(step)?;
    String::from_utf8(bytes).ok()
}

/// The order of two keys: as numbers if both are, else as texts.
fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}
