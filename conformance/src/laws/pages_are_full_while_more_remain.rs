//! A page that promises more holds as many items as the limit.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "pages-are-full-while-more-remain",
    group: Group::Limit,
    title: "a page that promises more holds exactly as many items as the limit",
    why: "short pages cost a client more requests than it expects",
    level: Level::Should,
    basis: Basis::Inferred("a limit asks for that number of items, and there are more to serve"),
    citation: draw::cite_limit,
    cases: |session| {
        draw::accepted(session)?;
        session.needs(Promise::MoreIsSaid)?;
        draw::pages(session, 2, 2).map(Cases::swept)
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        let limit = case.limits[0];
        match (page.more, page.keys.len() as u64) {
            // A filter may leave nothing of a page in the middle of a list.
            (Some(true), 0) if !page.last => moot("the page has no items, and leads on"),
            (Some(true), items) if items < limit => broken(
                format!("{limit} items"),
                format!("{items} items, and more follow"),
            ),
            (Some(true), _) => Ok(()),
            _ => moot("no more items follow the page"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves one item fewer than the limit, or than the default.
        let bounds = lied.contract.limit_bounds();
        let default = bounds.and_then(|bounds| bounds.default);
        let parameter = lied.contract.limit();
        let wanted = match parameter.and_then(|limit| request.text(limit)) {
            Some(_) => lied.asked(request).limit,
            None => default,
        };
        let accepted = |limit: &u64| {
            let maximum = bounds.and_then(|bounds| bounds.maximum);
            (2..=maximum.unwrap_or(u64::MAX)).contains(limit)
        };
        match wanted.filter(accepted) {
            Some(wanted) => lied.ask(&lied.with_limit(request, Some(wanted - 1))),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_serves_an_item_too_few_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
