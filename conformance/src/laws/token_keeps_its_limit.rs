//! A token goes on with the limit of the request that it was handed out to, where the contract says so.

use proptest::prelude::*;

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::difference;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "token-keeps-its-limit",
    group: Group::Cursor,
    title: "a token that keeps its limit goes on with it, whatever limit is sent beside the token",
    why: "a client that relies on the size of its first page reads pages of another size",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/cursor/carries"),
    cases: |session| {
        session.needs(Promise::LimitsAreCarried)?;
        let other = draw::limits(session)?;
        let pairs = (draw::pages(session, 2, 2)?, other).prop_map(|(mut case, limit)| {
            case.limits.push(limit);
            case
        });
        let (id, _) = draw::longest(session)?;
        let marked = draw::marked::limits(session)?;
        let both = marked
            .iter()
            .flat_map(|own| marked.iter().map(move |other| [*own, *other]));
        let both = both.filter(|[own, other]| own != other);
        let each = both.map(|limits| Case {
            limits: limits.into(),
            ..Case::of(&id)
        });
        Ok(Cases::DrawnAndEach(pairs.boxed(), each.collect()))
    },
    holds: |session, case| {
        let [own, other] = [0, 1].map(|place| {
            let limit = case.limits[place];
            case.clone().without_limits().limit(limit)
        });
        let first = session.page_or_moot(&session.ask(&own)?)?;
        let Some(at) = first.next.clone().filter(|_| !first.last) else {
            return session.list_leads_nowhere(&first, &own);
        };
        let before = session.page_at(&own, &at)?;
        let page = session.page_at(&other, &at)?;
        let after = session.page_at(&own, &at)?;
        if before.keys != after.keys {
            return moot("the page changed meanwhile");
        }
        if page.keys == before.keys {
            return Ok(());
        }
        broken(
            format!("the page with limit {}, as without another", case.limits[0]),
            difference(&before.keys, &page.keys),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves no more than the limit that is sent.
        let asked = lied.asked(request);
        let limit = asked.limit.and_then(|limit| usize::try_from(limit).ok());
        lied.edit_served(request, |items| {
            if let Some(limit) = limit.filter(|_| asked.cursor.is_some()) {
                items.truncate(limit);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_forgets_the_limit_of_a_token_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
