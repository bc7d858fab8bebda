//! A page never holds more items than the limit.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "limit-is-a-ceiling",
    group: Group::Limit,
    title: "a page never holds more items than the limit",
    why: "a client reserves space for the limit, or stops reading there",
    level: Level::Must,
    basis: Basis::Document,
    citation: draw::cite_limit,
    cases: |session| {
        draw::accepted(session)?;
        draw::pages(session, 2, 2).map(Cases::swept)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let limit = case.limits[0];
        if page.keys.len() as u64 <= limit {
            return Ok(());
        }
        broken(
            format!("at most {limit} items"),
            format!("{} items", page.keys.len()),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves one item more than the limit, if the contract allows a limit of that size.
        let maximum = lied
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.maximum);
        match lied.asked(request).limit {
            Some(limit) if maximum.is_none_or(|maximum| limit < maximum) => {
                lied.ask(&lied.with_limit(request, Some(limit.saturating_add(1))))
            }
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_serves_one_item_too_many_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
