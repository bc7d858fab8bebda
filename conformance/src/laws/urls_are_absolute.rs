//! A URL has a scheme and a host.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-absolute",
    group: Group::Values,
    title: "a URL has the scheme http or https, and a host",
    why: "a client has no base for a relative URL, and opens it in the wrong place or not at all",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            said.must(
                presigned::is_absolute(said.text),
                "a URL with http(s) and a host",
            )
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        MARK.edit(lied, request, |text| {
            let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
            format!("ftp://{rest}")
        })
    },
};

const MARK: Mark = Mark {
    keyword: "format",
    word: Some("uri"),
    bearers: "URLs",
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_urls_of_another_scheme_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
