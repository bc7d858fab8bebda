//! Ids of missing resources, with the shape of a known id.

use crate::session::Session;
use crate::unknown;

/// The name of a missing resource: `known` with an id from [`unlike`].
pub(crate) fn unknown(session: &Session<'_>, known: &str, salt: u32) -> String {
    session.with_id(known, &unlike(&session.id_of(known), salt))
}

/// An id with the shape of `known` (a UUID, a ULID, a number, a word) that names nothing.
///
/// Another `salt` makes another id.
pub(crate) fn unlike(known: &str, salt: u32) -> String {
    /// Shorter ids are made longer, so that no resource has them.
    const LEAST: usize = 8;
    if !known.is_empty() && known.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(known.len(), salt);
    }
    let places = known.bytes().filter(u8::is_ascii_alphanumeric).count();
    let longer = format!("{known}{}", "0".repeat(LEAST.saturating_sub(places)));
    unknown::like(&longer, salt.into())
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
    accepted && known.any(|one| punctuation(&session.id_of(&one.name)) == punctuation(&id))
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
            ("job_a1", "job_00007"),
            ("42", "2000000007"),
            ("1234567890123456789", "8000000000000000007"),
            ("x", "00000007"),
            ("", "00000007"),
        ] {
            assert_eq!(unlike(known, 7), expect);
            assert_eq!(punctuation(known), punctuation(expect));
        }
    }
}
