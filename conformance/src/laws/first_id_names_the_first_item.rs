//! The envelope names the first item of a page that has items.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::session::PageEnd;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "first-id-names-the-first-item",
    group: Group::Envelope,
    title: "a page that has items names its first one by its key; a page that leaves this out has no items",
    why: "a client that pages backwards, or checks where a page starts, is off by one",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/echo/first"),
    cases: |session| {
        PageEnd::First.echo(session.contract())?;
        draw::pages(session, 1, 1).map(Cases::swept)
    },
    holds: |session, case| PageEnd::First.is_named(session, case),
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Names the second item, if there is one.
        lied.edit_page(request, |body| {
            let key = &lied.contract.pagination().key;
            let items = lied.contract.items(body).unwrap_or_default();
            let other = items.get(1).filter(|_| items.len() > 1);
            let other = other.and_then(|item| key.get(item)).cloned();
            if let (Some(other), Ok(echo)) = (other, PageEnd::First.echo(lied.contract)) {
                *place(body, echo) = other;
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_names_another_item_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
