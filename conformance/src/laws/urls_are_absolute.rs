//! A URI has a scheme, and one of http or https has a host.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-absolute",
    group: Group::Values,
    title: "a URI has a scheme; one of http or https has a host",
    why: "a client has no base for a relative URL, and opens it in the wrong place or not at all",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            said.must(
                presigned::is_absolute(said.text),
                "a URI with a scheme, and with a host if it is one of http or https",
            )
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        MARK.edit(lied, request, |text| {
            // A reference that is relative to the host.
            let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
            let path = rest.find('/').map_or("/", |start| &rest[start..]);
            path.to_owned()
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
    fn a_server_with_relative_urls_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
