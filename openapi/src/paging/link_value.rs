//! The value of a `Link` header (RFC 8288, 3).
//!
//! It is read as far as it can be read, and what is wrong with it is said: a client must find the next page
//! of a server that is nearly right, and a judge must see that it is not.

/// One link of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// The URL between the angle brackets.
    pub(super) url: String,
    /// The value of the first `rel`; later ones do not count (RFC 8288, 3.3).
    relations: Option<String>,
}

impl Link {
    /// Whether it has this relation; relations are compared in any case (RFC 8288, 2.1.1).
    pub(super) fn has(&self, relation: &str) -> bool {
        let relations = self.relations.as_deref().unwrap_or_default();
        relations
            .split_ascii_whitespace()
            .any(|known| known.eq_ignore_ascii_case(relation))
    }
}

/// The links of a header's line, and the first thing that is wrong with it.
pub(super) fn links(line: &str) -> (Vec<Link>, Option<String>) {
    let mut links = Vec::new();
    let mut wrong: Option<String> = None;
    let mut blame = |what: &str, rest: &str| {
        if wrong.is_none() {
            wrong = Some(format!("{what} at `{}`", shortened(rest)));
        }
    };
    // A list may have empty elements (RFC 9110, 5.6.1).
    let between = |letter: char| letter == ',' || letter.is_ascii_whitespace();
    let mut rest = line.trim_matches(between);
    while !rest.is_empty() {
        let Some((before, behind)) = rest.split_once('<') else {
            blame("a link must begin with `<`, and none begins", rest);
            break;
        };
        if !before.is_empty() {
            blame(
                "a link must begin with `<`, and something else stands",
                rest,
            );
        }
        let Some((url, behind)) = behind.split_once('>') else {
            blame("a URL must end with `>`, and it does not", rest);
            break;
        };
        let (relations, behind) = relations(behind);
        if relations.is_none() {
            blame("a link needs a `rel`, and there is none", rest);
        }
        let behind = behind.trim_start();
        if !behind.is_empty() && !behind.starts_with(',') {
            blame(
                "a parameter begins with `;` and a link with `,`, and neither stands",
                behind,
            );
        }
        let url = url.trim().to_owned();
        links.push(Link { url, relations });
        rest = behind.trim_start_matches(between);
    }
    (links, wrong)
}

/// The first `rel` among a link's parameters, and what stands behind the link.
fn relations(parameters: &str) -> (Option<String>, &str) {
    let mut relation = None;
    let mut rest = parameters.trim_start();
    while let Some(behind) = rest.strip_prefix(';') {
        let behind = behind.trim_start();
        let end = behind.find(['=', ';', ',']).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(end);
        let (value, behind) = match behind.strip_prefix('=') {
            Some(behind) => value(behind.trim_start()),
            None => (String::new(), behind),
        };
        if name.trim().eq_ignore_ascii_case("rel") && relation.is_none() {
            relation = Some(value);
        }
        rest = behind.trim_start();
    }
    (relation, rest)
}

/// A parameter's value, a token or a quoted string, and what stands behind it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let ends = |letter: char| matches!(letter, ';' | ',') || letter.is_ascii_whitespace();
        let (token, behind) = text.split_at(text.find(ends).unwrap_or(text.len()));
        return (token.to_owned(), behind);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return (value, &quoted[place + 1..]),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<&str>) {
        let (links, _) = links(line);
        let next = links.iter().find(|link| link.has("next"));
        assert_eq!(next.map(|link| link.url.as_str()), expect, "{line}");
    }

    #[test]
    fn the_next_link_is_found_however_it_is_spelled() {
        check(
            r#"<http://a/x?page=2>; rel="next""#,
            Some("http://a/x?page=2"),
        );
        check("</x?page=2>; rel=next", Some("/x?page=2"));
        check(r#"<?page=2>;REL="Next""#, Some("?page=2"));
        check(
            r#"<a>; rel="first"; title="start, or <next>; rel=next", <b>; title="more"; rel="prefetch next""#,
            Some("b"),
        );
        check(
            r#"<x>;rel=preload;crossorigin, <b,c;d>;rel="next""#,
            Some("b,c;d"),
        );
    }

    #[test]
    fn other_relations_lead_nowhere() {
        check(r#"<a>; rel="last"; rel="next""#, None);
        check(r#"<a>; rel="nextish""#, None);
        check(r#"<a>; title="rel=next""#, None);
        for broken in [
            "",
            "<",
            "<a",
            "a; rel=next",
            "<a>; rel=\"",
            ";;;",
            "<a>; rel",
        ] {
            check(broken, None);
        }
    }

    #[test]
    fn what_is_wrong_with_a_link_is_said() {
        let wrong = |line: &str| links(line).1;
        for good in [
            "",
            ", ,",
            r#"<a>; rel="next""#,
            "<a>;rel=next , <b>; rel=prev; title=\"x, y\",",
            "<a>; rel=preload; crossorigin",
        ] {
            assert_eq!(wrong(good), None, "{good}");
        }
        for bad in [
            "next",
            "http://a/x; rel=next",
            "<a; rel=next",
            "<a>",
            "<a>; title=x",
            "<a>; rel=next <b>; rel=prev",
            "<a> rel=next",
        ] {
            assert!(wrong(bad).is_some(), "{bad}");
        }
    }
}
