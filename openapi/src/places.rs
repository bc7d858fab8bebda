//! Where in a text a JSON pointer's place stands.
//!
//! The text was parsed without positions. If something is wrong in it, it is read a second time: JSON by a walk of
//! its own, and YAML by a parser with markers.

mod json;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span, StrInput};

use crate::{join, pointer, yaml};

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
///
/// Parts of the text that no pointer leads into are passed over, and the text ends where the last place was found:
/// the cost of one place in a large text is that of the text before it.
pub(crate) fn find(text: &str, pointers: &[&str]) -> Vec<At> {
    let mut best: Vec<Option<(usize, Shown)>> = vec![None; pointers.len()];
    let mut exact = 0;
    walk(text, &mut |seen, at, shown| {
        if seen == Seen::SecondKey {
            return Next::Past;
        }
        let mut next = Next::Past;
        for (pointer, best) in pointers.iter().zip(&mut best) {
            if pointer::is_within(pointer, at) {
                if best.as_ref().is_none_or(|(length, _)| *length < at.len()) {
                    *best = Some((at.len(), shown.clone()));
                    exact += usize::from(pointer.len() == at.len());
                }
                next = Next::Into;
            }
        }
        if exact == pointers.len() {
            Next::End
        } else {
            next
        }
    });
    let placed = best
        .into_iter()
        .map(|best| best.map_or_else(|| at_line(text, 1, 1), |(_, shown)| shown.place(text)));
    placed.collect()
}

/// The first `limit` keys that their objects have already, each with its pointer.
pub(crate) fn second_keys(text: &str, limit: usize) -> Vec<(String, At)> {
    let mut found = Vec::new();
    walk(text, &mut |seen, at, shown| {
        if seen == Seen::SecondKey {
            found.push((at.to_owned(), shown));
        }
        if found.len() < limit {
            Next::Into
        } else {
            Next::End
        }
    });
    let placed = found.into_iter();
    placed
        .map(|(pointer, shown)| (pointer, shown.place(text)))
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
    /// A value. The span of a field is that of its key, which shows better where it stands.
    Value,
    /// A key that its object has already. It comes before its value.
    SecondKey,
}

/// How the walk goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Into the value.
    Into,
    /// Past the value.
    Past,
    /// No further.
    End,
}

/// The part of a text that shows where a value stands.
#[derive(Debug, Clone)]
enum Shown {
    /// As the reader of YAML has it.
    Span(Span),
    Bytes(Range<usize>),
}

impl Shown {
    fn place(self, text: &str) -> At {
        match self {
            Self::Span(span) => at_span(text, span),
            Self::Bytes(bytes) => {
                let end = bytes.end.min(text.len());
                at_offset(text, bytes.start, end.saturating_sub(bytes.start))
            }
        }
    }
}

/// Where a text of JSON has more path items than are read. Nothing is kept here.
pub(crate) fn too_many_paths(text: &str) -> Option<At> {
    text.match_indices("\"/").nth(yaml::MOST_PATHS)?;
    let above = format!("#/{}", yaml::PATHS);
    let (mut count, mut found) = (0, None);
    json::walk(text, &mut |seen, at, bytes| {
        if at == "#" || at == above {
            return Next::Into;
        }
        if seen == Seen::Value && pointer::is_within(at, &above) {
            count += 1;
            if count > yaml::MOST_PATHS {
                found = Some(Shown::Bytes(bytes));
                return Next::End;
            }
        }
        Next::Past
    });
    found.map(|shown| shown.place(text))
}

type Look<'l> = dyn FnMut(Seen, &str, Shown) -> Next + 'l;

fn walk(text: &str, look: &mut Look<'_>) {
    if text.trim_start().starts_with('{') {
        let end = json::walk(text, &mut |seen, at, bytes| {
            look(seen, at, Shown::Bytes(bytes))
        });
        if end == json::End::Done {
            return;
        }
    }
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

struct Walk<'a, 'l> {
    parser: Parser<'a, StrInput<'a>>,
    look: &'l mut Look<'l>,
}

impl<'a> Walk<'a, '_> {
    /// The next event; none behind the end, and none behind what is malformed.
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Reads the node that `event` opens; it stands at `at`. None if the walk ends within.
    fn node(&mut self, event: &Event<'a>, span: Span, at: &str, depth: usize) -> Option<()> {
        match (self.look)(Seen::Value, at, Shown::Span(span)) {
            Next::Into if depth > DEPTH => None,
            Next::Into => self.into(event, at, depth),
            Next::Past => self.past(event),
            Next::End => None,
        }
    }

    fn into(&mut self, event: &Event<'a>, at: &str, depth: usize) -> Option<()> {
        match event {
            Event::MappingStart(..) => self.mapping(at, depth),
            Event::SequenceStart(..) => self.sequence(at, depth),
            _ => Some(()),
        }
    }

    /// Reads the node that `event` opens, and forgets it.
    fn past(&mut self, event: &Event<'a>) -> Option<()> {
        let deeper = |event: &Event<'a>| match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => 1,
            Event::MappingEnd | Event::SequenceEnd => -1,
            _ => 0,
        };
        let mut depth = deeper(event);
        while depth > 0 {
            depth += deeper(&self.next()?.0);
        }
        Some(())
    }

    fn mapping(&mut self, at: &str, depth: usize) -> Option<()> {
        let mut keys = HashSet::new();
        loop {
            let (key, key_span) = self.next()?;
            if key == Event::MappingEnd {
                return Some(());
            }
            let Event::Scalar(name, ..) = &key else {
                // A key that is no scalar has no pointer; neither has its value.
                self.past(&key)?;
                let (value, _) = self.next()?;
                self.past(&value)?;
                continue;
            };
            let at = join(at, name);
            let is_first = keys.insert(name.clone());
            let next = if is_first {
                Next::Into
            } else {
                (self.look)(Seen::SecondKey, &at, Shown::Span(key_span))
            };
            let (value, _) = self.next()?;
            match next {
                Next::Into => self.node(&value, key_span, &at, depth + 1)?,
                Next::Past => self.past(&value)?,
                Next::End => return None,
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "\
first: { paths: [ 1, { a: 2 } ] }
? [a, b]
: { paths: 3 }
paths:
  /a: &a
    get: [ x, y ]
  /b: *a
paths: { /c: 4 }
last: |
  paths:
";

    #[test]
    fn a_place_is_that_of_its_key_or_of_the_nearest_key_above() {
        let line = |pointer| {
            let at = find(YAML, &[pointer])[0];
            (at.line, at.column)
        };
        assert_eq!(line("#"), (1, 1));
        assert_eq!(line("#/first/paths/1/a"), (1, 24));
        assert_eq!(line("#/paths"), (4, 1));
        assert_eq!(line("#/paths/~1a/get/1"), (6, 15));
        assert_eq!(line("#/paths/~1a/put"), (5, 3));
        assert_eq!(line("#/paths/~1b/get"), (7, 3));
        assert_eq!(line("#/last"), (9, 1));
        assert_eq!(line("#/nowhere"), (1, 1));
    }

    #[test]
    fn several_places_are_found_at_once() {
        let text = r#"{"a":{"b":[0,1]},"c":{"d":{}},"e":2}"#;
        let columns = |pointers: &[&str]| -> Vec<_> {
            find(text, pointers).iter().map(|at| at.column).collect()
        };
        assert_eq!(
            columns(&["#/e", "#/a/b/1", "#/c/x", "#/a"]),
            [31, 14, 18, 2]
        );
    }

    #[test]
    fn a_text_that_ends_early_has_the_places_before() {
        let at = find("a: 1\nb: [ { c: 2 }, {", &["#/b/0/c", "#/b/1/d"]);
        assert_eq!((at[0].column, at[1].line), (8, 2));
        let at = find("{\"a\": 1,\n\"b\": [{\"c\": [2", &["#/b/0/c/0", "#/b/1/d"]);
        assert_eq!((at[0].column, at[1].column), (14, 1));
    }

    #[test]
    fn both_readers_find_the_same_places() {
        let text = r#" {"a": {"b\"c": [ 0, "x\\", -1.5e3, true ], "d/e": null}, "é": {}, "\u0061": 1, "last": [{"k": []}] }"#;
        let flow = format!("[ {text} ]");
        for pointer in [
            "#",
            "#/a",
            "#/a/b\"c/1",
            "#/a/b\"c/3",
            "#/a/d~1e",
            "#/é",
            "#/last/0/k",
            "#/last/1",
            "#/none",
        ] {
            let json = find(text, &[pointer])[0];
            let below = pointer.replacen('#', "#/0", 1);
            let yaml = find(&flow, &[&below])[0];
            // A root is shown by its first character.
            let length = if pointer == "#" { 1 } else { yaml.length };
            let yaml = At {
                offset: yaml.offset - 2,
                column: yaml.column - 2,
                length,
                ..yaml
            };
            assert_eq!(json, yaml, "{pointer}");
        }
        let second = second_keys(r#"{"a": [{"b": 1, "b": 2}], "\u0061": 3}"#, 9);
        let second: Vec<_> = second
            .iter()
            .map(|(at, place)| (at.as_str(), place.column))
            .collect();
        assert_eq!(second, [("#/a/0/b", 17), ("#/a", 27)]);
        // Flow style of YAML is no JSON.
        assert_eq!(find("{a: {b: 1}}", &["#/a/b"])[0].column, 6);
    }
}
