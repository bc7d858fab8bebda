//! What the schema of a limit parameter says of numbers of items.

use serde_json::Value;

use crate::Schema;

/// What the schema of a limit parameter says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitBounds {
    /// The smallest limit.
    pub minimum: Option<u64>,
    /// The greatest limit.
    pub maximum: Option<u64>,
    /// The limit of a request that sends none.
    pub default: Option<u64>,
}

impl LimitBounds {
    /// Reads `schema`; a bound may also stand in a branch of `anyOf`, `oneOf` or `allOf`.
    pub(crate) fn of(schema: &Schema) -> Self {
        let branches = ["anyOf", "oneOf", "allOf"];
        let branches = branches.into_iter().flat_map(|list| schema.branches(list));
        branches.fold(Self::said_by(schema), |found, branch| {
            let said = Self::said_by(&branch);
            Self {
                minimum: found.minimum.or(said.minimum),
                maximum: found.maximum.or(said.maximum),
                default: found.default.or(said.default),
            }
        })
    }

    fn said_by(schema: &Schema) -> Self {
        let number = |keyword: &str| schema.keyword(keyword).and_then(Value::as_f64);
        // 3.0 says `exclusiveMinimum: true` beside `minimum`; 3.1 gives it the number.
        let shuts_out =
            |keyword: &str| schema.keyword(keyword).and_then(Value::as_bool) == Some(true);
        let above = |bound: f64| bound.floor() + 1.0;
        let below = |bound: f64| bound.ceil() - 1.0;
        let minimum = match number("minimum") {
            Some(bound) if shuts_out("exclusiveMinimum") => Some(above(bound)),
            bound => bound.map(f64::ceil),
        };
        let maximum = match number("maximum") {
            Some(bound) if shuts_out("exclusiveMaximum") => Some(below(bound)),
            bound => bound.map(f64::floor),
        };
        let tighter = |one: Option<f64>, other: Option<f64>, tighter: fn(f64, f64) -> f64| {
            one.into_iter().chain(other).reduce(tighter)
        };
        Self {
            minimum: tighter(minimum, number("exclusiveMinimum").map(above), f64::max)
                .and_then(count),
            maximum: tighter(maximum, number("exclusiveMaximum").map(below), f64::min)
                .and_then(count),
            default: number("default").and_then(count),
        }
    }
}

/// A number of items; none where no list could have it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "negative numbers are sorted out, and past 2^53 no limit is told from another"
)]
fn count(number: f64) -> Option<u64> {
    (number >= 0.0).then_some(number as u64)
}
