//! A text with a name, and places in it.
//!
//! Values are parsed without positions, which is quick; only when something is wrong is the text read a
//! second time, by a parser with markers, to find the line that a JSON pointer stands on.

use std::path::Path;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, Span};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::At;
use crate::{Problem, join, yaml};

/// A text and the name that it is spoken of by. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under a name: a file's path, or what stands for one.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }

    /// Reads a file; a missing or unreadable one, or one that is no UTF-8, is a problem with its path.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(Problem::new(format!("cannot read {name}: {error}"))
                .cure("check the path; it is taken from the current directory")),
        }
    }

    /// The name it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name without folders and extension.
    pub fn stem(&self) -> &str {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        file.split('.').next().unwrap_or(file)
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a JSON value; JSON and YAML are told apart by the first character.
    pub fn parse(&self) -> Result<Value, Problem> {
        if self.text.trim_start().starts_with('{') {
            serde_json::from_str(&self.text).map_err(|error| {
                let at = self.at_line(error.line(), error.column());
                self.placed(Problem::new(format!("malformed JSON: {error}")), at)
            })
        } else {
            serde_yaml::from_str::<yaml::Json>(&self.text)
                .map(|json| json.0)
                .map_err(|error| {
                    let at = error.location().map(|place| (place.line(), place.column()));
                    let at = at.and_then(|(line, column)| self.at_line(line, column));
                    let text = error.to_string();
                    self.placed(
                        Problem::new(format!("malformed YAML: {}", without_place(&text))),
                        at,
                    )
                })
        }
    }

    /// The text as a `T`; what does not fit is a problem at its place.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let value = self.parse()?;
        self.typed(&value, "#")
    }

    /// `value`, which stands at `pointer` of this text, as a `T`.
    pub fn typed<T: DeserializeOwned>(&self, value: &Value, pointer: &str) -> Result<T, Problem> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let inner = crate::references::pointer_of(&error.path().to_string());
            self.problem(
                &format!("{pointer}{}", &inner[1..]),
                error.inner().to_string(),
            )
        })
    }

    /// A problem at a JSON pointer of this text; where the pointer leads nowhere, at the nearest place
    /// above it.
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        self.placed(Problem::new(message), self.find(pointer))
            .pointing(pointer)
    }

    fn placed(&self, problem: Problem, at: Option<At>) -> Problem {
        problem.within(&self.name, &self.text, at)
    }

    fn at_line(&self, line: usize, column: usize) -> Option<At> {
        let start: usize = self
            .text
            .split_inclusive('\n')
            .take(line.checked_sub(1)?)
            .map(str::len)
            .sum();
        let within: usize = self.text[start..]
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum();
        Some(At {
            offset: start + within,
            length: 1,
            line,
            column,
        })
    }

    fn find(&self, pointer: &str) -> Option<At> {
        let mut finder = Finder {
            parser: Parser::new_from_str(&self.text),
            pointer,
            best: None,
        };
        finder.document();
        let (_, span) = finder.best?;
        let offset: usize = self
            .text
            .chars()
            .take(span.start.index())
            .map(char::len_utf8)
            .sum();
        let line_end = self.text[offset..]
            .find('\n')
            .unwrap_or(self.text.len() - offset);
        let length = span
            .end
            .index()
            .saturating_sub(span.start.index())
            .clamp(1, line_end.max(1));
        Some(At {
            offset,
            length,
            line: span.start.line(),
            column: span.start.col() + 1,
        })
    }
}

/// Walks the events of a text and remembers the deepest node on the way to a pointer.
struct Finder<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    pointer: &'a str,
    best: Option<(usize, Span)>,
}

impl Finder<'_> {
    fn document(&mut self) {
        while let Some((event, span)) = self.next() {
            if !matches!(
                event,
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing
            ) {
                self.node(&event, span, "#");
                return;
            }
        }
    }

    fn next(&mut self) -> Option<(Event<'static>, Span)> {
        let (event, span) = self.parser.next_event()?.ok()?;
        let event = match event {
            Event::Scalar(text, style, anchor, _) => {
                Event::Scalar(text.into_owned().into(), style, anchor, None)
            }
            Event::SequenceStart(anchor, _) => Event::SequenceStart(anchor, None),
            Event::MappingStart(anchor, _) => Event::MappingStart(anchor, None),
            Event::SequenceEnd => Event::SequenceEnd,
            Event::MappingEnd => Event::MappingEnd,
            Event::Alias(anchor) => Event::Alias(anchor),
            Event::StreamStart => Event::StreamStart,
            Event::DocumentStart(explicit) => Event::DocumentStart(explicit),
            Event::DocumentEnd => Event::DocumentEnd,
            Event::StreamEnd => Event::StreamEnd,
            Event::Nothing => Event::Nothing,
        };
        Some((event, span))
    }

    /// Reads the node that `event` opens; it stands at `at`.
    fn node(&mut self, event: &Event<'_>, span: Span, at: &str) {
        self.meet(at, span);
        match event {
            Event::MappingStart(..) => {
                while let Some((key, key_span)) = self.next() {
                    if key == Event::MappingEnd {
                        return;
                    }
                    let Event::Scalar(name, ..) = &key else {
                        self.node(&key, key_span, "?");
                        continue;
                    };
                    let at = join(at, name);
                    // A key shows better where a field stands than its value does.
                    let Some((value, value_span)) = self.next() else {
                        return;
                    };
                    self.node(&value, value_span, &at);
                    self.meet(&at, key_span);
                }
            }
            Event::SequenceStart(..) => {
                let mut index = 0_usize;
                while let Some((item, span)) = self.next() {
                    if item == Event::SequenceEnd {
                        return;
                    }
                    self.node(&item, span, &join(at, &index.to_string()));
                    index += 1;
                }
            }
            _ => {}
        }
    }

    fn meet(&mut self, at: &str, span: Span) {
        let on_the_way = self
            .pointer
            .strip_prefix(at)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if on_the_way && self.best.is_none_or(|(length, _)| length <= at.len()) {
            self.best = Some((at.len(), span));
        }
    }
}

/// `message` without the `at line 3 column 4` that the place already says.
fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}
