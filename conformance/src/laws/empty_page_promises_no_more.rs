//! A page without items does not say that more items follow.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "empty-page-promises-no-more",
    group: Group::Envelope,
    title: "a page without items at the end does not say that more items follow (INFO where the contract says \
            `trailing-empty-page: allowed`, as one that is guessed does)",
    why: "there is no item to continue from, so a client repeats the same request for ever",
    level: Level::Must,
    basis: Basis::Inferred("items after an empty page would be on that page"),
    citation: |contract| contract.cite("/x-pagination/next/more"),
    cases: |session| {
        session.needs(Promise::MoreIsSaid)?;
        session.needs_to_weigh(Promise::MoreIsExact);
        draw::ends(session).map(Cases::Each)
    },
    holds: |session, case| {
        session.needs_to_weigh(Promise::MoreIsExact);
        let page = session.page_or_moot(&session.ask(case)?)?;
        match (page.keys.is_empty(), page.more) {
            (true, Some(true)) => {
                broken("an empty page that promises no more", "a promise of more")
            }
            (true, _) => Ok(()),
            (false, _) => moot("the page has items"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        lied.edit_page(request, |body| {
            if lied.items(body).is_empty() {
                lied.promise(body, true);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_end_never_comes_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
