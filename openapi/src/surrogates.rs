//! Halves of characters in JSON text.
//!
//! JSON writes a character beyond U+FFFF as two escapes, a pair of surrogates. One without the other stands
//! for nothing, but generators that cut text write it.

/// The length of an escape: `\\ud83d`.
pub(crate) const LENGTH: usize = 6;

/// The offsets of the escapes in `text` that are surrogates without their other half.
pub(crate) fn lone(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('\\') {
        at += next;
        let other = || at + LENGTH;
        match unit(bytes, at) {
            Some(0xd800..0xdc00) if matches!(unit(bytes, other()), Some(0xdc00..0xe000)) => {
                at += 2 * LENGTH;
            }
            Some(0xd800..0xe000) => {
                found.push(at);
                at += LENGTH;
            }
            // Behind a backslash stands one character, which may be longer than a byte.
            _ => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    found
}

/// `text` with replacement characters at these offsets. Every place stays where it was.
pub(crate) fn replaced(text: &str, offsets: &[usize]) -> String {
    let mut replaced = text.to_owned();
    for offset in offsets {
        replaced.replace_range(*offset..offset + LENGTH, "\\ufffd");
    }
    replaced
}

/// The code unit that the escape at `at` stands for.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + LENGTH)?;
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_found() {
        for (text, expect) in [
            (r"\ud83d\ude00", vec![]),
            (r"\ud83d", vec![0]),
            (r"a\ude00\ud83d", vec![1, 7]),
            (r"\\ud83d", vec![]),
            (r"\ud8é", vec![]),
            (r"\é\uD83D", vec![3]),
            (r"\", vec![]),
        ] {
            assert_eq!(lone(text), expect, "{text}");
        }
        assert_eq!(replaced(r"a\ude00b", &[1]), r"a\ufffdb");
    }
}
