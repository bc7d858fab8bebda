//! The server fails at no request each time.

use openapi::Contract;

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::Breach;
use crate::session::Exchange;
use crate::{Case, Cases, Level, draw};

pub(crate) const LAW: Law = Law {
    id: "no-request-always-fails",
    group: Group::Refusal,
    title: "no request, HEAD included, is answered with a status of 500 or more each time while the plain request is \
            answered with 200 (501 and 505 excepted)",
    why: "a client that repeats the request, as such a status asks for, never gets an answer",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §15.6"),
    citation: |contract| contract.cite("/responses"),
    cases: |session| {
        let (id, _) = draw::longest(session)?;
        let plain = Case::of(&id);
        let mut cases = vec![plain.clone()];
        if let Ok(accepted) = draw::accepted(session) {
            cases
                .extend([accepted.start, accepted.end - 1].map(|limit| plain.clone().limit(limit)));
        }
        cases.extend(draw::behind_a_cursor(session, &id));
        if session.contract().operation().method == "GET" {
            let heads = cases.clone().into_iter();
            cases.extend(heads.map(|case| case.method("HEAD")));
        }
        Ok(Cases::Each(cases))
    },
    // The watch sees the request if it fails.
    holds: |session, case| session.send_case(case).map(drop),
    watch: Some(failure),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Fails at the least limit and, if there is no limit, behind a cursor.
        let reply = lied.ask(request)?;
        let asked = lied.asked(request);
        let least = lied
            .contract
            .limit_bounds()
            .map(|bounds| bounds.minimum.unwrap_or(1).max(1));
        let lies = match least {
            Some(least) => asked.limit == Some(least),
            None => !asked.at.is_start(),
        };
        Ok(if lies && lied.contract.serves(reply.status) {
            lied.refuse(reply, 500)
        } else {
            reply
        })
    },
};

fn failure(_: &Contract, exchange: &Exchange) -> Option<Breach> {
    let status = exchange.reply.status;
    exchange.fails.then(|| {
        Breach::of(
            "a status below 500, as for the plain request",
            format!("status {status} each time"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::Verdict;
    use crate::subject::{Request, Subject};
    use crate::testing::{caught, contracts, honest, tolerated, verdict};

    #[test]
    fn a_server_that_fails_at_a_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_that_fails_at_head_is_caught() {
        for status in [500, 503] {
            for (contract, facts) in contracts() {
                let honest = honest();
                let fails = |request: &Request| {
                    let mut reply = honest.send(request)?;
                    if request.method == "HEAD" {
                        reply.status = status;
                    }
                    Ok(reply)
                };
                let found = verdict(&LAW, &contract, &facts, &fails);
                assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
            }
        }
    }

    #[test]
    fn a_server_may_not_implement_head() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = honest.send(request)?;
            if request.method == "HEAD" {
                reply.status = 501;
            }
            Ok(reply)
        });
    }
}
