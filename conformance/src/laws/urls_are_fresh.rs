//! A presigned URL has not expired when it is served.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::outcome::never_occurs;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-fresh",
    group: Group::Values,
    title: "a presigned URL has not expired when it is served",
    why: "a client that opens the URL at once is refused",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let Some(expires) = presigned::read(said.text).expires else {
                return never_occurs("no URL says when it expires");
            };
            said.must(
                expires.saturating_add(SKEW) >= said.now,
                "a URL that has not expired",
            )
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Sends a signed URL that expired in 2001.
        MARK.edit(lied, request, |text| {
            let stem = text.split('?').next().unwrap_or_default();
            format!("{stem}?expires=1000000000&signature=5ca1ab1e")
        })
    },
};

const MARK: Mark = Mark {
    keyword: "x-presigned",
    word: None,
    bearers: "presigned URLs",
};

/// The greatest difference between the judge's clock and the subject's, in seconds.
const SKEW: i64 = 300;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_expired_urls_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
