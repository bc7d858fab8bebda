//! Ids of missing resources, with the shape of a known id.

use openapi::Parameter;

use crate::session::Session;
use crate::unknown;

/// The name of a missing resource: `known` with an id from [`Unknown`].
pub(crate) fn unknown(session: &Session<'_>, known: &str, salt: u32) -> String {
    let id = Unknown::of(session).id(&session.id_of(known), salt);
    session.with_id(known, &id)
}

/// Makes ids of missing resources. It outlives the session, as strategies must.
#[derive(Debug, Clone)]
pub(crate) struct Unknown {
    /// The ids that the subject file calls missing.
    missing: Vec<String>,
    /// The ids of the resources.
    known: Vec<String>,
    parent: Option<Parameter>,
}

impl Unknown {
    /// Of the resources that the subject file names.
    pub(crate) fn of(session: &Session<'_>) -> Self {
        let resources = session.resources().iter();
        Self {
            missing: session.facts().missing().to_vec(),
            known: resources.map(|one| session.id_of(&one.name)).collect(),
            parent: session.contract().parent().cloned(),
        }
    }

    /// An id that names nothing: one that the subject file calls missing, else one like `known`.
    ///
    /// Another `salt` makes another id.
    pub(crate) fn id(&self, known: &str, salt: u32) -> String {
        if !self.missing.is_empty() {
            let place = usize::try_from(salt).unwrap_or_default() % self.missing.len();
            return self.missing[place].clone();
        }
        // A short id of the same length may be in use, so it is only made if the schema accepts no longer one.
        let made = [true, false].map(|may_be_longer| unlike(known, salt, may_be_longer));
        let fits = |id: &&String| {
            let accepted = self.parent.as_ref().is_none_or(|one| one.read(id).is_ok());
            accepted && !self.known.contains(id)
        };
        made.iter().find(fits).unwrap_or(&made[0]).clone()
    }
}

/// An id with the shape of `known` (a UUID, a ULID, a number, a word) that names nothing.
///
/// Short ids are made longer, so that no resource has them, if they may.
fn unlike(known: &str, salt: u32, may_be_longer: bool) -> String {
    /// The number of places that differ from id to id, so that no resource has one by chance.
    const LEAST: usize = 8;
    if may_be_longer && !known.is_empty() && known.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(known.len(), salt);
    }
    let kind = Kind::of(known);
    let places = known.chars().filter(|one| kind.differs(*one)).count();
    let missing = LEAST.saturating_sub(places);
    let end = known.rfind(|one| kind.differs(one));
    let end = end.map_or(known.len(), |end| end + 1);
    let upper = known[..end].ends_with(|one: char| one.is_ascii_uppercase());
    let filler = match kind {
        Kind::Letters if upper => "A",
        Kind::Letters => "a",
        Kind::Digits | Kind::Any => "0",
    };
    let mut longer = known.to_owned();
    if may_be_longer {
        longer.insert_str(end, &filler.repeat(missing));
    }
    match kind {
        Kind::Any => unknown::like(&longer, salt.into()),
        kind => in_its_alphabet(&longer, kind, salt),
    }
}

/// The places of an id that differ from id to id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Its digits. The letters are words that ids have in common.
    Digits,
    /// Its letters, because it has no digits.
    Letters,
    /// All, as in a UUID, because letters and digits are mixed without order.
    Any,
}

impl Kind {
    fn of(id: &str) -> Self {
        /// The number of characters of a UUID.
        const UUID: usize = 36;
        let mut words = id.split(|one: char| !one.is_ascii_alphanumeric());
        let changes = |word: &str| {
            let pairs = word.as_bytes().windows(2);
            let changes = pairs.filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
            changes.count()
        };
        if id.is_empty() || id.len() == UUID || words.any(|word| changes(word) > 1) {
            Self::Any
        } else if id.contains(|one: char| one.is_ascii_digit()) {
            Self::Digits
        } else {
            Self::Letters
        }
    }

    fn differs(self, one: char) -> bool {
        match self {
            Self::Digits => one.is_ascii_digit(),
            Self::Letters => one.is_ascii_alphabetic(),
            Self::Any => one.is_ascii_alphanumeric(),
        }
    }
}

/// The id with another digit, or another letter, at each place that differs from id to id.
fn in_its_alphabet(id: &str, kind: Kind, salt: u32) -> String {
    /// The first letters, which are digits of hexadecimal numbers, too.
    const LETTERS: u32 = 6;
    let mut rest = salt;
    let mut letters: Vec<char> = id.chars().collect();
    for letter in letters.iter_mut().rev().filter(|one| kind.differs(**one)) {
        let (first, base) = match letter {
            'a'..='z' => (b'a', LETTERS),
            'A'..='Z' => (b'A', LETTERS),
            _ => (b'0', 10),
        };
        let digit = u8::try_from(rest % base).unwrap_or_default();
        *letter = char::from(first + digit);
        rest /= base;
    }
    letters.into_iter().collect()
}

/// A number of this many digits that is too large to be in use, and still fits 32 or 64 bits.
fn number(digits: usize, salt: u32) -> String {
    const SMALL: usize = 10;
    if digits <= SMALL {
        return (2_000_000_000 + salt % 147_483_647).to_string();
    }
    format!("8{salt:0>width$}", width = digits - 1)
}

/// The name of a resource with an id that no server makes. Known ids do not have its last character.
pub(crate) fn malformed(session: &Session<'_>, known: &str) -> String {
    session.with_id(known, &format!("{}!", session.id_of(known)))
}

/// Whether a resource's id seems to have the shape of a known one.
pub(crate) fn is_well_formed(session: &Session<'_>, name: &str) -> bool {
    let id = session.id_of(name);
    let parent = session.contract().parent();
    let accepted = parent.is_none_or(|parent| parent.read(&id).is_ok());
    let mut known = session.resources().iter();
    let is_named = session.facts().missing().contains(&id);
    accepted
        && (is_named || known.any(|one| punctuation(&session.id_of(&one.name)) == punctuation(&id)))
}

fn punctuation(id: &str) -> String {
    id.chars()
        .filter(|one| !one.is_ascii_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_id_is_shaped_like_the_known_one() {
        for (known, expect) in [
            (
                "0a000000-0000-4000-8000-00000000feed",
                "00000000-0000-4000-8000-000000000007",
            ),
            ("01JADA00000000000000000000", "00000000000000000000000007"),
            ("job_a1", "job_a00000007"),
            ("eu-west-1", "eu-west-00000007"),
            ("v2-notes", "v00000007-notes"),
            ("general", "aaaaaabb"),
            ("Room", "Aaaaaabb"),
            ("k7Xq2", "00000007"),
            ("42", "2000000007"),
            ("1234567890123456789", "8000000000000000007"),
            ("x", "aaaaaabb"),
            ("", "00000007"),
        ] {
            assert_eq!(unlike(known, 7, true), expect);
            assert_eq!(punctuation(known), punctuation(expect));
        }
    }
}
