//! The format `ulid`.

/// Whether `text` is a ULID: 26 characters of Crockford's base 32, the first one 0 to 7, so that it fits
/// 128 bits. Letters of either case.
pub fn ulid_is_well_formed(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                && !matches!(byte.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U')
        })
}
