//! Hides secrets of the user in texts, in every spelling.
//!
//! A program hides them twice: in each value that is shown, before it is cut, and in the finished text, because other
//! parts may contain one.
//!
//! A long secret, or one of several kinds of characters, is hidden wherever it stands. A short word (`none`, `test`)
//! is hidden in values only, and there only as a word of its own: otherwise it would be hidden in other words.

mod needles;
mod spelling;

use self::needles::{Needle, Needles, Strength};
use self::spelling::Level;

/// The secrets, and the text that replaces each of them.
#[derive(Debug, Clone)]
pub struct Secrets {
    needles: Needles,
    variables: Vec<String>,
    /// The text that replaces each whole text, if there are too many secrets to search for.
    all: Option<String>,
}

/// A secret that was found: its place, and the number of its variable.
type Found = (usize, usize, usize);

impl Secrets {
    /// These secrets, each with the text that replaces it. A secret of less than four bytes is a part of ordinary
    /// words, and stays.
    pub fn new(tokens: &[(String, String)]) -> Self {
        let needles = tokens
            .iter()
            .enumerate()
            .flat_map(|(index, (token, _))| Needle::of(token, index))
            .collect();
        Self {
            needles: Needles::new(needles),
            variables: tokens
                .iter()
                .map(|(_, variable)| variable.clone())
                .collect(),
            all: None,
        }
    }

    /// Hides each text whole, with `variable` in its place. It costs nothing, whatever the secrets are.
    pub fn everything(variable: &str) -> Self {
        Self {
            all: Some(variable.to_owned()),
            ..Self::new(&[])
        }
    }

    /// A value with each secret replaced by its variable.
    pub fn hide(&self, text: &str) -> String {
        self.replaced(text, Strength::Word, |_| true)
    }

    /// A finished line, page or file with each secret replaced, except short words.
    ///
    /// A value is escaped in a finished text. So a part with a line's end or a character of markup is no value.
    pub fn hide_finished(&self, text: &str) -> String {
        self.replaced(text, Strength::Sure, |part| {
            !part.contains(['\n', '<', '>', '"'])
        })
    }

    /// A finished text without markup, with each secret replaced, except short words.
    pub fn hide_lines(&self, text: &str) -> String {
        self.replaced(text, Strength::Sure, |part| !part.contains('\n'))
    }

    /// Finished JSON text with each secret in its strings replaced, except short words. Keys stay.
    pub fn hide_json(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('"') {
            shown += &rest[..start];
            let end = string_end(&rest[start..]) + start;
            let written = &rest[start..end];
            let is_key = rest[end..].starts_with(':');
            let value: Option<String> = serde_json::from_str(written).ok().filter(|_| !is_key);
            let hidden = value.and_then(|value| {
                let hidden = self.replaced(&value, Strength::Sure, |_| true);
                (hidden != value).then(|| serde_json::Value::from(hidden).to_string())
            });
            shown += hidden.as_deref().unwrap_or(written);
            rest = &rest[end..];
        }
        shown + rest
    }

    /// Whether a text has a secret in it.
    pub fn are_in(&self, text: &str) -> bool {
        self.all.is_some() && !text.is_empty() || !self.found(text, Strength::Sure).is_empty()
    }

    fn replaced(&self, text: &str, least: Strength, is_value: fn(&str) -> bool) -> String {
        if let Some(all) = self.all.as_ref().filter(|_| !text.is_empty()) {
            return all.clone();
        }
        let mut shown = String::with_capacity(text.len());
        let mut behind = 0;
        for (start, end, variable) in self.found(text, least) {
            if is_value(&text[start..end]) {
                shown += &text[behind..start];
                shown += &self.variables[variable];
                behind = end;
            }
        }
        shown + &text[behind..]
    }

    /// The places of all secrets in all spellings, in order. They do not overlap.
    fn found(&self, text: &str, least: Strength) -> Vec<Found> {
        /// The greatest number of escapes one inside another.
        const DEPTH: usize = 4;
        let mut found: Vec<Found> = Vec::new();
        if self.variables.is_empty() {
            return found;
        }
        let mut level = Some(Level::of(text));
        for _ in 0..=DEPTH {
            let Some(this) = level else { break };
            let places = self.needles.find(&this.text, least).into_iter();
            found.extend(places.map(|(start, end, variable)| {
                let (start, end) = this.place(start, end);
                (start, end, variable)
            }));
            level = this.decoded();
        }
        found.retain(|(start, end, _)| !self.is_variable(text, *start, *end));
        found.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        let mut apart: Vec<Found> = Vec::new();
        for (start, end, variable) in found {
            match apart.last_mut() {
                Some(before) if start < before.1 => before.1 = before.1.max(end),
                _ => apart.push((start, end, variable)),
            }
        }
        apart
    }

    /// Whether a place is a part of a variable's name, which replaced a token before.
    fn is_variable(&self, text: &str, start: usize, end: usize) -> bool {
        self.variables.iter().any(|variable| {
            let earliest = end.saturating_sub(variable.len());
            let mut starts = (earliest..=start).filter(|at| text.is_char_boundary(*at));
            starts.any(|at| text[at..].starts_with(variable.as_str()))
        })
    }
}

/// The number of bytes of the JSON string at the start of `text`, quotes included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests;
