//! A walk meets every event once and in order, with any limits.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::sample::select;

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Outcome, broken};
use crate::session::{Session, Walk};
use crate::{After, Case, Cases, Level};

/// The number of pages to read in a drawn walk.
const PAGES: usize = 6;
/// The number of the largest pages to read in a deep walk. They equal hundreds of ordinary ones.
const DEEP: usize = 60;

pub(crate) const LAW: Law = Law {
    id: "walks-join-without-gap-or-repeat",
    group: Group::Walk,
    title: "a walk along the cursors, with any mix of limits, meets every event once and in one order",
    why: "a client that follows the cursor loses events, or handles them twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        let walks = draw::walks(session)?;
        let limits = largest(session);
        let longest = draw::resources(session, 1)?.pop();
        let deep: Vec<_> = longest
            .map(|(id, _)| Case {
                limits,
                ..Case::of(&id)
            })
            .into_iter()
            .collect();
        let drawn = prop_oneof![5 => walks, 1 => select(deep)].boxed();
        Ok(Cases::DrawnSweptAndEach(
            drawn,
            draw::marked::pages(session)?,
        ))
    },
    holds: |session, case| {
        let deep = case.after == After::Start && case.limits == largest(session);
        let walk = session.walk(case, if deep { DEEP } else { PAGES })?;
        let keys = walk.keys();
        let has_keys = session.promises(Promise::ItemsHaveKeys);
        if let Some(again) = repeated(&walk).filter(|_| has_keys) {
            return broken("every event once", again);
        }
        if let Some(departure) = session.departure(case, &keys, walk.end)? {
            return broken("the events as listed, without a gap", departure);
        }
        joints(session, case, &walk)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Loses an event before a small page.
        let asked = lied.asked(request);
        let small = asked.limit.is_some_and(|limit| limit <= 3);
        lied.edit_served(request, |items| {
            if asked.cursor.is_some() && small && items.len() > 1 {
                items.remove(0);
            }
        })
    },
};

/// The greatest limit; none if the operation has no limit.
fn largest(session: &Session<'_>) -> Vec<u64> {
    let accepted = draw::accepted(session);
    accepted.map_or(Vec::new(), |accepted| vec![accepted.end - 1])
}

fn repeated(walk: &Walk) -> Option<String> {
    let mut met = HashMap::new();
    for (number, page) in (1..).zip(&walk.pages) {
        for key in &page.keys {
            if let Some(before) = met.insert(key, number) {
                return Some(format!("{key} on page {before} and on page {number}"));
            }
        }
    }
    None
}

/// Looks for gaps beyond the listing by reading across a few page boundaries.
fn joints(session: &Session<'_>, case: &Case, walk: &Walk) -> Outcome {
    /// The number of page boundaries to check.
    const LOOKS: usize = 4;
    let listed = session.listing_of(case)?.keys.len();
    let mut read = 0;
    let deep: Vec<_> = walk
        .pages
        .windows(2)
        .filter(|pages| {
            read += pages[0].keys.len();
            read > listed && session.promises(Promise::ItemsNamePlaces)
        })
        .collect();
    for pages in deep.iter().step_by(deep.len().div_ceil(LOOKS).max(1)) {
        let ([.., before, last], Some(next)) = (pages[0].cursors.as_slice(), pages[1].keys.first())
        else {
            continue;
        };
        let Some(at) = session.behind(before) else {
            continue;
        };
        let page = session.page_at(case, &at)?;
        let expected = [session.key(last), next.clone()];
        let short = page.keys.len().min(expected.len());
        if page.keys[..short] != expected[..short] {
            return broken(
                format!("{} and then {}", expected[0], expected[1]),
                format!(
                    "{} across the page boundary",
                    page.keys[..short].join(" and then ")
                ),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_loses_an_event_between_pages_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
