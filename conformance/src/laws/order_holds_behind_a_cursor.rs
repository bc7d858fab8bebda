//! The order that a caller chooses holds on every page of a walk.

use openapi::{Promise, Role};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::difference;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "order-holds-behind-a-cursor",
    group: Group::Walk,
    title: "a chosen order sorts the items as the contract says, on small pages as on large ones",
    why: "a client that sorts a list gets the items of another order from the second page on",
    level: Level::Must,
    basis: Basis::Inferred("the order is the request's, and each request sends it"),
    citation: |contract| contract.cite("/x-pagination/request/order"),
    cases: |session| {
        session.needs(Promise::OrderIsChosen)?;
        Ok(Cases::Each(draw::each_resource(session, 2)?))
    },
    holds: |session, case| {
        for text in session.orders().into_iter().flatten() {
            let Some(all) = session.listing_in_order(case, &text)? else {
                return moot("the list is too long to be read whole");
            };
            let small = session.walk_in_order(case, &text)?;
            if small.meets(&all) {
                continue;
            }
            if session.listing_in_order(case, &text)?.as_ref() != Some(&all) {
                return moot("the list changed meanwhile");
            }
            return broken(
                format!("the order `{text}` on every page"),
                difference(&all, &small.keys()),
            );
        }
        for (text, by) in session.sorted_orders() {
            let found = session.out_of_order(case, &text)?;
            if let Some([one, other]) = &found {
                // An item that comes between two pages stands in its place when they are read again.
                if session.out_of_order(case, &text)? != found {
                    return moot("the list changed meanwhile");
                }
                session.eases_if_assumed("order", "the document does not say how items are sorted");
                return broken(
                    format!("the order `{text}`, by `{by}`"),
                    format!("{one} and then {other}"),
                );
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Forgets the order behind a cursor.
        match lied.contract.paging().parameter(Role::Order) {
            Some(order) if !lied.asked(request).at.is_start() => {
                lied.ask(&request.with(order, None))
            }
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_forgets_the_order_behind_a_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
