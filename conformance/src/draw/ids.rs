//! Ids that name nothing, shaped like one that names something.

use crate::session::Session;

/// How many characters of an id are changed: enough that nobody has the new one.
const CHANGED: usize = 12;
/// How many must be: shorter ids are made longer.
const LEAST: usize = 8;

/// An id shaped like `known` (a UUID, a ULID, a number, a word) that names nothing; another `salt` makes
/// another id.
pub(crate) fn unknown(known: &str, salt: u32) -> String {
    let mut noise = Noise(u64::from(salt));
    if known.len() <= CHANGED && known.bytes().all(|byte| byte.is_ascii_digit()) {
        // Small numbers may be taken; larger ones need not fit 32 bits.
        return format!("20{:08}", noise.next() % 100_000_000);
    }
    let letters = |byte: &u8| byte.is_ascii_alphabetic();
    let hexadecimal = known
        .bytes()
        .filter(letters)
        .all(|byte| byte.is_ascii_hexdigit());
    let mut bytes = known.as_bytes().to_vec();
    let places = bytes
        .iter_mut()
        .rev()
        .filter(|byte| byte.is_ascii_alphanumeric());
    let mut changed = 0;
    for byte in places.take(CHANGED) {
        *byte = noise.like(*byte, hexadecimal);
        changed += 1;
    }
    let last = known
        .bytes()
        .rfind(u8::is_ascii_alphanumeric)
        .unwrap_or(b'x');
    bytes.extend((changed..LEAST).map(|_| noise.like(last, hexadecimal)));
    String::from_utf8(bytes).unwrap_or_else(|_| known.repeat(2))
}

/// An id that no server makes: it has a character that those known have not.
pub(crate) fn malformed(known: &str) -> String {
    format!("{known}!")
}

/// Whether an id is shaped like one of those known, as far as one can tell.
pub(crate) fn is_well_formed(session: &Session<'_>, id: &str) -> bool {
    let parent = session.contract().parent();
    let accepted = parent.is_none_or(|parent| parent.read(id).is_ok());
    let mut known = session.resources().iter();
    accepted && known.any(|one| punctuation(&one.id) == punctuation(id))
}

fn punctuation(id: &str) -> String {
    id.chars()
        .filter(|one| !one.is_ascii_alphanumeric())
        .collect()
}

/// SplitMix64: every seed, also zero, is a good one.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A character of the same kind: the letters are those of Crockford's base 32, or of hexadecimal
    /// numbers, and digits below eight may also lead a ULID.
    fn like(&mut self, byte: u8, hexadecimal: bool) -> u8 {
        let kind: &[u8] = match byte {
            b'0'..=b'9' => b"01234567",
            _ if hexadecimal => b"abcdef",
            _ => b"abcdefghjkmnpqrstvwxyz",
        };
        let place = usize::try_from(self.next() >> 33).unwrap_or_default() % kind.len();
        if byte.is_ascii_uppercase() {
            kind[place].to_ascii_uppercase()
        } else {
            kind[place]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_id_is_shaped_like_the_known_one() {
        for known in [
            "0a000000-0000-4000-8000-00000000feed",
            "01JADA00000000000000000000",
            "job_a1",
            "42",
            "x",
            "",
            "1234567890123456789",
        ] {
            for salt in [0, 1, 77] {
                let id = unknown(known, salt);
                assert_ne!(id, known);
                assert_ne!(id, unknown(known, salt + 1));
                assert_eq!(punctuation(&id), punctuation(known), "{id}");
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                assert!(!digits(known) || known.is_empty() || digits(&id), "{id}");
            }
        }
    }

    #[test]
    fn unknown_uuids_and_ulids_are_well_formed() {
        let id = unknown("01JADA00000000000000000000", 5);
        assert!(openapi::ulid_is_well_formed(&id), "{id}");
        let id = unknown("0a000000-0000-4000-8000-00000000feed", 5);
        let hexadecimal = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
        assert!(
            id.starts_with("0a000000-0000-4000-8000-") && id.bytes().all(hexadecimal),
            "{id}"
        );
    }
}
