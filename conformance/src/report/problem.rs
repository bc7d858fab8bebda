//! The text of an error, which may quote a file with tokens in it.

use super::secrets;
use openapi::shown::clean;

/// An error's text, safe to show: no token of the subject file, and no character that changes a terminal.
///
/// `rendered` may have several lines and colours. `subject_file` is the text of the subject file, valid or not.
pub fn harmless(rendered: &str, subject_file: &str) -> String {
    let secrets = secrets::written_in(subject_file);
    let hidden = secrets.hide(rendered);
    let lines: Vec<_> = hidden.split('\n').map(coloured).collect();
    lines.join("\n")
}

/// A line with its colours as they are.
fn coloured(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut shown = clean(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let rest = part.trim_start_matches(|one: char| one.is_ascii_digit() || one == ';');
        if let Some(words) = rest.strip_prefix('m') {
            shown += "\u{1b}[";
            shown += &part[..part.len() - words.len()];
            shown += &clean(words);
        } else {
            shown += &clean(&format!("\u{1b}[{part}"));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_no_token_of_the_subject_file() {
        let file = "callers:\n  ada: { token: 's3cret-of-ada', nam: 1 }\n  bob:\n    token: word\n  eve: env:EVE\n\
            timelines: {}\n";
        let rendered = "\u{1b}[31mx\u{1b}[0m 2 │ ada: { token: 's3cret-of-ada' }\u{1b}]0;t\nthe token `word`, not env:EVE";
        let shown =
            "\u{1b}[31mx\u{1b}[0m 2 │ ada: { token: '…' }\\u{1b}]0;t\nthe token `…`, not env:EVE";
        assert_eq!(harmless(rendered, file), shown);
        assert_eq!(harmless("token-of-ada", ""), "token-of-ada");
    }
}
