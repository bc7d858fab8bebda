//! An order and its opposite hold the same items, in opposite orders.

use openapi::{Promise, Role};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::difference;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "orders-are-reverses",
    group: Group::Walk,
    title: "an order and its opposite hold the same items, the one from its start and the other from its end",
    why: "a client that turns a list around sees other items, or the same order again",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/order/values"),
    cases: |session| {
        session.needs(Promise::OrderIsChosen)?;
        if session.orders().is_none() {
            return not_in_force("no order is the opposite of another one");
        }
        Ok(Cases::Each(draw::each_resource(session, 2)?))
    },
    holds: |session, case| {
        let Some(sent) = session.orders() else {
            return Ok(());
        };
        let [one, other] = sent.map(|text| session.listing_in_order(case, &text));
        let (one, mut other) = (one?, other?);
        let again = session.listing_in_order(case, &session.orders().unwrap_or_default()[0])?;
        if again != one {
            return moot("the list changed meanwhile");
        }
        let (Some(one), Some(backward)) = (one, other.as_mut()) else {
            return moot("the list is too long to be read whole");
        };
        backward.reverse();
        if one == *backward {
            return Ok(());
        }
        // Equal items may keep one order both ways.
        session.eases_if_assumed("order", "the document does not say how items are sorted");
        broken(
            "the same items from the other end",
            difference(&one, backward),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Has one order only.
        match lied.contract.paging().parameter(Role::Order) {
            Some(order) => lied.ask(&request.with(order, None)),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_with_one_order_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
