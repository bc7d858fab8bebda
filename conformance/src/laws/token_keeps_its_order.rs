//! A token goes on in the order of the request that it was handed out to, where the contract says so.

use openapi::{Promise, Role};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::difference;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "token-keeps-its-order",
    group: Group::Cursor,
    title: "a token that keeps its order goes on in it if no order is sent beside the token; another order is refused, or \
            changes nothing",
    why: "a client that sends the order once gets the items of another order from the second page on",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/carries"),
    cases: |session| {
        session.needs(Promise::OrderIsCarried)?;
        session.needs(Promise::RequestsNamePlaces)?;
        let (Some(order), Some(texts)) = (
            session.contract().paging().parameter(Role::Order),
            session.orders(),
        ) else {
            return not_in_force("no parameter chooses between an order and its opposite");
        };
        // One item on a page is in any order.
        let size = draw::accepted(session)
            .ok()
            .map(|accepted| accepted.start.max(2));
        let cases = draw::each_resource(session, 4)?;
        let cases = cases.iter().flat_map(|case| {
            let [one, other] = &texts;
            [(one, other), (other, one)].map(|(own, other)| {
                let case = case.clone().send(&order.name, own.clone());
                let case = Case {
                    other: Some(other.clone()),
                    ..case
                };
                size.into_iter().fold(case, Case::limit)
            })
        });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let first = session.page_or_moot(&session.ask(case)?)?;
        let Some(at) = first.next.clone().filter(|_| !first.last) else {
            return session.list_leads_nowhere(&first, case);
        };
        let plain = Case {
            sent: Vec::new(),
            ..case.clone()
        };
        let other = Case {
            sent: case
                .sent
                .iter()
                .map(|(name, text)| {
                    (
                        name.clone(),
                        case.other.clone().unwrap_or_else(|| text.clone()),
                    )
                })
                .collect(),
            ..case.clone()
        };
        let before = session.page_at(case, &at)?;
        let read = session.page(&session.ask_at(&plain, &at))?;
        let turned = session
            .read(&session.send(&session.ask_at(&other, &at))?)
            .ok();
        let after = session.page_at(case, &at)?;
        if before.keys != after.keys {
            return moot("the page changed meanwhile");
        }
        let expected = "the page that follows in the order of the token";
        if read.keys != before.keys {
            return broken(expected, difference(&before.keys, &read.keys));
        }
        match turned {
            Some(page) if page.keys != before.keys => broken(
                format!("{expected}, or a refusal"),
                difference(&before.keys, &page.keys),
            ),
            _ => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Behind a token, only the order that is sent counts.
        let order = lied.contract.paging().parameter(Role::Order);
        let is_sent = order.is_some_and(|order| request.text(order).is_some());
        if is_sent || lied.asked(request).at.is_start() {
            return lied.ask(request);
        }
        lied.edit_items(request, |items| items.reverse())
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::carried::caught;

    #[test]
    fn a_server_whose_tokens_forget_the_order_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
