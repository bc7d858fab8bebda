//! An empty timeline, too, reports a latest number.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::latest;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "latest-of-nothing-is-a-number",
    group: Group::Walk,
    title: "a timeline without events reports its latest number as a number",
    why: "clients that start before the first event have no cursor to poll with",
    level: Level::Should,
    basis: Basis::Inferred("it is the cursor to continue with"),
    citation: |contract| {
        let place = contract
            .paging()
            .latest()
            .and_then(|place| contract.body().at(place));
        place.map_or_else(String::new, |schema| {
            contract.document().cite(schema.pointer())
        })
    },
    cases: |session| {
        session.needs(Promise::LatestIsSaid)?;
        let resources = draw::resources(session, 0)?;
        let empty = resources.iter().filter(|(_, items)| *items == 0);
        Ok(Cases::Each(empty.map(|(id, _)| Case::of(id)).collect()))
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        if !page.keys.is_empty() {
            return moot("the timeline is no longer empty");
        }
        match latest(session.contract(), &page) {
            Some(_) => Ok(()),
            None => broken("a number", "none"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let nothing = lied.beginning(request)?.is_empty();
        lied.edit_page(request, |body| {
            if nothing {
                lied.go_as_far_as(body, serde_json::Value::Null);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_counts_nothing_as_null_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
