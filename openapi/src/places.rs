//! Where in a text a JSON pointer's place stands.
//!
//! The text was parsed without positions. If something is wrong in it, a parser with markers reads it a
//! second time. That parser reads YAML, and so JSON as well.

use std::borrow::Cow;
use std::collections::HashSet;

use saphyr_parser::{Event, Parser, Span, StrInput};

use crate::{join, pointer};

/// A place in a text: `offset` and `length` in bytes, `line` and `column` from one, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) offset: usize,
    pub(crate) length: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The depth to which a text is followed; the parsers of values give up earlier.
const DEPTH: usize = 256;

/// The place of each pointer, or of the nearest place above it. The place of a field is its key. A text
/// without such a structure gives its start.
pub(crate) fn find(text: &str, pointers: &[&str]) -> Vec<At> {
    let mut best: Vec<Option<(usize, Span)>> = vec![None; pointers.len()];
    walk(text, |seen, at, span| {
        if seen == Seen::SecondKey {
            return;
        }
        for (pointer, best) in pointers.iter().zip(&mut best) {
            let nearer = best.is_none_or(|(length, _)| length <= at.len());
            if nearer && pointer::is_within(pointer, at) {
                *best = Some((at.len(), span));
            }
        }
    });
    let placed = best
        .into_iter()
        .map(|best| best.map_or_else(|| at_line(text, 1, 1), |(_, span)| at_span(text, span)));
    placed.collect()
}

/// The first `limit` keys that their objects have already, each with its pointer.
pub(crate) fn second_keys(text: &str, limit: usize) -> Vec<(String, At)> {
    let mut found = Vec::new();
    walk(text, |seen, at, span| {
        if seen == Seen::SecondKey && found.len() < limit {
            found.push((at.to_owned(), span));
        }
    });
    let placed = found.into_iter();
    placed
        .map(|(pointer, span)| (pointer, at_span(text, span)))
        .collect()
}

/// The place of a byte of the text, for `length` bytes.
pub(crate) fn at_offset(text: &str, offset: usize, length: usize) -> At {
    let before = &text[..offset];
    let line = before.rsplit('\n').next().unwrap_or_default();
    At {
        offset,
        length,
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

/// The place of a line and a column, as parsers report them; beyond the text, its end.
pub(crate) fn at_line(text: &str, line: usize, column: usize) -> At {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = lines.map(str::len).sum();
    let before = text[start..].chars().take(column.saturating_sub(1));
    let offset = start + before.map(char::len_utf8).sum::<usize>();
    let length = text[offset..].chars().next().map_or(0, char::len_utf8);
    At {
        offset,
        length,
        line: line.max(1),
        column: column.max(1),
    }
}

fn at_span(text: &str, span: Span) -> At {
    let at = at_line(text, span.start.line(), span.start.col() + 1);
    let line = text[at.offset..].lines().next().unwrap_or_default();
    let wanted = span.end.index().saturating_sub(span.start.index()).max(1);
    let length = line.chars().take(wanted).map(char::len_utf8).sum();
    At { length, ..at }
}

/// What the walk meets at a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Value,
    /// Comes after its value: a key shows better where a field stands.
    Key,
    SecondKey,
}

fn walk(text: &str, look: impl FnMut(Seen, &str, Span)) {
    let text = without_surrogates(text);
    let parser = Parser::new_from_str(&text);
    let mut walk = Walk { parser, look };
    while let Some((event, span)) = walk.next() {
        let opening = matches!(
            event,
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing
        );
        if !opening {
            walk.node(&event, span, "#", 0);
            return;
        }
    }
}

/// JSON writes a character beyond U+FFFF as two escapes, which YAML refuses. Others as long take their place.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    let is_surrogate = |escape: &str| {
        let digits = escape.get(2..4).map(str::to_ascii_lowercase);
        digits.is_some_and(|digits| ("d8".."e0").contains(&digits.as_str()))
    };
    let mut starts = text.match_indices("\\u").map(|(start, _)| start);
    let Some(first) = starts.find(|start| is_surrogate(&text[*start..])) else {
        return Cow::Borrowed(text);
    };
    let mut replaced = text.to_owned();
    for start in std::iter::once(first).chain(starts) {
        if is_surrogate(&text[start..]) && text.is_char_boundary(start + 6) {
            replaced.replace_range(start..start + 6, "\\uFFFD");
        }
    }
    Cow::Owned(replaced)
}

struct Walk<'a, F> {
    parser: Parser<'a, StrInput<'a>>,
    look: F,
}

impl<'a, F: FnMut(Seen, &str, Span)> Walk<'a, F> {
    /// The next event; none behind the end, and none behind what is malformed.
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Reads the node that `event` opens; it stands at `at`. None when the text ended within.
    fn node(&mut self, event: &Event<'a>, span: Span, at: &str, depth: usize) -> Option<()> {
        (self.look)(Seen::Value, at, span);
        if depth > DEPTH {
            return None;
        }
        match event {
            Event::MappingStart(..) => self.mapping(at, depth),
            Event::SequenceStart(..) => self.sequence(at, depth),
            _ => Some(()),
        }
    }

    fn mapping(&mut self, at: &str, depth: usize) -> Option<()> {
        let mut keys = HashSet::new();
        loop {
            let (key, key_span) = self.next()?;
            if key == Event::MappingEnd {
                return Some(());
            }
            // A key that is no scalar has no pointer; neither has its value.
            let at = if let Event::Scalar(name, ..) = &key {
                let at = join(at, name);
                if !keys.insert(name.clone()) {
                    (self.look)(Seen::SecondKey, &at, key_span);
                }
                at
            } else {
                self.node(&key, key_span, "?", depth + 1)?;
                "?".to_owned()
            };
            let (value, value_span) = self.next()?;
            self.node(&value, value_span, &at, depth + 1)?;
            (self.look)(Seen::Key, &at, key_span);
        }
    }

    fn sequence(&mut self, at: &str, depth: usize) -> Option<()> {
        for index in 0_usize.. {
            let (item, span) = self.next()?;
            if item == Event::SequenceEnd {
                break;
            }
            self.node(&item, span, &join(at, &index.to_string()), depth + 1)?;
        }
        Some(())
    }
}
