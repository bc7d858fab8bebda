//! The total counts every item of the list, whatever page it stands on.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "total-counts-every-item",
    group: Group::Envelope,
    title: "the total is the number of items of the whole list, whatever the page, the limit and the position",
    why: "a client shows a wrong number of results, or asks for pages that are not there",
    level: Level::Must,
    basis: Basis::Inferred("a total counts the items of the list that the page is of"),
    citation: |contract| contract.cite("/x-pagination/totals"),
    cases: |session| {
        session.needs(Promise::TotalIsSaid)?;
        draw::pages(session, 0, 0).map(Cases::swept)
    },
    holds: |session, case| {
        let said = session.page_or_moot(&session.ask(case)?)?.info.totals.items;
        let Some(said) = said else {
            return moot("the page says no total");
        };
        let listing = session.listing_of(case)?;
        let listed = listing.keys.len() as u64;
        if listing.complete && said == listed {
            return Ok(());
        }
        // The list may have grown since it was read.
        let first = |case: &Case| -> Result<_, crate::Stop> {
            let plain = session.ask(&Case::of(&case.resource))?;
            Ok(session.page_or_moot(&plain)?.info.totals.items)
        };
        let before = first(case)?;
        let now = session.read_listing(&case.resource)?;
        let counted = now.keys.len() as u64;
        let again = session.page_or_moot(&session.ask(case)?)?.info.totals.items;
        if first(case)? != before || again != Some(said) {
            return moot("the list changed meanwhile");
        }
        if now.complete && said != counted {
            return broken(format!("{counted}, the number of items"), said.to_string());
        }
        if !now.complete && said < counted {
            return broken(format!("{counted} or more, as listed"), said.to_string());
        }
        match before {
            Some(before) if before != said => {
                broken(format!("{before}, as on the first page"), said.to_string())
            }
            _ => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Counts the items of the page, not of the list.
        let reply = lied.ask(request)?;
        let items = lied.count(&reply);
        Ok(lied.with_totals(reply, |totals| totals.items = Some(items)))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_counts_the_page_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
