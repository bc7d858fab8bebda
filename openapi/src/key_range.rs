//! Items behind a key, and how many, in one text: `id ]k7..; max=20`, as the Platform API of Heroku has it.
//!
//! `]` leaves the item with the key out. A text with an end, or with another option than `max`, is no such text: RFC
//! 9110, 14.2, lets a server ignore a range that it does not know.

use std::fmt;

/// A range that begins at a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyRange<'t> {
    /// The property that is the key.
    pub(crate) property: &'t str,
    /// Where it begins; `None` at the beginning of the list.
    pub(crate) start: Option<Start<'t>>,
    /// How many items it has at most, as it was written; `None` if it does not say it.
    pub(crate) most: Option<&'t str>,
}

/// Where a range of keys begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start<'t> {
    /// Behind the item with this key: `]k7`.
    Behind(&'t str),
    /// At the item with this key: `k7`.
    At(&'t str),
}

impl<'t> KeyRange<'t> {
    /// Reads a range.
    pub(crate) fn of(text: &'t str) -> Option<Self> {
        let mut parts = text.split([';', ',']).map(str::trim);
        let (property, keys) = parts.next()?.split_once(' ')?;
        let (start, end) = keys.trim().split_once("..")?;
        let mut most = None;
        for option in parts.filter(|option| !option.is_empty()) {
            most = Some(option.strip_prefix("max=")?);
        }
        let start = match (start, start.strip_prefix(']')) {
            ("", _) => None,
            (_, Some(key)) => Some(Start::Behind(key)),
            (key, None) => Some(Start::At(key)),
        };
        end.is_empty().then_some(Self {
            property,
            start,
            most,
        })
    }
}

impl fmt::Display for KeyRange<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ", self.property)?;
        match self.start {
            Some(Start::Behind(key)) => write!(out, "]{key}")?,
            Some(Start::At(key)) => out.write_str(key)?,
            None => {}
        }
        out.write_str("..")?;
        self.most.map_or(Ok(()), |most| write!(out, "; max={most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::KeyRange;

    #[test]
    fn ranges_of_keys_are_read_and_written() {
        for text in ["id ..", "id ]k7..", "id k7..; max=20", "name ..; max=1"] {
            assert_eq!(KeyRange::of(text).unwrap().to_string(), text);
        }
        let loose = KeyRange::of("id  ..;max=5,").unwrap();
        assert_eq!(loose.to_string(), "id ..; max=5");
        for wrong in [
            "",
            "id",
            "id 5",
            "items=0-24",
            "id a..b",
            "id ..; order=desc",
        ] {
            assert_eq!(KeyRange::of(wrong), None, "{wrong}");
        }
    }
}
