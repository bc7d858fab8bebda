//! Keys that name nothing. They have the shape of real keys, but consist of zeros.
//!
//! No server gives out such keys, and a liar can recognise them.

/// A key of the same shape as `real` that names nothing.
///
/// After its prefix (`evt_`) all characters are zero except for `number` at the end. The version and
/// variant of a UUID are kept.
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

/// Whether [`like`] made this key. No real key has that many zeros.
pub(crate) fn is_unknown(text: &str) -> bool {
    let zeros = text.chars().filter(|character| *character == '0').count();
    zeros > 3 && 2 * zeros >= text.len()
}

/// The number of characters of a UUID.
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
