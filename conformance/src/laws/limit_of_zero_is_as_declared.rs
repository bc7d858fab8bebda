//! A limit of zero is answered as the contract says.

use openapi::ZeroLimit;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::difference;
use crate::{Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "limit-of-zero-is-as-declared",
    group: Group::Limit,
    title: "a limit of zero is refused, or gets no items, or the page of no limit, as the contract says",
    why: "a client that only asks for a total gets a page of items, or an error",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/limit/zero"),
    cases: |session| {
        if session.contract().pagination().limit.zero.is_none() {
            return not_in_force("the contract does not say what a limit of zero leads to");
        }
        Ok(Cases::Each(draw::each_resource(session, 1)?))
    },
    holds: |session, case| {
        let exchange = session.send(&session.ask(&case.clone().limit(0))?)?;
        let status = exchange.reply.status;
        match session.contract().pagination().limit.zero {
            Some(ZeroLimit::Refuse) if (400..500).contains(&status) => Ok(()),
            Some(ZeroLimit::Refuse) => broken("a refusal", format!("status {status}")),
            Some(ZeroLimit::None) => {
                let page = session.read(&exchange).map_err(Stop::Breach)?;
                match page.keys.first() {
                    None => Ok(()),
                    Some(first) => broken("no items", format!("a page that starts with {first}")),
                }
            }
            Some(ZeroLimit::Default) => {
                let page = session.read(&exchange).map_err(Stop::Breach)?;
                let plain = session.page_or_moot(&session.ask(case)?)?;
                if page.keys == plain.keys
                    || plain.keys.ends_with(&page.keys) && !page.keys.is_empty()
                {
                    return Ok(());
                }
                broken("the page of no limit", difference(&plain.keys, &page.keys))
            }
            None => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves one item.
        match lied.asked(request).limit {
            Some(0) => lied.ask(&lied.with_limit(request, Some(1))),
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_takes_zero_for_one_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
