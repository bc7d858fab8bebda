//! A limit that is no integer is refused.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "limit-must-be-an-integer",
    group: Group::Limit,
    title: "a limit that is no integer is refused as invalid",
    why: "a client with a mistake gets no error, and continues with a limit that it never sent",
    level: Level::Must,
    basis: Basis::Document,
    citation: draw::cite_limit,
    cases: |session| {
        let Some(limit) = session.contract().limit() else {
            return not_in_force("the operation has no limit");
        };
        let wrong = ["abc", "1.5", "NaN", "1e2", "true"];
        let wrong = wrong
            .into_iter()
            .filter(|text| session.contract().refuses(limit, text));
        let plain = draw::plain(session)?;
        let cases: Vec<_> = wrong
            .map(|text| plain.clone().send(&limit.name, text))
            .collect();
        if cases.is_empty() {
            return not_in_force("the limit's schema accepts any text");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| session.is_refused_as_invalid(case),
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Rounds a fraction down.
        let sent = lied.contract.limit().and_then(|limit| request.text(limit));
        let whole = sent.as_ref().and_then(|text| text.split_once('.'));
        let whole = whole.and_then(|(whole, _)| whole.parse().ok());
        match whole {
            Some(whole) => lied.ask(&lied.with_limit(request, Some(whole))),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_rounds_a_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
