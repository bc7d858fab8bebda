//! Items by their places in a list, as the headers `Range` and `Content-Range` have them: RFC 9110, 14.
//!
//! Places count from zero, and the last one is included. The unit is the document's; the units that RFC 9110 registers
//! count bytes. Some servers write ranges without a unit.

use std::fmt;

use http::HeaderMap;
use http::header::CONTENT_RANGE;

/// The items that a request asks for: `items=0-24`, or `items=25-` for all from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range<'t> {
    /// What stands before the places: `items=`, or nothing.
    pub(crate) unit: &'t str,
    pub(crate) first: u64,
    pub(crate) last: Option<u64>,
}

impl<'t> Range<'t> {
    /// Reads one range. Several of them, and the last items of a list (`items=-5`), are none.
    pub(crate) fn of(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let (unit, places) = text.split_at(text.find('=').map_or(0, |equals| equals + 1));
        let (first, last) = places.split_once('-')?;
        let (first, last) = (place(first)?, last.trim());
        let last = if last.is_empty() {
            None
        } else {
            Some(place(last).filter(|last| *last >= first)?)
        };
        Some(Self { unit, first, last })
    }

    /// How many items it asks for; `None` for all.
    pub(crate) fn size(&self) -> Option<u64> {
        Some((self.last? - self.first).saturating_add(1))
    }

    /// The range from the same place, of so many items, or of all.
    pub(crate) fn with_size(self, size: Option<u64>) -> Self {
        let last = |size: u64| self.first.saturating_add(size.saturating_sub(1));
        Self {
            last: size.map(last),
            ..self
        }
    }
}

impl fmt::Display for Range<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}-", self.unit, self.first)?;
        self.last.map_or(Ok(()), |last| write!(out, "{last}"))
    }
}

/// What a `Content-Range` header says: `items 0-24/120`, `items 0-24/*`, or `items */120`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentRange {
    /// The places of the first and the last item of the page; `None` if it has no items.
    pub places: Option<(u64, u64)>,
    /// How many items the list has; `None` if the server does not say it.
    pub total: Option<u64>,
}

impl ContentRange {
    /// Reads the header. `None` if it is not there; the text if it cannot be read.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Result<Self, String>> {
        let value = headers.get(CONTENT_RANGE)?;
        let text = String::from_utf8_lossy(value.as_bytes());
        Some(Self::read(&text).ok_or_else(|| text.into_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let range = text
            .split_once(' ')
            .map_or(text, |(_, range)| range.trim_start());
        let (places, total) = range.split_once('/')?;
        let total = match total {
            "*" => None,
            total => Some(place(total)?),
        };
        let places = match places.split_once('-') {
            None if places == "*" => None,
            None => return None,
            Some((first, last)) => Some((place(first)?, place(last)?)),
        };
        Some(Self { places, total })
    }
}

/// A place, or a number of items: digits only.
fn place(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{ContentRange, Range};

    #[test]
    fn ranges_are_read_and_written() {
        for text in ["items=0-24", "items=25-", "0-0", "rows=7-7", "5-"] {
            assert_eq!(Range::of(text).unwrap().to_string(), text);
        }
        assert_eq!(Range::of("items=5-9").unwrap().size(), Some(5));
        let longer = Range::of("items=5-9").unwrap().with_size(Some(1));
        assert_eq!(longer.to_string(), "items=5-5");
        let greatest = Range::of("items=18446744073709551615-").unwrap();
        assert_eq!(greatest.with_size(Some(9)).size(), Some(1));
        for wrong in [
            "", "items", "items=", "-5", "items=-5", "9-5", "0-4,8-9", "a-b", "1.5-2",
        ] {
            assert_eq!(Range::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_an_answer_says_is_read() {
        let said = |places, total| Some(ContentRange { places, total });
        assert_eq!(
            ContentRange::read("items 0-24/120"),
            said(Some((0, 24)), Some(120))
        );
        assert_eq!(ContentRange::read("0-24/*"), said(Some((0, 24)), None));
        assert_eq!(ContentRange::read("items */120"), said(None, Some(120)));
        for wrong in [
            "",
            "items",
            "items 0-24",
            "items 0/120",
            "items 0-x/120",
            "items 0-24/all",
        ] {
            assert_eq!(ContentRange::read(wrong), None, "{wrong}");
        }
    }
}
