//! What arithmetic chooses of a list, however long it is: bounds of the property that orders it, which leave a range
//! that is found by halving; and properties whose values are dealt out evenly.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Range;

use fixtures::{Selection, Timeline};
use serde_json::Value;

use super::Wanted;
use super::wanted::ranked;

/// The items that are wanted; `None` if that takes an index.
pub(super) fn selection(timeline: &Timeline, wanted: &Wanted) -> Option<Selection> {
    let parts = wanted.parts()?;
    let dealt = match parts.equal.as_slice() {
        [] => None,
        equal => Some(timeline.dealt(equal)?),
    };
    // Items that a client made or changed may have any value, as may those that a scenario places one by one.
    let apart = timeline.places_apart();
    if let Some((property, _)) = parts.order
        && !(timeline.ascends_by(property) && keeps_order(timeline, property, &apart))
    {
        return None;
    }
    let range = match parts.bounded {
        Some(property) => range(timeline, wanted, property, &apart)?,
        None => 0..timeline.places(),
    };
    let removed: HashSet<u64> = timeline.removed_places().into_iter().collect();
    let is_wanted = |place: &u64| {
        let item: Value = serde_json::from_slice(&timeline.event_at(*place)).unwrap_or_default();
        !removed.contains(place) && wanted.wants(|name| item.get(name).unwrap_or(&Value::Null))
    };
    let others = apart.iter().copied().filter(is_wanted).collect();
    let mut without: Vec<u64> = removed.iter().copied().chain(apart).collect();
    without.sort_unstable();
    without.dedup();
    Some(Selection::computed(range, dealt, without, others))
}

/// Whether the items at these places ascend by a property together with those beside them.
fn keeps_order(timeline: &Timeline, property: &str, apart: &[u64]) -> bool {
    let at = |place: u64| {
        let item: Value = serde_json::from_slice(&timeline.event_at(place)).unwrap_or_default();
        item.get(property).cloned().unwrap_or_default()
    };
    let ascends = |one: u64, other: u64| {
        other >= timeline.places() || ranked(&at(one), &at(other)) != Ordering::Greater
    };
    apart.iter().all(|place| {
        let before = place.checked_sub(1);
        before.is_none_or(|before| ascends(before, *place)) && ascends(*place, place + 1)
    })
}

/// The places between bounds of a property; `None` if the property does not order the list. `apart` are the places of
/// items that it may not order.
fn range(
    timeline: &Timeline,
    wanted: &Wanted,
    property: &str,
    apart: &[u64],
) -> Option<Range<u64>> {
    if !timeline.ascends_by(property) {
        return None;
    }
    let beside = |place: u64| {
        let item: Value = serde_json::from_slice(&timeline.event_at(place)).ok()?;
        wanted.beside_bounds(item.get(property)?)
    };
    let computed = |number: u64| number + passed(apart, number);
    let count = timeline.places() - apart.len() as u64;
    let first = first_of(0..count, |number| {
        Some(beside(computed(number))? != Ordering::Less)
    })?;
    let last = first_of(first..count, |number| {
        Some(beside(computed(number))? == Ordering::Greater)
    })?;
    Some(if first < last {
        computed(first)..computed(last - 1) + 1
    } else {
        0..0
    })
}

/// How many changed places lie before the unchanged one that has `number` unchanged ones before it.
fn passed(changed: &[u64], number: u64) -> u64 {
    let (mut low, mut high) = (0, changed.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if changed[middle] - middle as u64 <= number {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low as u64
}

/// The first of some numbers for which `is` holds, as it then does for all behind it; their end if it holds for none.
fn first_of(numbers: Range<u64>, is: impl Fn(u64) -> Option<bool>) -> Option<u64> {
    let (mut low, mut high) = (numbers.start, numbers.end);
    while low < high {
        let middle = u64::midpoint(low, high);
        if is(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}
