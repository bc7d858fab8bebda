//! The envelope names the last item of a page that has items.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::session::PageEnd;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "last-id-names-the-last-item",
    group: Group::Envelope,
    title: "a page that has items names its last one by its key; a page that leaves this out has no items",
    why: "a client that continues from this key reads a page again, or leaves one out",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/echo/last"),
    cases: |session| {
        PageEnd::Last.echo(session.contract())?;
        draw::pages(session, 1, 1).map(Cases::swept)
    },
    holds: |session, case| PageEnd::Last.is_named(session, case),
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Names the first item, if there is one.
        lied.edit_page(request, |body| {
            let key = &lied.contract.pagination().key;
            let items = lied.contract.items(body).unwrap_or_default();
            let other = items.first().filter(|_| items.len() > 1);
            let other = other.and_then(|item| key.get(item)).cloned();
            if let (Some(other), Ok(echo)) = (other, PageEnd::Last.echo(lied.contract)) {
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
