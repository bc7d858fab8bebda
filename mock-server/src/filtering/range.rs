//! Bounds of the property that a list is ordered by: the wanted items are a range, which is found by halving. So a
//! list may have any length.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Range;

use fixtures::{Selection, Timeline};
use serde_json::Value;

use super::Wanted;

/// The items that are wanted; `None` if anything but bounds of such a property is.
pub(super) fn selection(timeline: &Timeline, wanted: &Wanted) -> Option<Selection> {
    let property = wanted.only_bounds()?;
    if !timeline.ascends_by(property) {
        return None;
    }
    let beside = |place: u64| {
        let item: Value = serde_json::from_slice(&timeline.event_at(place)).ok()?;
        wanted.beside_bounds(item.get(property)?)
    };
    // Items that a client made or changed may have any value.
    let changed = timeline.changed_places();
    let computed = |number: u64| number + passed(&changed, number);
    let count = timeline.places() - changed.len() as u64;
    let first = first_of(0..count, |number| {
        Some(beside(computed(number))? != Ordering::Less)
    })?;
    let last = first_of(first..count, |number| {
        Some(beside(computed(number))? == Ordering::Greater)
    })?;
    let range = if first < last {
        computed(first)..computed(last - 1) + 1
    } else {
        0..0
    };
    let removed: HashSet<u64> = timeline.removed_places().into_iter().collect();
    let is_wanted =
        |place: &u64| !removed.contains(place) && beside(*place) == Some(Ordering::Equal);
    let (own, others): (Vec<u64>, Vec<u64>) = changed.into_iter().partition(is_wanted);
    let mut without: Vec<u64> = removed.iter().copied().chain(others).collect();
    without.sort_unstable();
    without.dedup();
    let own = own.into_iter().filter(|place| !range.contains(place));
    let own = own.collect();
    Some(Selection::of_range(range, without, own))
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
