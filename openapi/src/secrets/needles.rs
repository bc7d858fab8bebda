//! The texts to search for: a token as it is, in base64, and in hexadecimal.

use std::fmt::Write as _;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::spelling::readings;

/// One way to write a token.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    text: String,
    form: Form,
    strength: Strength,
    /// The number of the variable that replaces the token.
    variable: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Base64,
    Hex,
}

/// Whether a text can only be the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It may be a word of other texts.
    Word,
    /// It is long, or of several kinds of characters.
    Sure,
}

/// All needles, ready for a search.
#[derive(Debug, Clone)]
pub(super) struct Needles {
    needles: Vec<Needle>,
    /// Finds all needles, in upper and lower case.
    search: AhoCorasick,
}

impl Needle {
    /// A shorter token is a part of ordinary words, and is no secret.
    const SHORTEST: usize = 4;

    /// All ways to write a token.
    pub(super) fn of(token: &str, variable: usize) -> Vec<Self> {
        let mut needles = Vec::new();
        if token.len() < Self::SHORTEST {
            return needles;
        }
        let mut texts = vec![token.to_owned()];
        // A client may send it without its last character, too, and a server may repeat that.
        let end = token.char_indices().next_back().map_or(0, |(end, _)| end);
        let shortened = Some(token[..end].to_owned());
        texts.extend(shortened.filter(|text| text.len() >= Self::SHORTEST));
        // The text for the Basic scheme. Its server knows the password in it.
        let decoded = STANDARD.decode(token).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        for pair in decoded.iter().map(String::as_str).chain([token]) {
            if let Some((_, password)) = pair.split_once(':') {
                let parts = [pair, password].map(str::to_owned);
                texts.extend(
                    parts
                        .into_iter()
                        .filter(|part| part.len() >= Self::SHORTEST),
                );
            }
        }
        texts.sort();
        texts.dedup();
        let mut texts: Vec<_> = texts
            .into_iter()
            .map(|text| (strength(&text), text))
            .collect();
        // A mark of an escape at the end may be read with what follows.
        let without: Vec<_> = texts
            .iter()
            .map(|(strength, text)| (*strength, text.trim_end_matches(['\\', '%', '&'])))
            .filter(|(_, text)| text.len() >= Self::SHORTEST)
            .map(|(strength, text)| (strength, text.to_owned()))
            .collect();
        texts.extend(without);
        texts.sort();
        texts.dedup();
        for (strength, text) in texts {
            let mut add = |text: String, form| {
                needles.push(Self {
                    text,
                    form,
                    strength,
                    variable,
                });
            };
            for reading in readings(&text) {
                if reading.len() >= Self::SHORTEST {
                    add(reading, Form::Text);
                }
            }
            if !text.is_ascii() {
                let unreadable =
                    |mark: char| text.replace(|one: char| !one.is_ascii(), &mark.to_string());
                add(unreadable('\u{fffd}'), Form::Text);
                add(unreadable('?'), Form::Text);
            }
            for part in base64(&text) {
                add(part, Form::Base64);
            }
            let hex = text.bytes().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            add(hex, Form::Hex);
        }
        needles
    }
}

impl Needles {
    pub(super) fn new(needles: Vec<Needle>) -> Self {
        /// The bytes of needles from which on the fastest search takes too long to build.
        const LARGE: usize = 4 * 1024;
        let bytes: usize = needles.iter().map(|needle| needle.text.len()).sum();
        let kind = (bytes > LARGE).then_some(AhoCorasickKind::NoncontiguousNFA);
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(kind)
            .build(needles.iter().map(|needle| &needle.text))
            .expect("tokens are far smaller than the limits of a search");
        Self { needles, search }
    }

    /// The places of needles that are at least this strong, and the numbers of their variables.
    pub(super) fn find(&self, text: &str, least: Strength) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        // The last encoded text. Each part of it leads to the whole.
        let mut encoded = (0, 0, usize::MAX);
        for hit in self.search.find_overlapping_iter(text) {
            let needle = &self.needles[hit.pattern()];
            let (mut start, mut end) = (hit.start(), hit.end());
            let fits = match needle.form {
                Form::Base64 => text[start..end] == needle.text,
                Form::Text if needle.strength == Strength::Word => {
                    text[start..end] == needle.text && stands_alone(text, start, end)
                }
                Form::Text | Form::Hex => true,
            };
            if !fits || needle.strength < least && needle.form == Form::Text {
                continue;
            }
            if needle.form == Form::Base64 {
                let (from, to, variable) = encoded;
                if variable == needle.variable && (from..to).contains(&start) && end <= to {
                    continue;
                }
                (start, end) = whole_base64(text, start, end);
                encoded = (start, end, needle.variable);
            }
            found.push((start, end, needle.variable));
        }
        if text.contains('…') {
            found.extend(self.cut_off(text));
        }
        found
    }

    /// The starts of tokens that were cut off.
    fn cut_off(&self, text: &str) -> Vec<(usize, usize, usize)> {
        /// The shortest start of a token that tells something about it.
        const TELLING: usize = 6;
        let mut found = Vec::new();
        let tokens = self.needles.iter();
        for needle in tokens.filter(|one| one.form == Form::Text && one.strength != Strength::Word)
        {
            for (end, length) in starts_before_ellipses(text, &needle.text) {
                if length >= TELLING {
                    found.push((end - length, end, needle.variable));
                }
            }
        }
        found
    }
}

/// The places of `…` in a text, and how many bytes before each of them are the start of a token, but not all of it.
///
/// The text is read once (Knuth, Morris and Pratt), because a client chooses both.
pub(super) fn starts_before_ellipses(text: &str, token: &str) -> Vec<(usize, usize)> {
    let token = token.as_bytes();
    // For each start of the token, the longest shorter start that is its end.
    let mut shorter = vec![0; token.len()];
    let grown = |shorter: &[usize], mut length: usize, byte: u8| {
        while length > 0 && (length == token.len() || token[length] != byte) {
            length = shorter[length - 1];
        }
        if token[length] == byte {
            length + 1
        } else {
            length
        }
    };
    for at in 1..token.len() {
        shorter[at] = grown(&shorter, shorter[at - 1], token[at]);
    }
    let mut places = Vec::new();
    let (mut at, mut length) = (0, 0);
    for (end, ellipsis) in text.match_indices('…') {
        for byte in &text.as_bytes()[at..end] {
            length = grown(&shorter, length, *byte);
        }
        let cut = if length == token.len() {
            shorter[length - 1]
        } else {
            length
        };
        places.push((end, cut));
        for byte in ellipsis.bytes() {
            length = grown(&shorter, length, byte);
        }
        at = end + ellipsis.len();
    }
    places
}

/// Whether a token can be told from a word by its length and its characters.
pub(super) fn strength(token: &str) -> Strength {
    const LONG: usize = 12;
    const MIXED: usize = 8;
    // A capital at the start is a word's, too.
    let letters = || {
        let capital = token.starts_with(|one: char| one.is_ascii_uppercase());
        token.chars().skip(usize::from(capital))
    };
    let kinds: [fn(&char) -> bool; 3] = [
        char::is_ascii_lowercase,
        char::is_ascii_uppercase,
        char::is_ascii_digit,
    ];
    let kinds = kinds.iter().filter(|kind| letters().any(|one| kind(&one)));
    let has_marks = letters().any(|one| !one.is_ascii_alphanumeric());
    match (token.chars().count(), kinds.count()) {
        (LONG.., _) | (MIXED.., 2..) => Strength::Sure,
        (MIXED.., _) if has_marks => Strength::Sure,
        _ => Strength::Word,
    }
}

/// Whether the neighbours of a part are no letters or digits.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let behind = text[end..].chars().next();
    let joins = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
    !joins(before) && !joins(behind)
}

/// The characters of base64 that depend on the token only, wherever it stands in the text that is encoded.
fn base64(token: &str) -> Vec<String> {
    /// A shorter part may be chance.
    const SHORTEST: usize = 4;
    let mut parts = Vec::new();
    for before in 0..3 {
        let bytes: Vec<u8> = vec![0; before].into_iter().chain(token.bytes()).collect();
        // Each character has six bits. The first and the last may have bits of other bytes.
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for text in [
            STANDARD_NO_PAD.encode(&bytes),
            URL_SAFE_NO_PAD.encode(&bytes),
        ] {
            let part = &text[first..last];
            let is_word = part.bytes().all(|byte| byte.is_ascii_lowercase());
            for part in [part.to_owned(), part.replace('+', " ")] {
                if part.len() >= SHORTEST && !is_word && !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
    }
    parts
}

/// The whole encoded text around a part of it.
fn whole_base64(text: &str, start: usize, end: usize) -> (usize, usize) {
    let is_letter = |one: char| one.is_ascii_alphanumeric() || "+-_".contains(one);
    let before = text[..start].strip_suffix('/').unwrap_or(&text[..start]);
    let start = before.trim_end_matches(is_letter).len();
    let behind = text[end..].strip_prefix('/').unwrap_or(&text[end..]);
    let behind = behind.trim_start_matches(is_letter);
    let padded = behind.trim_start_matches('=');
    (start, text.len() - padded.len())
}
