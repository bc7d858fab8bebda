//! A presigned URL is valid when it is served.

use crate::Level;
use crate::law::{Basis, Conduct, Group, Law};
use crate::marks::Mark;
use crate::outcome::never_occurs;
use crate::presigned;

pub(crate) const LAW: Law = Law {
    id: "urls-are-fresh",
    group: Group::Values,
    title: "a presigned URL is valid when it is served: it has not expired, and was not signed for a later time",
    why: "a client that opens the URL at once is refused",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| MARK.cite(contract),
    cases: |session| MARK.cases(session),
    holds: |session, case| {
        MARK.hold(session, case, |said| {
            let url = presigned::read(said.text);
            if let Some(made) = url.made {
                said.must(
                    made.saturating_sub(SKEW) <= said.now,
                    "a URL that is valid already",
                )?;
            }
            let Some(expires) = url.expires else {
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
    use super::{LAW, MARK};
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Liar, Verdict};

    #[test]
    fn a_server_with_expired_urls_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_whose_urls_are_not_valid_yet_is_caught() {
        let mut judged = 0;
        for (contract, facts) in contracts() {
            let server = Liar::new(
                contract.clone(),
                |lied, request| {
                    MARK.edit(lied, request, |text| {
                        let stem = text.split('?').next().unwrap_or_default();
                        let signed = "X-Amz-Expires=600&X-Amz-Signature=5ca1ab1e";
                        format!("{stem}?X-Amz-Date=20990101T000000Z&{signed}")
                    })
                },
                honest(),
            );
            match verdict(&LAW, &contract, &facts, &server) {
                Verdict::NotInForce { .. } => {}
                found => {
                    assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
                    judged += 1;
                }
            }
        }
        assert!(judged > 0);
    }
}
