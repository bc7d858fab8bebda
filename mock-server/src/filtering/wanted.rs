//! What a request wants of a list.

use std::cmp::Ordering;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use jiff::civil::Date;
use openapi::{Chooses, Contract, Direction, ListFilter, Side, key_text, sort_keys};
use serde_json::Value;

use crate::parameters::{Captures, Chosen, value};

/// The column of all texts of an item. No property has this name.
pub(super) const TEXTS: &str = "\0texts";

/// What a request wants of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    tests: Vec<Test>,
    /// The properties to sort by, and whether each descends.
    order: Vec<(String, bool)>,
    /// The direction of the list's own order.
    pub(crate) direction: Option<Direction>,
}

/// What must hold for an item.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// A property is one of these values, as texts.
    Equal(String, Vec<String>),
    /// A property lies on a side of a value.
    Within(String, Side, Value),
    /// A text of the item has this word, in lower case.
    Word(String),
}

/// What a request wants, in parts.
#[derive(Default)]
pub(super) struct Parts<'w> {
    /// The properties that are one of these values, as texts.
    pub(super) equal: Vec<(&'w str, &'w [String])>,
    /// The only property that has bounds.
    pub(super) bounded: Option<&'w str>,
    /// The only property to sort by, and whether it descends.
    pub(super) order: Option<(&'w str, bool)>,
}

impl Wanted {
    /// What a request wants, beside a page; `None` if it has no such parameter. `chosen` is the order that the
    /// request for the page has.
    pub(crate) fn of(
        contract: &Contract,
        filters: &[ListFilter],
        request: &Request<Bytes>,
        captures: &Captures<'_>,
        chosen: Chosen<'_>,
    ) -> Option<Self> {
        let query = request.uri().query().unwrap_or_default();
        let mut wanted = Self {
            tests: Vec::new(),
            order: chosen.sorted.cloned().into_iter().collect(),
            direction: None,
        };
        let own = chosen.direction;
        let mut direction = own.map(|own| own == Direction::Descending);
        let default = |filter: &ListFilter| filter.parameter.schema.keyword("default").cloned();
        for filter in filters.iter().filter(|one| may_have(query, one)) {
            let Ok(Some(value)) = value(&filter.parameter, request, captures) else {
                continue;
            };
            // A documented default says what comes without the parameter.
            if default(filter).as_ref() == Some(&value) {
                continue;
            }
            match &filter.chooses {
                Chooses::Equal(field) => wanted.equal(field, &value),
                Chooses::Within(field, side) => {
                    wanted.tests.push(Test::Within(field.clone(), *side, value));
                }
                Chooses::Search => {
                    let text = key_text(&value).unwrap_or_default().to_lowercase();
                    let words = text.split_whitespace();
                    wanted
                        .tests
                        .extend(words.map(|word| Test::Word(word.to_owned())));
                }
                Chooses::Order | Chooses::Direction => {
                    for (name, descends) in texts(&value)
                        .iter()
                        .filter_map(|one| sort_keys(one))
                        .flatten()
                    {
                        match contract.field_meant(&name) {
                            Some(field) => wanted.order.push((field, descends.unwrap_or(false))),
                            None if name.is_empty() => direction = descends.or(direction),
                            None => {}
                        }
                    }
                }
            }
        }
        if !wanted.order.is_empty() && direction.is_none() && chosen.sorted.is_none() {
            let stated = filters
                .iter()
                .filter(|one| one.chooses == Chooses::Direction);
            let stated = stated.filter_map(default).flat_map(|value| texts(&value));
            let mut keys = stated.filter_map(|text| sort_keys(&text)).flatten();
            direction = keys.find_map(|(_, descends)| descends);
        }
        if let (Some(descends), [only]) = (direction, wanted.order.as_mut_slice()) {
            only.1 = descends;
        } else if let (Some(descends), []) = (direction, wanted.order.as_slice()) {
            wanted.direction = Some(if descends {
                Direction::Descending
            } else {
                Direction::Ascending
            });
        }
        let is_any = wanted.selects() || wanted.direction.is_some();
        is_any.then_some(wanted)
    }

    fn equal(&mut self, field: &str, value: &Value) {
        if let Value::Object(bounds) = value {
            for (name, bound) in bounds {
                if let Some(side) = Side::named(name) {
                    let test = Test::Within(field.to_owned(), side, bound.clone());
                    self.tests.push(test);
                }
            }
            return;
        }
        let values = texts(value);
        // An empty value chooses nothing, as most services have it.
        if values.iter().any(|text| !text.is_empty()) {
            self.tests.push(Test::Equal(field.to_owned(), values));
        }
    }

    /// Whether it needs an index.
    pub(crate) fn selects(&self) -> bool {
        !self.tests.is_empty() || !self.order.is_empty()
    }

    /// Whether it sorts.
    pub(super) fn sorts(&self) -> bool {
        !self.order.is_empty()
    }

    /// The columns that it looks at.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        let tested = self.tests.iter().map(|test| match test {
            Test::Equal(field, _) | Test::Within(field, ..) => field.as_str(),
            Test::Word(_) => TEXTS,
        });
        tested.chain(self.order.iter().map(|(field, _)| field.as_str()))
    }

    /// Whether it wants an item; `of` has the value of a column.
    pub(super) fn wants<'v>(&self, of: impl Fn(&str) -> &'v Value) -> bool {
        self.tests.iter().all(|test| match test {
            Test::Equal(field, values) => {
                let own = texts(of(field));
                own.iter().any(|own| values.contains(own))
            }
            Test::Within(field, side, bound) => match compared(of(field), bound) {
                Some(Ordering::Greater) => matches!(side, Side::Above | Side::From),
                Some(Ordering::Equal) => matches!(side, Side::From | Side::UpTo),
                Some(Ordering::Less) => matches!(side, Side::Below | Side::UpTo),
                None => false,
            },
            Test::Word(word) => of(TEXTS).as_str().is_some_and(|own| own.contains(word)),
        })
    }

    /// What it wants, in the parts that arithmetic can choose by; `None` if it wants more.
    pub(super) fn parts(&self) -> Option<Parts<'_>> {
        let mut parts = Parts::default();
        for test in &self.tests {
            match test {
                Test::Equal(field, values) => parts.equal.push((field, values)),
                Test::Within(field, ..) if parts.bounded.is_none_or(|known| known == field) => {
                    parts.bounded = Some(field);
                }
                Test::Within(..) | Test::Word(_) => return None,
            }
        }
        match self.order.as_slice() {
            [] => Some(parts),
            [(field, descends)] => {
                parts.order = Some((field, *descends));
                Some(parts)
            }
            _ => None,
        }
    }

    /// The direction in which the list's own order is the wanted one, if it sorts by what orders the list.
    pub(super) fn sorted_direction(&self) -> Option<Direction> {
        let [(_, descends)] = self.order.as_slice() else {
            return None;
        };
        Some(if *descends {
            Direction::Descending
        } else {
            Direction::Ascending
        })
    }

    /// How a value lies beside the bounds: below all that are wanted, among them, or above. `None` if it cannot be
    /// compared.
    pub(super) fn beside_bounds(&self, value: &Value) -> Option<Ordering> {
        let mut beside = Ordering::Equal;
        for test in &self.tests {
            let Test::Within(_, side, bound) = test else {
                continue;
            };
            let order = compared(value, bound)?;
            let is_below = match side {
                Side::Above => order != Ordering::Greater,
                Side::From => order == Ordering::Less,
                Side::Below | Side::UpTo => false,
            };
            let is_above = match side {
                Side::Below => order != Ordering::Less,
                Side::UpTo => order == Ordering::Greater,
                Side::Above | Side::From => false,
            };
            if is_below {
                return Some(Ordering::Less);
            }
            if is_above {
                beside = Ordering::Greater;
            }
        }
        Some(beside)
    }

    /// Which of two items comes first; `of` has the value of a column of one of them.
    pub(super) fn sorted<'v>(
        &self,
        one: impl Fn(&str) -> &'v Value,
        other: impl Fn(&str) -> &'v Value,
    ) -> Ordering {
        let each = self.order.iter().map(|(field, descends)| {
            let order = ranked(one(field), other(field));
            if *descends { order.reverse() } else { order }
        });
        each.fold(Ordering::Equal, Ordering::then)
    }
}

/// Whether a query may have a parameter: a look that costs little.
fn may_have(query: &str, filter: &ListFilter) -> bool {
    let name = filter.parameter.name.as_str();
    let word = name.split(|one: char| !one.is_alphanumeric()).next();
    query.contains(word.unwrap_or_default())
}

/// The single values that a value has, as texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(several) => several.iter().flat_map(texts).collect(),
        Value::Bool(flag) => vec![flag.to_string()],
        single => key_text(single).into_iter().collect(),
    }
}

/// How a property lies beside a bound; `None` if they cannot be compared.
fn compared(own: &Value, bound: &Value) -> Option<Ordering> {
    if let (Some(own), Some(bound)) = (own.as_f64(), bound.as_f64()) {
        return own.partial_cmp(&bound);
    }
    let (own, bound) = (own.as_str()?, bound.as_str()?);
    match (moment(own), moment(bound)) {
        (Some(own), Some(bound)) => Some(own.cmp(&bound)),
        _ => Some(own.cmp(bound)),
    }
}

/// The moment that a text is; a date is its beginning.
fn moment(text: &str) -> Option<Timestamp> {
    let day = || {
        let day: Date = text.parse().ok()?;
        let day = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(day.timestamp())
    };
    text.parse().ok().or_else(day)
}

/// The order of two values. Those that are missing come last.
pub(super) fn ranked(one: &Value, other: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Bool(flag) => u8::from(*flag),
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) | Value::Object(_) => 4,
        Value::Null => 5,
    };
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let numbers = one.as_f64().zip(other.as_f64());
            let order = numbers.and_then(|(one, other)| one.partial_cmp(&other));
            order.unwrap_or(Ordering::Equal)
        }
        (Value::String(one), Value::String(other)) => {
            let letters = |text: &str| {
                text.chars()
                    .flat_map(char::to_lowercase)
                    .collect::<String>()
            };
            letters(one)
                .cmp(&letters(other))
                .then_with(|| one.cmp(other))
        }
        _ => rank(one).cmp(&rank(other)),
    }
}
