//! Methods that the document does not declare remove no event.

use crate::draw::{self, methods};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{difference, is_grown_from};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "other-methods-change-nothing",
    group: Group::Refusal,
    title: "after a request with a method that the document does not declare, every event is where it was",
    why: "a log is useless if every caller can delete from it",
    level: Level::Must,
    basis: Basis::Inferred(
        "new events appear at the open end only, and no method that changes them is declared",
    ),
    citation: |contract| contract.cite("/x-pagination/order/append-only"),
    cases: |session| {
        if !session.contract().pagination().order.append_only {
            return not_in_force("the contract does not say that the list is append-only");
        }
        let (id, _) = draw::shortest(session, 1)?;
        methods::undeclared(session, &id).map(Cases::Each)
    },
    holds: |session, case| {
        let before = session.read_listing(&case.resource)?;
        if !before.complete {
            return moot("the timeline is too long to be read twice");
        }
        session.send_case(case)?;
        let after = session.read_listing(&case.resource)?;
        if is_grown_from(&after.keys, &before.keys) {
            return Ok(());
        }
        let method = case.method.as_deref().unwrap_or_default();
        broken(
            format!("every event that was there before {method}"),
            difference(&before.keys, &after.keys),
        )
    },
    watch: None,
    conduct: Conduct {
        may_change_data: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Returns no events right after a DELETE request for the resource.
        let name = lied.asked(request).resource;
        let deleted = lied
            .previous
            .as_ref()
            .filter(|previous| previous.method == "DELETE")
            .is_some_and(|previous| lied.asked(previous).resource == name);
        let reply = lied.ask(request)?;
        let forgets = deleted && lied.is_page(&reply);
        Ok(if forgets {
            lied.empty_page(request, reply)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_deletes_events_by_an_undeclared_method_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
