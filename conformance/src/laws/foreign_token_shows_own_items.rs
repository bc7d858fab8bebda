//! A token of another resource shows no item of it.

use std::collections::HashSet;

use openapi::Position;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs, not_in_force};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-token-shows-own-items",
    group: Group::Cursor,
    title: "a token that was handed out for another resource, or to another caller, shows only items that the request's own would show",
    why: "a token that opens another list shows the items of somebody else",
    level: Level::Must,
    basis: Basis::Inferred(
        "the request says whose items it asks for, and a token only where to go on",
    ),
    citation: |contract| contract.cite("/x-pagination/request/cursor"),
    cases: |session| {
        session.needs_tokens()?;
        let resources = draw::resources(session, 1)?;
        let longer = draw::resources(session, 2)?;
        let pairs = resources.iter().flat_map(|(name, _)| {
            let others = longer.iter().filter(move |(other, _)| other != name);
            others.map(move |(other, _)| Case::of(name).and(other.clone()))
        });
        let small = |case: Case| draw::of_shortest_page(session, case);
        let cases: Vec<_> = pairs.map(small).collect();
        if cases.is_empty() {
            return not_in_force("the subject file has fewer than two such resources");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let other = Case {
            resource: case.other.clone().unwrap_or_default(),
            ..case.clone()
        };
        let first = session.page_or_moot(&session.ask(&other)?)?;
        let next = first.next.clone().filter(|_| !first.last);
        let Some(at @ (Position::Token(_) | Position::After(_) | Position::Url(_))) = next else {
            return session.list_leads_nowhere(&first, &other);
        };
        let (own, theirs) = (session.listing_of(case)?, session.listing_of(&other)?);
        let own: HashSet<_> = own.keys.iter().collect();
        let mut strange = theirs.keys.iter().filter(|key| !own.contains(key));
        if strange.next().is_none() {
            return never_occurs("both lists have the same items");
        }
        let Some(ask) = session.ask_from(case, &at, (&other, &first)) else {
            return never_occurs("the URL of the next page has no token in the list's own query");
        };
        let exchange = session.send(&ask)?;
        let Ok(page) = session.read(&exchange) else {
            return Ok(());
        };
        let theirs: HashSet<_> = theirs.keys.iter().collect();
        let leaked = |key: &&String| theirs.contains(key) && !own.contains(key);
        match page.keys.iter().find(leaked) {
            Some(leaked) => broken(
                "a refusal, or items of the resource that was asked for",
                format!("{leaked}, an item of {}", other.resource),
            ),
            None => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // A token opens the list that it was handed out for.
        let reply = lied.ask(request)?;
        let leads_on = lied.is_page(&reply) && !lied.is_empty(&reply);
        let Some(previous) = lied.previous.as_ref().filter(|_| !leads_on) else {
            return Ok(reply);
        };
        match lied.asked(request).cursor {
            Some(token) => lied.ask(&lied.with_cursor(previous, Some(&token))),
            None => Ok(reply),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_whose_tokens_open_other_lists_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
