//! Where in a text a JSON pointer's place stands.
//!
//! Only asked for when something is wrong: the text, which was parsed without positions before, is read
//! a second time by a parser with markers. It reads YAML, and so JSON as well.

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

/// How deep a text is followed; the parsers of values give up earlier.
const DEPTH: usize = 256;

/// The place of `pointer`, or of the nearest one above it; of a field, its key. The text's start where
/// the text has no such structure at all.
pub(crate) fn find(text: &str, pointer: &str) -> At {
    let mut best: Option<(usize, Span)> = None;
    walk(text, |seen, at, span| {
        let nearer = best.is_none_or(|(length, _)| length <= at.len());
        if seen != Seen::SecondKey && nearer && pointer::is_within(pointer, at) {
            best = Some((at.len(), span));
        }
    });
    best.map_or_else(|| at_line(text, 1, 1), |(_, span)| at_span(text, span))
}

/// The first key of the text that its mapping has already.
pub(crate) fn second_key(text: &str) -> Option<At> {
    let mut found = None;
    walk(text, |seen, _, span| {
        if seen == Seen::SecondKey && found.is_none() {
            found = Some(span);
        }
    });
    found.map(|span| at_span(text, span))
}

/// A line and a column, as parsers report them; what lies behind the text is its end.
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

/// What the walk came by at a pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Value,
    /// Comes after its value: a key shows better where a field stands.
    Key,
    SecondKey,
}

fn walk(text: &str, look: impl FnMut(Seen, &str, Span)) {
    let parser = Parser::new_from_str(text);
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
