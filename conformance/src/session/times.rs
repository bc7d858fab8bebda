//! Finds the time of an item, and the order of times.

use std::time::SystemTime;

use openapi::{Contract, Direction, Selector};
use serde_json::Value;

use crate::outcome::{Skip, not_in_force};
use crate::presigned::rfc3339;

/// The place of an item's time: its only required time, or the one it is sorted by.
///
/// Not in force if there is none, or several, because the contract does not say which.
pub(crate) fn of_items(contract: &Contract) -> Result<Selector, Skip> {
    let item = contract.item();
    let is_time = |selector: &Selector| {
        let schema = item.at(selector);
        schema.is_some_and(|schema| {
            schema
                .keyword("format")
                .is_some_and(|format| format == "date-time")
        })
    };
    if let Some(by) = contract.pagination().order.by.clone().filter(is_time) {
        return Ok(by);
    }
    let required = item
        .properties()
        .into_iter()
        .filter(|name| item.requires(name));
    let mut times = required
        .filter_map(|name| format!("$['{name}']").parse().ok())
        .filter(is_time);
    match (times.next(), times.next()) {
        (Some(time), None) => Ok(time),
        (None, _) => not_in_force("an item has no time"),
        _ => not_in_force(
            "an item has several times, and the contract does not say which is its own",
        ),
    }
}

/// An item's time as served, and in seconds since 1970.
pub(crate) fn of<'v>(item: &'v Value, place: &Selector) -> Option<(&'v str, i64)> {
    let text = place.get(item)?.as_str()?;
    Some((text, rfc3339(text)?))
}

/// The order of a timeline, if the contract states it.
pub(crate) fn direction(contract: &Contract) -> Option<Direction> {
    let order = &contract.pagination().order;
    order.by.as_ref().map(|_| order.direction)
}

/// A point in time, in seconds since 1970, or zero before that.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_secs()).unwrap_or(i64::MAX)
}
