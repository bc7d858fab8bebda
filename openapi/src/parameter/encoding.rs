//! The characters of a parameter that are percent-encoded, by the place where it is sent.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// As [`RESERVED`], and the dot, which separates values in the style `label`.
pub(super) const DOTTED: &AsciiSet = &RESERVED.add(b'.');

/// As [`RESERVED`], without brackets: names have them.
pub(super) const NAME: &AsciiSet = &RESERVED.remove(b'[').remove(b']').remove(b'$');

/// The characters that end a value in a query, or that a URI cannot have.
pub(super) const IMPOSSIBLE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b',')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The characters that a cookie's value cannot have: RFC 6265, 4.1.1.
pub(super) const NO_COOKIE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

/// As [`NO_COOKIE`], and the sign of an encoded character.
pub(super) const IN_COOKIE: &AsciiSet = &NO_COOKIE.add(b'%');

/// A text, percent-encoded.
pub(super) fn encoded(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}
