//! The values that items are sorted by: whole numbers, decimals, moments and texts.

use std::cmp::Ordering;

use openapi::{Contract, Direction, Schema, Selector};
use serde_json::Value;

use super::number;

/// The kind of the values that items are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sorted {
    /// Whole numbers.
    Integers,
    /// Any numbers.
    Decimals,
    /// Points in time (`format: date-time`).
    Moments,
    /// Texts.
    Texts,
}

impl Sorted {
    /// The kind of the values of this schema. `None` if they have no order.
    pub(crate) fn of(schema: &Schema) -> Option<Self> {
        let types = schema.types();
        let is_time = schema
            .keyword("format")
            .is_some_and(|format| format == "date-time");
        if types.contains(&"integer") {
            Some(Self::Integers)
        } else if types.contains(&"number") {
            Some(Self::Decimals)
        } else if types.contains(&"string") {
            Some(if is_time { Self::Moments } else { Self::Texts })
        } else {
            None
        }
    }

    /// The order of two items. `None` if servers may differ about it, or if one has no value.
    pub(crate) fn compare(
        self,
        contract: &Contract,
        one: &Value,
        other: &Value,
    ) -> Option<Ordering> {
        if self == Self::Integers {
            return Some(number(contract, one)?.cmp(&number(contract, other)?));
        }
        self.order(value(contract, one)?, value(contract, other)?)
    }

    /// The order of two values. `None` if servers may differ about it.
    fn order(self, one: &Value, other: &Value) -> Option<Ordering> {
        let whole = |value: &Value| {
            value
                .as_i64()
                .map(i128::from)
                .or(value.as_u64().map(i128::from))
        };
        match self {
            Self::Integers => Some(whole(one)?.cmp(&whole(other)?)),
            Self::Decimals => one.as_f64()?.partial_cmp(&other.as_f64()?),
            Self::Moments => Some(moment(one)?.cmp(&moment(other)?)),
            Self::Texts => texts(one.as_str()?, other.as_str()?),
        }
    }
}

/// Whether two neighbours of a list contradict the order that the contract declares.
pub(crate) fn is_out_of_order(contract: &Contract, one: &Value, other: &Value) -> bool {
    let order = &contract.pagination().order;
    let schema = order.by.as_ref().and_then(|by| contract.item().at(by));
    let sorted = schema.as_ref().and_then(Sorted::of);
    let found = sorted.and_then(|sorted| sorted.compare(contract, one, other));
    let wrong = wrong_way(order.direction);
    found.is_some_and(|found| found == wrong || order.strict && found.is_eq())
}

/// Whether two neighbours contradict an order by a property of theirs.
///
/// Services sort words of an enumeration by their rank as well as by their text, so those never do.
pub(super) fn contradicts(
    contract: &Contract,
    by: &Selector,
    direction: Direction,
    one: &Value,
    other: &Value,
) -> bool {
    let schema = contract.item().at(by);
    let schema = schema.filter(|schema| schema.keyword("enum").is_none());
    let sorted = schema.as_ref().and_then(Sorted::of);
    let found = sorted.zip(by.get(one).zip(by.get(other)));
    let found = found.and_then(|(sorted, (one, other))| sorted.order(one, other));
    found == Some(wrong_way(direction))
}

/// How a value lies beside the next one, if they contradict a direction.
fn wrong_way(direction: Direction) -> Ordering {
    match direction {
        Direction::Ascending => Ordering::Greater,
        Direction::Descending => Ordering::Less,
    }
}

/// The value that an item is sorted by.
pub(crate) fn value<'v>(contract: &Contract, item: &'v Value) -> Option<&'v Value> {
    contract.pagination().order.by.as_ref()?.get(item)
}

fn moment(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

/// The order of two texts, if every usual order of a database agrees: by bytes, without case, or as numbers.
///
/// Orders of languages treat other characters than letters and digits in many ways.
fn texts(one: &str, other: &str) -> Option<Ordering> {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_plain(one) || !is_plain(other) {
        return (one == other).then_some(Ordering::Equal);
    }
    let has_digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if one.len() != other.len() && has_digits(one) && has_digits(other) {
        // Some orders compare the digits as numbers, so that 9 comes before 10.
        return None;
    }
    let exact = one.cmp(other);
    let folded = one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase());
    (exact == folded).then_some(exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_an_order_where_all_databases_agree() {
        for (one, other, expect) in [
            ("a", "b", Some(Ordering::Less)),
            ("b", "a", Some(Ordering::Greater)),
            ("Same", "Same", Some(Ordering::Equal)),
            ("a", "B", None),
            ("9", "10", None),
            ("09", "10", Some(Ordering::Less)),
            ("de luge", "deluge", None),
            ("é", "f", None),
        ] {
            assert_eq!(texts(one, other), expect, "{one} {other}");
        }
    }

    #[test]
    fn moments_are_compared_as_moments() {
        let at = |text: &str| moment(&text.into()).unwrap();
        assert!(at("2026-03-01T09:00:00+02:00") < at("2026-03-01T08:00:00Z"));
        assert!(at("2026-03-01T08:00:00.5Z") > at("2026-03-01T08:00:00Z"));
    }
}
