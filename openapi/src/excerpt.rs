//! The part of a text that a diagnostic shows.
//!
//! Lines of minified documents are megabytes long. Of such a line only the surroundings of the place are shown.

use std::sync::{Arc, OnceLock};

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::shown::is_unsafe;

/// The length, in bytes, up to which the lines around a place are shown whole.
const WHOLE: usize = 2_000;

/// The bytes before and behind the place that are shown of longer lines.
const AROUND: usize = 80;

/// A text under its name.
#[derive(Debug, Clone)]
pub(crate) struct Excerpt {
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<str>,
    /// The text without characters that change how others are shown, as long as the text.
    harmless: OnceLock<String>,
}

impl Excerpt {
    pub(crate) fn new(name: &str, text: &Arc<str>) -> Self {
        Self {
            name: name.into(),
            text: Arc::clone(text),
            harmless: OnceLock::new(),
        }
    }

    /// The text, if its part `around` can be shown as it is, else a harmless text with the same places.
    fn showing(&self, around: &[u8]) -> &str {
        let around = String::from_utf8_lossy(around);
        if !around.contains(is_harmful) {
            return &self.text;
        }
        self.harmless.get_or_init(|| {
            let mut shown = String::with_capacity(self.text.len());
            for one in self.text.chars() {
                if is_harmful(one) {
                    shown.extend(std::iter::repeat_n('?', one.len_utf8()));
                } else {
                    shown.push(one);
                }
            }
            shown
        })
    }
}

/// Whether a character changes how the rest of an excerpt is shown.
fn is_harmful(one: char) -> bool {
    is_unsafe(one) && !matches!(one, '\n' | '\r' | '\t')
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let name = self.name.to_string();
        let text = &*self.text;
        let (first, last) = (span.offset(), span.offset().saturating_add(span.len()));
        let line_start = text.get(..first).and_then(|text| text.rfind('\n'));
        let line_start = line_start.map_or(0, |end| end + 1);
        let line_end = text.get(last..).and_then(|text| text.find('\n'));
        let line_end = line_end.map_or(text.len(), |end| last + end);
        // The lines around a long one are not looked for: that takes longer than to read a document.
        if last > text.len() || line_end - line_start <= WHOLE {
            let around = text.read_span(span, before, after)?;
            let text: &'a str = self.showing(around.data());
            let contents = text.read_span(span, before, after)?;
            if contents.data().len() <= WHOLE {
                return Ok(Box::new(MietteSpanContents::new_named(
                    name,
                    contents.data(),
                    *contents.span(),
                    contents.line(),
                    contents.column(),
                    contents.line_count(),
                )));
            }
        }
        // Without lines before it, the excerpt begins with the place itself.
        let room = if before == 0 { 0 } else { AROUND };
        let start = first.saturating_sub(room).max(line_start);
        let start = text.floor_char_boundary(start);
        let end = text.ceil_char_boundary((last + AROUND).min(line_end));
        let end = end.min(start + WHOLE).max(start);
        let end = text.floor_char_boundary(end);
        let line = text[..start].matches('\n').count();
        let column = text[line_start..start].chars().count();
        let data = &self.showing(&text.as_bytes()[start..end])[start..end];
        let span = (start, data.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            data.as_bytes(),
            span,
            line,
            column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, place: usize, length: usize, lines: usize) -> String {
        let excerpt = Excerpt::new("a", &text.into());
        let span = (place, length).into();
        let contents = excerpt.read_span(&span, lines, lines).unwrap();
        String::from_utf8(contents.data().to_vec()).unwrap()
    }

    #[test]
    fn short_lines_are_shown_whole() {
        assert_eq!(shown("a\nb\nc\nd\n", 4, 1, 1), "b\nc\nd\n");
    }

    #[test]
    fn what_changes_a_terminal_is_not_shown() {
        let text = "a: \u{1b}[2J\u{202e}b\r\n\tc\n";
        assert_eq!(shown(text, 3, 1, 0), "a: ?[2J???b\r\n"[3..4].to_owned());
        assert_eq!(shown(text, 0, 1, 1), "a: ?[2J???b\r\n\tc\n");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!(
            "first\n{}é!é{}\nlast",
            "é".repeat(50_000),
            "x".repeat(50_000)
        );
        let place = text.find('!').unwrap();
        let part = shown(&text, place, 1, 1);
        assert!(part.len() < 200, "{}", part.len());
        assert!(part.starts_with('é') && part.contains("é!é"), "{part}");
        assert!(shown(&text, place, 1, 0).starts_with('!'));
        // The place itself may be long.
        assert!(shown(&text, 6, 100_000, 1).len() <= WHOLE);
    }
}
