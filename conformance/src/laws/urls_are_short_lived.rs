//! A presigned URL expires soon.

use serde_json::Value;

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::outcome::never_occurs;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-short-lived",
    group: Group::Values,
    title: "a presigned URL expires within the time that the contract declares, or else within an hour",
    why: "a URL that leaks stays valid until it expires",
    level: Level::Should,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let url = presigned::read(said.text);
            let Some(expires) = url.expires else {
                return never_occurs("no URL says when it expires");
            };
            let most = said.says.get("max-age").and_then(Value::as_i64);
            let most = most.unwrap_or(UNSAID);
            // A URL may say when it was made; then no clock is needed.
            let (from, tolerance) = url.made.map_or((said.now, SKEW), |made| (made, 0));
            let lives = expires.saturating_sub(from);
            let expected = format!("a URL that expires within {most} s");
            said.must(lives <= most.saturating_add(tolerance), &expected)
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Sends a signed URL that is valid until 2100.
        MARK.edit(lied, request, |text| {
            let stem = text.split('?').next().unwrap_or_default();
            format!("{stem}?expires=4102444800&signature=5ca1ab1e")
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

/// The longest life of a URL if the contract declares none, in seconds.
const UNSAID: i64 = 3_600;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_urls_stay_valid_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
