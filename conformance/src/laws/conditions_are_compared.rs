//! A condition that does not match gets the page.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Case, Cases, Level};

/// A validator that no server has made, and a time before all others.
const NONE_MATCH: (&str, &str) = ("if-none-match", "\"eventline-made-this-up\"");
const SINCE: (&str, &str) = ("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT");

pub(crate) const LAW: Law = Law {
    id: "conditions-are-compared",
    group: Group::Refusal,
    title: "a request with an entity tag that the server never made, or with a time before all changes, gets the page",
    why: "a client that revalidates keeps an old page, or the page of somebody else",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §13.1.2, §13.1.3"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        let (id, _) = draw::longest(session)?;
        let plain = Case::of(&id);
        let starts = [Some(plain), draw::behind_a_cursor(session, &id)];
        let cases = starts.into_iter().flatten().flat_map(|case| {
            [NONE_MATCH, SINCE].map(|(name, value)| case.clone().header(name, value))
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let plain = Case {
            headers: Vec::new(),
            ..case.clone()
        };
        session.page_or_moot(&session.ask(&plain)?)?;
        let status = session.send_case(case)?.reply.status;
        match status {
            304 => broken("the page: the condition does not match", "status 304"),
            412 => broken("the page: the condition does not match", "status 412"),
            200 => Ok(()),
            other => moot(format!("the conditional request is answered with {other}")),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Takes every condition for one that matches.
        let mut reply = lied.ask(request)?;
        let asks = [NONE_MATCH, SINCE]
            .iter()
            .any(|(name, _)| request.header(name).is_some());
        if asks && lied.is_page(&reply) {
            reply.status = 304;
            reply.body.clear();
            reply.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::with_header;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_compares_no_validator_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_page_whose_own_validator_matches_may_be_left_out() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = with_header(honest.send(request)?, "etag", "\"own\"");
            if reply.status == 200 && request.header("if-none-match") == Some("\"own\"") {
                reply.status = 304;
                reply.body.clear();
            }
            Ok(reply)
        });
    }
}
