//! Parameters that share one text: where a range of items starts, and how many items it has.
//!
//! `Range: items=20-29` and `Range: id ]k7..; max=10` name a place and a limit at once. To everything but the text they
//! are two parameters.

use std::sync::Arc;

use super::Parameter;
use crate::key_range::{KeyRange, Start};
use crate::range::Range;

/// Which part of the text under its name a parameter is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    #[default]
    Whole,
    /// The start of a range. `size` is how many items a range asks for if the request does not say it; `None` if a
    /// range may have no end.
    Start { unit: Arc<str>, size: Option<u64> },
    /// The number of items of a range.
    Size { unit: Arc<str> },
    /// The key at which a range of keys begins, which leaves its item out; `[` before it takes the item in.
    Behind { property: Arc<str> },
    /// The number of items of a range of keys.
    Most { property: Arc<str> },
}

impl Parameter {
    /// Whether the text under its name holds another parameter, too.
    pub fn shares_its_text(&self) -> bool {
        self.part != Part::Whole
    }

    /// This parameter's part of the text under its name, in the form in which it is written alone; `None` if the text
    /// does not have it.
    pub fn part_of(&self, whole: &str) -> Option<String> {
        match &self.part {
            Part::Whole => Some(whole.to_owned()),
            Part::Start { size, .. } => Some(match Range::of(whole) {
                Some(range) => range.with_size(*size).to_string(),
                None => whole.to_owned(),
            }),
            Part::Size { .. } => Some(Range::of(whole)?.size()?.to_string()),
            Part::Behind { property } => match key_range(whole, property)?.start? {
                Start::Behind(key) => Some(key.to_owned()),
                Start::At(key) => Some(format!("[{key}")),
            },
            Part::Most { property } => key_range(whole, property)?.most.map(str::to_owned),
        }
    }

    /// The text under its name with another text for this parameter, or without one; `None` if nothing is left.
    pub fn part_in(&self, whole: Option<&str>, text: Option<&str>) -> Option<String> {
        let range = whole.and_then(Range::of);
        match &self.part {
            Part::Whole => text.map(str::to_owned),
            Part::Behind { property } | Part::Most { property } => {
                let range = whole.and_then(|whole| key_range(whole, property));
                let mut range = range.unwrap_or(KeyRange {
                    property,
                    start: None,
                    most: None,
                });
                if matches!(self.part, Part::Most { .. }) {
                    range.most = text;
                } else {
                    range.start = text.filter(|text| !text.is_empty()).map(|text| {
                        let included = text.strip_prefix('[').map(Start::At);
                        included.unwrap_or(Start::Behind(text))
                    });
                }
                let is_left = range.start.is_some() || range.most.is_some();
                is_left.then(|| range.to_string())
            }
            Part::Start { unit, .. } => {
                let size = range.and_then(|range| range.size());
                let from = text.map_or_else(|| size.map(|_| from(unit, 0)), Range::of);
                match (from, size) {
                    (Some(from), Some(size)) => Some(from.with_size(Some(size)).to_string()),
                    _ => text.map(str::to_owned),
                }
            }
            // A text that is no range stays as it is.
            Part::Size { .. } if whole.is_some() && range.is_none() => whole.map(str::to_owned),
            Part::Size { unit } => {
                let range = range.unwrap_or_else(|| from(unit, 0)).with_size(None);
                match text.map(|text| (text, text.parse::<u64>())) {
                    None => (range.first > 0).then(|| range.to_string()),
                    Some((_, Ok(size))) if size > 0 => {
                        Some(range.with_size(Some(size)).to_string())
                    }
                    Some((text, _)) => Some(format!("{range}{text}")),
                }
            }
        }
    }

    /// The text for the place behind so many items, if this is the start of a range.
    pub(crate) fn range_from(&self, first: u64) -> Option<String> {
        match &self.part {
            Part::Start { unit, size } => Some(from(unit, first).with_size(*size).to_string()),
            _ => None,
        }
    }
}

/// The range of keys that a text is, if it is one of this property.
fn key_range<'t>(whole: &'t str, property: &str) -> Option<KeyRange<'t>> {
    KeyRange::of(whole).filter(|range| range.property == property)
}

fn from(unit: &str, first: u64) -> Range<'_> {
    Range {
        unit,
        first,
        last: None,
    }
}
