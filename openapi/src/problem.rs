//! One kind of error for every wrong input: what is wrong, where, and the cure.

use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode, SourceSpan};

use crate::excerpt::Excerpt;
use crate::places::At;
use crate::shown::{clean, clean_lines};

/// What is wrong with an input file, at which place, and what to do about it.
///
/// `Display` is one line, `file:line:column: message`; as a [`miette::Diagnostic`] it also carries the
/// text around the place and the cure.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    message: String,
    cure: Option<String>,
    severity: Severity,
    file: Option<Excerpt>,
    at: Option<At>,
    pointer: Option<String>,
    listed: Vec<Problem>,
}

impl Problem {
    /// A problem without a place: a flag, a name, a file that cannot be read.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            cure: None,
            severity: Severity::Error,
            file: None,
            at: None,
            pointer: None,
            listed: Vec::new(),
        }))
    }

    /// The same problem with its cure, in one sentence.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.0.cure = Some(cure.into());
        self
    }

    /// The same problem, which these make together.
    #[must_use]
    pub(crate) fn listing(mut self, problems: &[Problem]) -> Self {
        self.0.listed = problems.to_vec();
        self
    }

    /// The same problem as a warning, which leaves the rest of the input usable.
    #[must_use]
    pub(crate) fn into_warning(mut self) -> Self {
        self.0.severity = Severity::Warning;
        self
    }

    #[must_use]
    pub(crate) fn within(mut self, name: &str, text: &Arc<str>, at: At) -> Self {
        self.0.file = Some(Excerpt::new(name, text));
        self.0.at = Some(at);
        self
    }

    #[must_use]
    pub(crate) fn pointing(mut self, pointer: &str) -> Self {
        self.0.pointer = Some(pointer.to_owned());
        self
    }

    /// The message without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, in one sentence.
    pub fn advice(&self) -> Option<&str> {
        self.0.cure.as_deref()
    }

    /// The JSON pointer of the place, if it is known.
    pub fn pointer(&self) -> Option<&str> {
        self.0.pointer.as_deref()
    }

    /// `file:line:column` of the place, if it is known.
    pub fn place(&self) -> Option<String> {
        let file = &self.0.file.as_ref()?.name;
        let at = self.0.at?;
        Some(format!("{file}:{}:{}", at.line, at.column))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = clean_lines(&self.0.message);
        match self.place() {
            Some(place) => write!(out, "{}: {message}", clean(&place)),
            None => out.write_str(&message),
        }
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let cure = self.0.cure.as_ref()?;
        Some(Box::new(clean_lines(cure)))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.0.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.at?;
        self.0.file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let listed = self.0.listed.iter().map(|one| one as &dyn Diagnostic);
        (!self.0.listed.is_empty()).then(|| Box::new(listed) as Box<_>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let at = self.0.at?;
        let pointer = self.0.pointer.as_deref();
        let label = clean(pointer.unwrap_or("here")).into_owned();
        let span = SourceSpan::new(at.offset.into(), at.length);
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(
            Some(label),
            span,
        ))))
    }
}
