//! A parameter that filters does so on every page.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::difference;
use crate::{Case, Cases, Level};

/// The number of small pages to read.
const PAGES: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "filter-holds-behind-a-cursor",
    group: Group::Walk,
    title: "a list that a parameter filters has the same items in small pages as in large ones",
    why: "a client that walks a filtered list meets items that the filter leaves out",
    level: Level::Must,
    basis: Basis::Inferred(
        "each request of a walk sends the parameter, or follows a URL that must keep it",
    ),
    citation: |contract| contract.cite("/x-pagination/request"),
    cases: |session| {
        session.needs(Promise::Pages)?;
        session.needs(Promise::LimitsAreAsked)?;
        let cases = draw::each_resource(session, 2)?;
        let filters = session.filters();
        if filters.is_empty() {
            return not_in_force("no parameter of the query has a few values to filter by");
        }
        let cases = cases.iter().flat_map(|case| {
            filters.iter().flat_map(move |(name, values)| {
                let sent = values
                    .iter()
                    .map(move |value| (name.clone(), value.clone()));
                sent.map(|sent| Case {
                    sent: vec![sent],
                    ..Case::of(&case.resource)
                })
            })
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let Some(all) = session.filtered(case)? else {
            return moot("the list is too long to be read whole");
        };
        if all.len() < 2 || all.len() >= session.listing_of(case)?.keys.len() {
            return never_occurs("no parameter leaves out some items and not all");
        }
        let smallest = draw::accepted(session).ok().map(|accepted| accepted.start);
        let small = smallest
            .into_iter()
            .fold(case.clone().without_limits(), Case::limit);
        let small = session.walk(&small, PAGES)?;
        if small.meets(&all) {
            return Ok(());
        }
        if session.filtered(case)?.as_ref() != Some(&all) {
            return moot("the list changed meanwhile");
        }
        broken(
            "the items that the filter leaves, in their order",
            difference(&all, &small.keys()),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Forgets everything but the page behind a cursor.
        if lied.asked(request).at.is_start() {
            return lied.ask(request);
        }
        let paging = lied.contract.paging();
        let mut query = request.query();
        query.retain(|(name, _)| paging.asks_by(name));
        lied.ask(&request.with_query(&query))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::filters::caught;

    #[test]
    fn a_server_that_forgets_the_filter_behind_a_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW, false));
    }
}
