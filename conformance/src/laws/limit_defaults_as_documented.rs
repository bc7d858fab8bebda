//! A request without a limit gets the page of the documented default.

use proptest::strategy::Strategy;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{moot, not_in_force};
use crate::session::{Page, same_items};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "limit-defaults-as-documented",
    group: Group::Limit,
    title: "the page without a limit equals the page with the default limit",
    why: "a client that sends no limit mistakes a shorter page for the last one",
    level: Level::Must,
    basis: Basis::Document,
    citation: draw::cite_limit,
    cases: |session| {
        let bounds = session.contract().limit_bounds();
        let Some(default) = bounds.and_then(|bounds| bounds.default) else {
            return not_in_force("the operation documents no default limit");
        };
        if session
            .contract()
            .limit()
            .is_some_and(|limit| limit.required)
        {
            return not_in_force("every request needs a limit");
        }
        // The timeline needs one item more than the default, or a greater default would not show.
        let behind =
            usize::try_from(default).map_or(usize::MAX, |default| default.saturating_add(1));
        let (_, longest) = draw::longest(session)?;
        if longest < behind {
            session.note(format!(
                "no resource has {behind} events or more, so a default above {longest} would not show"
            ));
        }
        let behind = behind.min(longest.max(1));
        let starts = draw::starts(session, behind, behind)?;
        Ok(Cases::Drawn(
            starts.prop_map(move |case| case.limit(default)).boxed(),
        ))
    },
    holds: |session, case| {
        let plain = case.clone().without_limits();
        let before = session.page_or_moot(&session.ask(&plain)?)?;
        let stated = session.page_or_moot(&session.ask(case)?)?;
        let after = session.page_or_moot(&session.ask(&plain)?)?;
        if before.keys != after.keys {
            // If events are added at the front between the requests, the lengths can still be compared.
            let full = |page: &Page| page.keys.len() as u64 == case.limits[0];
            if full(&before) && full(&stated) && full(&after) {
                return Ok(());
            }
            return moot("the page changed meanwhile");
        }
        let what = format!(
            "the {} items of the page with limit {}",
            stated.keys.len(),
            case.limits[0]
        );
        same_items(&stated.keys, &before.keys, &what)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let bounds = lied.contract.limit_bounds();
        match (
            bounds.and_then(|bounds| bounds.default),
            lied.contract.limit(),
        ) {
            (Some(default), Some(limit)) if request.text(limit).is_none() => {
                let other = if default > 1 {
                    default - 1
                } else {
                    default + 1
                };
                lied.ask(&lied.with_limit(request, Some(other)))
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
    fn a_server_with_another_default_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
