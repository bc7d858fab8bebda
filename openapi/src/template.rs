//! Path templates: `/v1/jobs/{public_id}/events`.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text as one segment of a path, percent-encoded but for the unreserved characters of RFC 3986.
pub fn path_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A path with parameters in it; several may share a segment (`{name}.{format}`, `{id}:cancel`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    text: String,
    segments: Vec<Vec<Piece>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Parameter(String),
}

impl PathTemplate {
    /// Reads a template as the document spells it.
    pub fn new(text: &str) -> Self {
        let segments = text.split('/').skip(1).map(pieces).collect();
        Self {
            text: text.to_owned(),
            segments,
        }
    }

    /// The same path below a base path, which has no parameters: `/v2/jobs/{id}` below `/v2`.
    #[must_use]
    pub(crate) fn below(&self, base: &str) -> Self {
        let steps = base.split('/').skip(1);
        let steps = steps.map(|step| percent_decode_str(step).decode_utf8_lossy().into_owned());
        let steps = steps.map(|step| vec![Piece::Literal(step)]);
        Self {
            text: format!("{base}{}", self.text),
            segments: steps.chain(self.segments.iter().cloned()).collect(),
        }
    }

    /// The parameters' values, percent-decoded, if `path` (as sent, without the query) fits.
    ///
    /// Bytes that are no UTF-8 become U+FFFD: such an id names nothing, which is all that matters.
    pub fn captures(&self, path: &str) -> Option<Vec<(&str, String)>> {
        let mut found = Vec::new();
        let mut sent = path.split('/').skip(1);
        for segment in &self.segments {
            capture(segment, sent.next()?, &mut found)?;
        }
        sent.next().is_none().then_some(found)
    }

    /// The text of each segment; `None` for a segment with parameters.
    pub(crate) fn literals(&self) -> impl Iterator<Item = Option<&str>> {
        self.segments.iter().map(|pieces| match pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text.as_str()),
            _ => None,
        })
    }

    /// The one parameter that this path has behind `above`: `id` of `/jobs/{id}` behind `/jobs`.
    pub fn parameter_below(&self, above: &Self) -> Option<&str> {
        let rest = self.text.strip_prefix(above.text.trim_end_matches('/'))?;
        let name = rest.trim_end_matches('/').strip_prefix("/{")?;
        let name = name.strip_suffix('}')?;
        (!name.contains(['{', '}', '/'])).then_some(name)
    }

    /// The path with `value(name)` in each parameter's place, percent-encoded.
    pub fn expand(&self, mut value: impl FnMut(&str) -> String) -> String {
        self.expand_raw(|name| path_segment(&value(name)))
    }

    /// As [`PathTemplate::expand`], but values are put in as they are.
    pub fn expand_raw(&self, mut value: impl FnMut(&str) -> String) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            for piece in segment {
                match piece {
                    Piece::Literal(text) => path.push_str(&sendable(text)),
                    Piece::Parameter(name) => path.push_str(&value(name)),
                }
            }
        }
        path
    }

    /// How many parameters it has: fewer is more specific, and a literal goes before a parameter.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments
            .iter()
            .flatten()
            .filter_map(|piece| match piece {
                Piece::Parameter(name) => Some(name.as_str()),
                Piece::Literal(_) => None,
            })
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((literal, (name, behind))) = rest
        .split_once('{')
        .and_then(|(a, b)| Some((a, b.split_once('}')?)))
    {
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal.to_owned()));
        }
        pieces.push(Piece::Parameter(name.to_owned()));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    pieces
}

/// A text of a template as a request sends it: a `#` or `?` in it would end the path.
fn sendable(text: &str) -> Cow<'_, str> {
    if text.contains(['#', '?']) {
        Cow::Owned(text.replace('#', "%23").replace('?', "%3F"))
    } else {
        Cow::Borrowed(text)
    }
}

fn capture<'t>(segment: &'t [Piece], sent: &str, found: &mut Vec<(&'t str, String)>) -> Option<()> {
    let Some((piece, others)) = segment.split_first() else {
        return sent.is_empty().then_some(());
    };
    match piece {
        Piece::Literal(text) => {
            let decoded;
            let behind = if let Some(behind) = sent.strip_prefix(text.as_str()) {
                behind
            } else {
                decoded = percent_decode_str(sent).decode_utf8().ok()?.into_owned();
                decoded.strip_prefix(text.as_str())?
            };
            capture(others, behind, found)
        }
        Piece::Parameter(name) => {
            let end = match others.first() {
                Some(Piece::Literal(text)) => {
                    let encoded = || sent.rfind(sendable(text).as_ref());
                    sent.rfind(text.as_str()).or_else(encoded)?
                }
                _ => sent.len(),
            };
            let (value, behind) = sent.split_at(end);
            if value.is_empty() {
                return None;
            }
            found.push((
                name,
                percent_decode_str(value).decode_utf8_lossy().into_owned(),
            ));
            capture(others, behind, found)
        }
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, path: &str, expect: Option<&[(&str, &str)]>) {
        let template = PathTemplate::new(template);
        let captures = template.captures(path);
        let captures = captures.as_ref().map(|captures| {
            captures
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect::<Vec<_>>()
        });
        assert_eq!(captures.as_deref(), expect, "{template} {path}");
    }

    #[test]
    fn parameters_are_captured_and_decoded() {
        check(
            "/v1/jobs/{id}/events",
            "/v1/jobs/a%20b/events",
            Some(&[("id", "a b")]),
        );
        check(
            "/v1/jobs/{id}/events",
            "/v1/jobs/a%2Fb/events",
            Some(&[("id", "a/b")]),
        );
        check(
            "/v1/jobs/{id}/events",
            "/v1/%6Aobs/a/events",
            Some(&[("id", "a")]),
        );
        check("/{name}.json", "/a.b.json", Some(&[("name", "a.b")]));
        check("/{id}:cancel", "/7:cancel", Some(&[("id", "7")]));
        check("/{a}-{b}", "/1-2", Some(&[("a", "1"), ("b", "2")]));
    }

    #[test]
    fn other_paths_do_not_fit() {
        check("/v1/jobs/{id}/events", "/v1/jobs//events", None);
        check("/v1/jobs/{id}/events", "/v1/jobs/a/events/", None);
        check("/v1/jobs/{id}/events", "/v1/jobs/a/b/events", None);
        check("/{id}:cancel", "/7:stop", None);
    }

    #[test]
    fn a_mark_that_would_end_the_path_is_sent_encoded() {
        for text in ["/{id}#full", "/{id}?full", "/x#y/{id}"] {
            let template = PathTemplate::new(text);
            let path = template.expand(|_| "7".to_owned());
            assert!(!path.contains(['#', '?']), "{path}");
            assert_eq!(template.captures(&path), Some(vec![("id", "7".to_owned())]));
        }
    }

    #[test]
    fn what_was_expanded_is_captured_again() {
        let template = PathTemplate::new("/v1/{id}/x");
        let path = template.expand(|_| "ü/%?#".to_owned());
        assert_eq!(
            template.captures(&path),
            Some(vec![("id", "ü/%?#".to_owned())])
        );
    }
}
