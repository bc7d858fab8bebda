//! A URL that is declared to be presigned carries a signature and an expiry.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-presigned",
    group: Group::Values,
    title: "a presigned URL carries a signature and an expiry",
    why: "everyone who sees a URL without them can fetch the object, and can do so for ever",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let is_fetched = presigned::leads_to_the_web(said.text);
            said.must(is_fetched, "a URL with http(s) and a host")?;
            let url = presigned::read(said.text);
            said.must(url.signed, "a URL with a signature")?;
            said.must(url.expires.is_some() || url.sealed, "a URL with an expiry")
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        MARK.edit(lied, request, |text| {
            text.split('?').next().unwrap_or_default().to_owned()
        })
    },
};

const MARK: Mark = Mark {
    keyword: "x-presigned",
    word: None,
    bearers: "presigned URLs",
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_unsigned_urls_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
