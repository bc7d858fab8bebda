//! Keys that name nothing: shaped like real ones, but nearly all zeros, so that nobody ever gave them to
//! anything, and so that a liar knows them when it sees them.

/// A key of the same shape as `real`, which names nothing: behind its prefix (`evt_`) all is zero but for
/// `number` at the end; the digits that give a UUID's version and variant are kept.
pub(crate) fn like(real: &str, number: u64) -> String {
    let mut text: Vec<char> = real.chars().collect();
    let prefix = real.rfind('_').map_or(0, |at| real[..=at].chars().count());
    for (index, character) in text.iter_mut().enumerate().skip(prefix) {
        let says_kind = real.len() == UUID && matches!(index, 14 | 19);
        if character.is_ascii_alphanumeric() && !says_kind {
            *character = '0';
        }
    }
    let digits = number.to_string();
    let places = text.iter_mut().skip(prefix).rev();
    for (place, digit) in places.zip(digits.chars().rev()) {
        if *place == '0' {
            *place = digit;
        }
    }
    text.into_iter().collect()
}

/// Whether a key was made by [`like`]: no real one has so many zeros.
pub(crate) fn is_unknown(text: &str) -> bool {
    let zeros = text.chars().filter(|character| *character == '0').count();
    zeros > 3 && 2 * zeros >= text.len()
}

/// How many characters a UUID has.
const UUID: usize = 36;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_has_the_shape_of_a_real_one() {
        let cases = [
            (
                "f81d4fae-7dec-71d0-a765-00a0c91e6bf6",
                "00000000-0000-7000-a000-000000000042",
            ),
            ("evt_8Fh3kdP2", "evt_00000042"),
            ("01HZX3M4N5P6Q7R8S9T0V1W2X3", "00000000000000000000000042"),
        ];
        for (real, unknown) in cases {
            assert_eq!(like(real, 42), unknown);
            assert!(is_unknown(unknown));
            assert!(!is_unknown(real));
        }
    }
}
