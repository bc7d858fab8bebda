//! A text with a name, and places in it.
//!
//! Values are parsed without positions, which is quick; [`crate::places`] finds them when they are needed.

use std::sync::Arc;

use serde::de::{DeserializeOwned, DeserializeSeed as _};
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::places::{self, At};
use crate::yaml::{self, DEEPEST, Json, Tally, TooLarge};
use crate::{Problem, decoded, expected, join, surrogates};

/// The number of flaws of one kind that are reported.
const FLAWS: usize = 16;

/// The name of standard input.
pub(crate) const STDIN: &str = "<stdin>";

/// What kind of place a text was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// None: a program has the text.
    Memory,
    /// A file; the name is its path.
    File,
    /// A URL, which is the name.
    Url,
}

/// A text and its name. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
    kind: Kind,
}

impl Source {
    /// A text under a name, which is a file's path or stands for one.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            kind: Kind::Memory,
        }
    }

    /// The text that these bytes stand for.
    pub(crate) fn of_bytes(name: &str, bytes: Vec<u8>, kind: Kind) -> Result<Self, Problem> {
        let text = decoded::text(name, bytes)?;
        Ok(Self {
            kind,
            ..Self::new(name, text)
        })
    }

    /// What the text was read from.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name without folders and extension; `document` if that leaves nothing, and for standard input.
    pub fn stem(&self) -> &str {
        let path = match self.kind {
            Kind::Url => {
                let end = self.name.find(['?', '#']).unwrap_or(self.name.len());
                let behind_scheme = self.name[..end].split_once("://");
                let behind_host = behind_scheme.and_then(|(_, rest)| rest.split_once('/'));
                behind_host.map_or("", |(_, path)| path)
            }
            Kind::Memory if &*self.name == STDIN => "",
            Kind::Memory | Kind::File => &self.name,
        };
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        match file.split('.').next() {
            None | Some("") => "document",
            Some(stem) => stem,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a JSON value. A key that stands twice is a problem.
    pub fn parse(&self) -> Result<Value, Problem> {
        let (value, twice) = self.parsed(self.body())?;
        if twice > 0
            && let Some(problem) = self.second_keys(1).pop()
        {
            return Err(problem);
        }
        Ok(value)
    }

    /// The text as a JSON value, and warnings: of two equal keys the first is kept, and a lone surrogate is
    /// read as a replacement character.
    pub(crate) fn parse_leniently(&self) -> Result<(Value, Vec<Problem>), Problem> {
        let lone = || surrogates::lone(self.body());
        let (value, twice, lone) = match self.parsed(self.body()) {
            Ok((value, twice)) => (value, twice, Vec::new()),
            Err(problem) => {
                let lone = if self.starts_as_json() {
                    lone()
                } else {
                    Vec::new()
                };
                if lone.is_empty() {
                    return Err(problem);
                }
                let (value, twice) = self.parsed(&surrogates::replaced(self.body(), &lone))?;
                (value, twice, lone)
            }
        };
        let mut warnings = Vec::new();
        if twice > 0 {
            warnings.extend(self.second_keys(FLAWS));
        }
        for offset in lone.into_iter().take(FLAWS) {
            let at = places::at_offset(self.body(), offset, surrogates::LENGTH);
            let escape = &self.body()[offset..offset + surrogates::LENGTH];
            let message =
                format!("`{escape}` is half a character, because its other half is missing");
            let problem = self.placed(Problem::new(message), at);
            warnings.push(problem.cure("write both halves; it is read as a replacement character"));
        }
        Ok((
            value,
            warnings.into_iter().map(Problem::into_warning).collect(),
        ))
    }

    /// The value of `text`, which is the body of this source or stands for it, and the number of keys that
    /// are left out because they stand twice.
    fn parsed(&self, text: &str) -> Result<(Value, usize), Problem> {
        let json = |tally: &Tally| {
            let mut reader = serde_json::Deserializer::from_str(text);
            let value = Json::root(tally).deserialize(&mut reader)?;
            reader.end()?;
            Ok((value, tally.twice()))
        };
        let is_json = self.starts_as_json();
        if let Some(at) = is_json.then(|| places::too_many_paths(text)).flatten() {
            return Err(self.too_large(TooLarge::Paths, at.line, at.column));
        }
        let tally = Tally::new(text, false);
        let failed: Option<serde_json::Error> = match is_json.then(|| json(&tally)) {
            Some(Ok(parsed)) => return Ok(parsed),
            Some(Err(error)) => Some(error),
            None => None,
        };
        if let (Some(error), Some(why)) = (&failed, tally.too_large()) {
            return Err(self.too_large(why, error.line(), error.column()));
        }
        if let Some(error) = failed.filter(|_| !self.is_named_yaml()) {
            let at = places::at_line(text, error.line(), error.column());
            return Err(self.malformed("JSON", &error.to_string(), at));
        }
        if let Some(offset) = yaml::too_deep(text) {
            let at = places::at_offset(text, offset, 1);
            let problem = Problem::new(format!(
                "`[` and `{{` are open {DEEPEST} times, one inside another"
            ));
            return Err(self
                .placed(problem, at)
                .cure("close them, or split the text"));
        }
        if let Some((why, line, column)) = yaml::too_large(text) {
            return Err(self.too_large(why, line, column));
        }
        let tally = Tally::new(text, true);
        let value = Json::root(&tally).deserialize(serde_yaml::Deserializer::from_str(text));
        let value = value.map_err(|error| {
            let place = error.location().map(|at| (at.line(), at.column()));
            let (line, column) = place.unwrap_or((1, 1));
            if let Some(why) = tally.too_large() {
                return self.too_large(why, line, column);
            }
            let at = places::at_line(text, line, column);
            self.malformed("YAML", &error.to_string(), at)
        })?;
        Ok((value, tally.twice()))
    }

    /// The first `limit` keys that stand twice, each as a problem.
    fn second_keys(&self, limit: usize) -> Vec<Problem> {
        let found = places::second_keys(self.body(), limit).into_iter();
        let problems = found.map(|(pointer, at)| {
            let key = crate::tokens(&pointer).pop().unwrap_or_default();
            let problem = Problem::new(format!("the key `{key}` stands twice"));
            let problem = self.placed(problem, at).pointing(&pointer);
            problem.cure("keep one of the two; only the first is read")
        });
        problems.collect()
    }

    /// The text as a `T`; a value that does not fit is a problem at its place.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let value = self.parse()?;
        self.typed(&value, "#")
    }

    /// `value`, which stands at `pointer` of this text, as a `T`.
    pub fn typed<T: DeserializeOwned>(&self, value: &Value, pointer: &str) -> Result<T, Problem> {
        typed(value, pointer).map_err(|misfit| {
            self.problem(&misfit.pointer, misfit.message)
                .cure(misfit.cure)
        })
    }

    /// A problem at a JSON pointer of this text, or at the nearest place above it.
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        let misfit = Misfit {
            pointer: pointer.to_owned(),
            message: message.into(),
            cure: String::new(),
        };
        self.problems(&[&misfit])
            .pop()
            .expect("one misfit gives one problem")
    }

    /// A problem for each misfit of this text; the text is read once for all of them.
    pub(crate) fn problems(&self, misfits: &[&Misfit]) -> Vec<Problem> {
        let pointers: Vec<_> = misfits
            .iter()
            .map(|misfit| misfit.pointer.as_str())
            .collect();
        let places = places::find(self.body(), &pointers).into_iter();
        let problems = misfits.iter().zip(places).map(|(misfit, at)| {
            let problem = self.placed(Problem::new(&misfit.message), at);
            let problem = problem.pointing(&misfit.pointer);
            if misfit.cure.is_empty() {
                problem
            } else {
                problem.cure(&misfit.cure)
            }
        });
        problems.collect()
    }

    /// The text without a byte order mark, which is part of neither format.
    fn body(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// Whether the text begins as JSON does. It may be YAML still, if the file's name says so.
    fn starts_as_json(&self) -> bool {
        self.body().trim_start().starts_with('{')
    }

    fn is_named_yaml(&self) -> bool {
        let extension = self.name.rsplit('.').next().unwrap_or_default();
        matches!(extension, "yaml" | "yml")
    }

    fn malformed(&self, format: &str, message: &str, at: At) -> Problem {
        // The parser's own words name the place a second time.
        let message = message.split(" at line ").next().unwrap_or(message);
        self.placed(Problem::new(format!("malformed {format}: {message}")), at)
            .cure(if format == "JSON" {
                "look for a comma, quote or bracket too few or too many here or just before"
            } else {
                "look at the indentation and the quotes here and just before"
            })
    }

    /// The problem of a text that is too large at a line and a column.
    fn too_large(&self, why: TooLarge, line: usize, column: usize) -> Problem {
        let at = places::at_line(self.body(), line, column);
        self.placed(Problem::new(why.words()), at).cure(why.cure())
    }

    fn placed(&self, problem: Problem, at: At) -> Problem {
        let offset = at.offset + self.text.len() - self.body().len();
        problem.within(&self.name, &self.text, At { offset, ..at })
    }
}

/// A value that is not as it must be: where it stands, what is wrong, and the cure.
pub(crate) struct Misfit {
    pub(crate) pointer: String,
    pub(crate) message: String,
    pub(crate) cure: String,
}

/// `value`, which stands at `pointer`, as a `T`.
pub(crate) fn typed<T: DeserializeOwned>(value: &Value, pointer: &str) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer = error
            .path()
            .iter()
            .fold(pointer.to_owned(), |at, segment| match segment {
                Segment::Seq { index } => join(&at, &index.to_string()),
                Segment::Map { key } => join(&at, key),
                Segment::Enum { .. } | Segment::Unknown => at,
            });
        let message = expected::worded(&error.inner().to_string(), &pointer);
        let cure = match &message {
            one if one.starts_with("unknown") => "take it out, or spell it as one of those",
            one if one.starts_with("missing") => "add it here",
            _ => "correct the value",
        };
        Misfit {
            pointer,
            message,
            cure: cure.to_owned(),
        }
    })
}
