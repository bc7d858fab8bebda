//! The latest number is not below the number of any event.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::latest;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "latest-covers-every-event",
    group: Group::Walk,
    title: "the latest number that a page reports is at least the number of every event served",
    why: "clients poll with this number, and would see the same events again at every poll",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| {
        session.needs(Promise::LatestIsSaid)?;
        draw::starts(session, 1, 0).map(Cases::Drawn)
    },
    holds: |session, case| {
        let listed = session.numbers(&session.listing_of(case)?.items)?;
        let page = session.page_or_moot(&session.ask(case)?)?;
        let served = session.page_numbers(&page)?;
        let Some(top) = listed.into_iter().chain(served).max() else {
            return moot("no event was served");
        };
        match latest(session.contract(), &page) {
            Some(latest) if latest >= top => Ok(()),
            Some(latest) => broken(format!("{top} or more"), latest.to_string()),
            None if page.keys.is_empty() => moot("the page has no events and names no number"),
            None => broken(format!("{top} or more"), "no number"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let numbers = lied.numbers(&lied.whole(request)?.unwrap_or_default());
        lied.edit_page(request, |body| {
            if let Some(top) = numbers
                .into_iter()
                .max()
                .and_then(|top| i64::try_from(top).ok())
            {
                lied.go_as_far_as(body, (top - 1).into());
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_stops_counting_one_short_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
