//! A page with a smaller limit is the start of the page with a greater one.

use proptest::prelude::*;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{Session, difference};
use crate::{Case, Cases, Level, Outcome, Stop};

pub(crate) const LAW: Law = Law {
    id: "smaller-page-is-a-prefix",
    group: Group::Limit,
    title: "after the same cursor, the page with a smaller limit is the start of the page with a greater one",
    why: "a client that changes its limit during a walk loses items, or reads some twice",
    level: Level::Must,
    basis: Basis::Inferred("a limit only says how many items are served"),
    citation: draw::cite_limit,
    cases: |session| {
        let greater = draw::limits(session)?;
        let smaller = draw::pages(session, 1, 1)?;
        let pairs = (smaller, greater).prop_filter_map("one limit twice", |(mut case, limit)| {
            case.limits.push(limit);
            case.limits.sort_unstable();
            (case.limits[0] < case.limits[1]).then_some(case)
        });
        Ok(Cases::swept(pairs.boxed()))
    },
    holds: |session, case| {
        // The sweep found one odd page. Beside the smallest or the greatest page, it shows what is odd.
        let limits = match case.limits[..] {
            [one, other] => vec![[one, other]],
            [one] => {
                let ends = draw::accepted(session).ok();
                let ends = ends.map(|all| [[all.start, one], [one, all.end - 1]]);
                ends.into_iter().flatten().collect()
            }
            _ => Vec::new(),
        };
        let pairs = limits.into_iter().filter(|[one, other]| one < other);
        let mut outcome = moot("there is no other limit");
        for pair in pairs {
            match is_prefix(session, case, pair) {
                Err(Stop::Moot(_)) if outcome.is_ok() => {}
                Err(stop @ (Stop::Breach(_) | Stop::Lost(_))) => return Err(stop),
                found => outcome = found,
            }
        }
        outcome
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Swaps the first two items on pages that are neither the shortest nor long.
        let lies = lied
            .asked(request)
            .limit
            .is_some_and(|limit| (3..=10).contains(&limit));
        lied.edit_page(request, |body| {
            let items = lied.items(body);
            if lies && items.len() > 2 {
                items.swap(0, 1);
                lied.echo(body);
            }
        })
    },
};

/// Whether the page of the smaller limit is the start of the page of the greater one.
fn is_prefix(session: &Session<'_>, case: &Case, limits: [u64; 2]) -> Outcome {
    let [smaller, greater] =
        limits.map(|limit| session.ask(&case.clone().without_limits().limit(limit)));
    let (smaller, greater) = (smaller?, greater?);
    let before = session.page_or_moot(&smaller)?;
    let page = session.page_or_moot(&greater)?;
    let after = session.page_or_moot(&smaller)?;
    if before.keys != after.keys {
        return moot("the page changed meanwhile");
    }
    if page.keys.starts_with(&before.keys) {
        return Ok(());
    }
    broken(
        format!(
            "the {} items of the page with limit {} first",
            before.keys.len(),
            limits[0]
        ),
        difference(&before.keys, &page.keys),
    )
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_order_depends_on_the_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
