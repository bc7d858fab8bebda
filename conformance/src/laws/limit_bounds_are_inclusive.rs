//! The smallest and the greatest limit, and those between, are accepted.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "limit-bounds-are-inclusive",
    group: Group::Limit,
    title: "the minimum, the maximum and the limits between them are accepted",
    why: "a client that asks for the most that is allowed is refused",
    level: Level::Must,
    basis: Basis::Document,
    citation: draw::cite_limit,
    cases: |session| {
        let Some(bounds) = session.contract().limit_bounds() else {
            return not_in_force("the operation has no limit");
        };
        let (Some(least), Some(most)) = (
            bounds.minimum.or(bounds.maximum),
            bounds.maximum.or(bounds.minimum),
        ) else {
            return not_in_force("the limit's schema has no bounds");
        };
        let plain = draw::plain(session)?;
        let mut limits = vec![least, least.midpoint(most), most];
        limits.dedup();
        let cases = limits.into_iter().map(|limit| plain.clone().limit(limit));
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let Err(refused) = session.page(&session.ask(case)?) else {
            return Ok(());
        };
        // Only the limit can be the cause if the request without it is answered.
        let plain = case.clone().without_limits();
        session.page_or_moot(&session.ask(&plain)?)?;
        Err(refused)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let bounds = lied.contract.limit_bounds();
        let bound = bounds.and_then(|bounds| bounds.minimum.or(bounds.maximum));
        let reply = lied.ask(request)?;
        Ok(if bound.is_some() && lied.asked(request).limit == bound {
            lied.refuse(reply, lied.contract.invalid_status())
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_refuses_the_minimum_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
