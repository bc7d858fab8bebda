//! Hides tokens in all reports, in every spelling.
//!
//! They are hidden twice: in each value that is shown, before it is cut, and in the finished text, because other
//! parts may contain one.
//!
//! A long token, or one of several kinds of characters, is hidden wherever it stands. A short word (`none`, `test`)
//! is hidden in values only, and there only as a word of its own: otherwise it would be hidden in other words.

mod needles;
mod spelling;

use crate::Facts;
use crate::verdict::{Judgement, Verdict};

use self::needles::{Needle, Needles, Strength};
use self::spelling::Level;
use openapi::shown;

/// The tokens of all callers, and the variables that replace them.
#[derive(Debug, Clone)]
pub(super) struct Secrets {
    needles: Needles,
    variables: Vec<String>,
}

/// A token that was found: its place, and the number of its variable.
type Found = (usize, usize, usize);

impl Secrets {
    /// The tokens in these facts, and the password in the server's URL.
    pub(super) fn of<'a>(subject: &str, facts: impl Iterator<Item = &'a Facts>) -> Self {
        let mut tokens: Vec<(String, String)> = Vec::new();
        for facts in facts {
            for (name, token) in facts.callers() {
                tokens.push((token.to_owned(), format!("${}", facts.variable(name))));
            }
        }
        tokens.extend(password(subject).map(|text| (text, "$PASSWORD".to_owned())));
        tokens.dedup();
        Self::new(&tokens)
    }

    /// The tokens in the text of a subject file, which may be no YAML: each value below `callers`.
    pub(super) fn written_in(subject_file: &str) -> Self {
        let lines = subject_file.lines();
        let callers = lines
            .skip_while(|line| {
                !line
                    .trim_start_matches(['{', '"', ' '])
                    .starts_with("callers")
            })
            .enumerate()
            .take_while(|(index, line)| {
                *index == 0 || line.is_empty() || line.starts_with([' ', '\t', '#', '}'])
            });
        let values = callers.flat_map(|(_, line)| line.split(['{', '}', ',']));
        let values = values.filter_map(|part| Some(part.split_once(':')?.1.trim()));
        let written = values.filter(|value| !value.is_empty() && !value.starts_with("env:"));
        let tokens: Vec<_> = written
            .map(|value| (value.trim_matches(['\'', '"']).to_owned(), "…".to_owned()))
            .collect();
        Self::new(&tokens)
    }

    fn new(tokens: &[(String, String)]) -> Self {
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
        }
    }

    /// A value with each token replaced by its variable.
    pub(super) fn hide(&self, text: &str) -> String {
        self.replaced(text, Strength::Word, |_| true)
    }

    /// A finished line, page or file with each token replaced, except short words.
    ///
    /// A value is escaped in a finished text. So a part with a line's end or a character of markup is no value.
    #[cfg(any(feature = "html", feature = "junit"))]
    pub(super) fn hide_finished(&self, text: &str) -> String {
        self.replaced(text, Strength::Sure, |part| {
            !part.contains(['\n', '<', '>', '"'])
        })
    }

    /// A finished text without markup, with each token replaced, except short words.
    pub(super) fn hide_lines(&self, text: &str) -> String {
        self.replaced(text, Strength::Sure, |part| !part.contains('\n'))
    }

    /// Finished JSON text with each token in its strings replaced, except short words. Keys stay.
    pub(super) fn hide_json(&self, text: &str) -> String {
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

    /// `judgement` with the tokens hidden in its texts, which are cut where they are long.
    ///
    /// The exchanges stay as they are. They are cut and hidden where they are quoted.
    pub(super) fn hide_in(&self, mut judgement: Judgement) -> Judgement {
        /// The greatest number of observations to show of a law.
        const NOTES: usize = 10;
        let hide = |text: &mut String| *text = shown::shortened(&self.hide(text));
        for finding in &mut judgement.findings {
            let count = finding.notes.len();
            let notes = finding.notes.iter().take(NOTES);
            finding.notes = notes
                .map(|note| shown::shortened(&self.hide(note)))
                .collect();
            if count > NOTES {
                finding
                    .notes
                    .insert(format!("… and {} more", count - NOTES));
            }
            finding.lowered.iter_mut().for_each(hide);
            finding.accepted.iter_mut().for_each(hide);
            match &mut finding.verdict {
                Verdict::Broken(found) => {
                    hide(&mut found.breach.expected);
                    hide(&mut found.breach.actual);
                }
                Verdict::NotInForce { reason }
                | Verdict::Unjudged { reason }
                | Verdict::Unreachable { reason } => hide(reason),
                Verdict::Upheld { .. } => {}
            }
        }
        judgement
    }

    /// Whether a text has a token in it.
    pub(super) fn are_in(&self, text: &str) -> bool {
        !self.found(text, Strength::Sure).is_empty()
    }

    fn replaced(&self, text: &str, least: Strength, is_value: fn(&str) -> bool) -> String {
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

    /// The places of all tokens in all spellings, in order. They do not overlap.
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

/// The password in a URL, if it has one.
fn password(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    Some(password.to_owned())
}

#[cfg(test)]
mod tests;
