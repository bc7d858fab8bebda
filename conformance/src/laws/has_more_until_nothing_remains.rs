//! A page promises no more only if no items follow.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::End;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "has-more-until-nothing-remains",
    group: Group::Walk,
    title: "if a page promises no more, no item that was there follows it",
    why: "clients stop at that page and never see the rest",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/more"),
    cases: |session| {
        session.needs(Promise::MoreIsSaid)?;
        draw::endings(session, 2).map(Cases::swept)
    },
    holds: |session, case| {
        let ask = session.ask(case)?;
        let page = session.page_or_moot(&ask)?;
        if page.more != Some(false) {
            return Ok(());
        }
        let (Some(next), Some(last)) = (page.next, page.keys.last()) else {
            let departure = session.departure(case, &page.keys, End::Last)?;
            return departure.map_or(Ok(()), |departure| {
                broken("a page with the items that follow", departure)
            });
        };
        let behind = session.page_at(case, &next)?;
        let Some(missed) = behind.keys.first() else {
            return Ok(());
        };
        // The items that follow now were there before this second answer.
        let again = session.page_or_moot(&ask)?;
        if again.more == Some(false) && again.keys.last() == Some(last) {
            return broken(
                format!("a promise of more, because {missed} follows {last}"),
                "no promise of more",
            );
        }
        moot("an item was added between the requests")
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Says of every page that is smaller than the default that it is the last.
        let default = lied
            .contract
            .limit_bounds()
            .and_then(|bounds| bounds.default);
        let limit = lied.asked(request).limit;
        let small = limit.is_some_and(|limit| default.is_none_or(|default| limit < default));
        lied.edit_page(request, |body| {
            if small {
                lied.promise(body, false);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_ends_too_early_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
