//! The secrets of a run: tokens of all callers, and the password in the server's URL.

use openapi::{Secrets, shown};

use crate::Facts;
use crate::verdict::{Judgement, Verdict};

/// The tokens in these facts, and the password in the server's URL.
pub(super) fn of<'a>(subject: &str, facts: impl Iterator<Item = &'a Facts>) -> Secrets {
    let mut tokens: Vec<(String, String)> = Vec::new();
    for facts in facts {
        for (name, token) in facts.callers() {
            tokens.push((token.to_owned(), format!("${}", facts.variable(name))));
        }
    }
    tokens.extend(password(subject).map(|text| (text, "$PASSWORD".to_owned())));
    tokens.dedup();
    Secrets::new(&tokens)
}

/// The tokens in the text of a subject file, which may be no YAML: each value below `callers`.
pub(super) fn written_in(subject_file: &str) -> Secrets {
    let lines = subject_file.lines();
    let callers = lines
        .skip_while(|line| {
            !line
                .trim_start_matches(['{', '"', ' '])
                .starts_with("callers")
        })
        .enumerate()
        .take_while(|(index, line)| {
            *index == 0 || line.is_empty() || line.starts_with([' ', '\t', '#', '}'])
        });
    let values = callers.flat_map(|(_, line)| line.split(['{', '}', ',']));
    let values = values.filter_map(|part| Some(part.split_once(':')?.1.trim()));
    let written = values.filter(|value| !value.is_empty() && !value.starts_with("env:"));
    let tokens: Vec<_> = written
        .map(|value| (value.trim_matches(['\'', '"']).to_owned(), "…".to_owned()))
        .collect();
    Secrets::new(&tokens)
}

/// `judgement` with the tokens hidden in its texts, which are cut where they are long.
///
/// The exchanges stay as they are. They are cut and hidden where they are quoted.
pub(super) fn hide_in(secrets: &Secrets, mut judgement: Judgement) -> Judgement {
    /// The greatest number of observations to show of a law.
    const NOTES: usize = 10;
    let hide = |text: &mut String| *text = shown::shortened(&secrets.hide(text));
    for finding in &mut judgement.findings {
        let count = finding.notes.len();
        let notes = finding.notes.iter().take(NOTES);
        finding.notes = notes
            .map(|note| shown::shortened(&secrets.hide(note)))
            .collect();
        if count > NOTES {
            finding
                .notes
                .insert(format!("… and {} more", count - NOTES));
        }
        finding.lowered.iter_mut().for_each(hide);
        finding.accepted.iter_mut().for_each(hide);
        match &mut finding.verdict {
            Verdict::Broken(found) => {
                hide(&mut found.breach.expected);
                hide(&mut found.breach.actual);
            }
            Verdict::NotInForce { reason }
            | Verdict::Unjudged { reason }
            | Verdict::Unreachable { reason } => hide(reason),
            Verdict::Upheld { .. } => {}
        }
    }
    judgement
}

/// The password in a URL, if it has one.
fn password(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    Some(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_a_secret() {
        let secrets = of("http://ada:opensesame99@host/v1", std::iter::empty());
        assert_eq!(
            secrets.hide("http://ada:opensesame99@host"),
            "http://ada:$PASSWORD@host"
        );
    }
}
