//! Text from outside, in a form that is safe to show: what a server, a client, a document or a file says.
//!
//! [`clean`] is the only function that decides which characters may be shown as they are. Every output asks
//! it, because a control character can change a terminal, a log, a page or an XML file.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The longest text of one finding, in characters.
const TEXT: usize = 2_000;
/// The longest part of such a text without a space, and how much of a longer one is shown.
const WORD: (usize, usize) = (500, 400);

/// `text` as one line: each character that is invisible, or changes how others are shown, is escaped (`\u{202e}`).
///
/// So are the starts of commands that CI servers find anywhere in a line (`##[`, `##vso[`).
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, one) in text.char_indices() {
        match one {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            one if is_unsafe(one) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(one));
            }
            '#' if is_command(text, at) => shown.push_str("\\u{23}"),
            one => shown.push(one),
        }
    }
    Cow::Owned(shown)
}

/// As [`clean`], for a text of several lines.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(clean).collect();
    lines.join("\n")
}

/// JSON text with these characters as JSON's own escapes. It means the same.
pub fn clean_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, one) in text.char_indices() {
        if one != '\n' && is_unsafe(one) || is_command(text, at) {
            for unit in one.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(one);
        }
    }
    shown
}

/// Whether a CI server's command begins before this place: `##[` or `##vso[`.
fn is_command(text: &str, at: usize) -> bool {
    let behind = &text[at..];
    text[..at].ends_with('#') && (behind.starts_with("#[") || behind.starts_with("#vso["))
}

/// Whether a character is a control or format character, or none at all.
pub(crate) fn is_unsafe(one: char) -> bool {
    let code = u32::from(one);
    one.is_control()
        || matches!(one,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{e0000}'..='\u{e0fff}')
        || code & 0xfffe == 0xfffe
}

/// The text of a finding, cut where it is long: at most 2,000 characters, and of a word 500. So no report grows with a server's values.
pub fn shortened(text: &str) -> String {
    let (longest, kept) = WORD;
    let mut words = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        match word.char_indices().nth(longest) {
            Some(_) => words += &cut(word.trim_end(), kept, word.trim_end().len()),
            None => words.push_str(word),
        }
        if words.len() > 4 * TEXT {
            break;
        }
    }
    if words.chars().nth(TEXT).is_none() {
        return words;
    }
    cut(&words, TEXT, text.len())
}

/// The first `most` characters of a text of `bytes` bytes, and how long it is.
pub fn cut(text: &str, most: usize, bytes: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], grouped(bytes)),
        None => text.to_owned(),
    }
}

/// A number with commas between its thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_invisible_is_escaped() {
        let text = "a\u{1b}[2Jb\nc\u{202e}d\u{fffe}e\u{feff}\u{85}\u{200b}";
        let shown = r"a\u{1b}[2Jb\nc\u{202e}d\u{fffe}e\u{feff}\u{85}\u{200b}";
        assert_eq!(clean(text), shown);
        assert_eq!(clean("ß – 漢字 🎉 `x`"), "ß – 漢字 🎉 `x`");
        assert_eq!(clean("##[error] ##vso[x"), r"#\u{23}[error] #\u{23}vso[x");
    }

    #[test]
    fn cleaned_json_means_the_same() {
        let value = serde_json::json!({ "a": "\u{202e}\u{1b}\u{7f}\u{9b}\u{e0041}##[x" });
        let shown = clean_json(&value.to_string());
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }

    #[test]
    fn a_long_value_is_cut_with_its_length() {
        let long = "x".repeat(12_345);
        let shown = shortened(&format!("`{long}` at /a and `{long}` at /b"));
        assert_eq!(shown.matches("… (12,347 bytes)").count(), 2, "{shown}");
        let spaced = "x ".repeat(1 << 20);
        assert!(shortened(&spaced).ends_with("… (2,097,152 bytes)"));
        assert_eq!(shortened("as it is"), "as it is");
    }
}
