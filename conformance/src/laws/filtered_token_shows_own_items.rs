//! A token of a filtered list shows no item that another filter leaves out.

use openapi::{Carried, Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "filtered-token-shows-own-items",
    group: Group::Cursor,
    title: "a token that was handed out with another filter shows only items that the request's own filter leaves",
    why: "a client that changes the filter and keeps the token shows items that it left out",
    level: Level::Should,
    basis: Basis::Inferred(
        "the request says which items it asks for, and a token only where to go on",
    ),
    citation: |contract| contract.cite("/x-pagination/request/cursor"),
    cases: |session| {
        session.needs(Promise::TokensAreHandedOut)?;
        let carried = &session.contract().pagination().cursor.carries;
        if carried.contains(&Carried::Filters) {
            return not_in_force(
                "a cursor keeps the filters of the request that it was handed out to",
            );
        }
        let cases = draw::each_resource(session, 2)?;
        let filters = session.filters();
        if filters.is_empty() {
            return not_in_force("no parameter of the query has a few values to filter by");
        }
        let cases = cases.iter().flat_map(|case| {
            filters.iter().flat_map(|(name, [one, other])| {
                [(one, other), (other, one)].map(|(sent, other)| Case {
                    sent: vec![(name.clone(), sent.clone())],
                    other: Some(other.clone()),
                    ..Case::of(&case.resource)
                })
            })
        });
        let small = |case: Case| draw::of_shortest_page(session, case);
        Ok(Cases::Each(cases.map(small).collect()))
    },
    holds: |session, case| {
        let (Some((name, _)), Some(value)) = (case.sent.first(), &case.other) else {
            return moot("the case has no two filters");
        };
        let other = Case {
            sent: vec![(name.clone(), value.clone())],
            other: None,
            ..case.clone()
        };
        let (Some(own), Some(theirs)) = (session.filtered(case)?, session.filtered(&other)?) else {
            return moot("the list is too long to be read whole");
        };
        if own.is_empty() || theirs.iter().all(|key| own.contains(key)) {
            return never_occurs("no two filters leave different items");
        }
        let first = session.page_or_moot(&session.ask(&other)?)?;
        let next = first.next.clone().filter(|_| !first.last);
        let Some(at @ (Position::Token(_) | Position::After(_))) = next else {
            return session.leads_nowhere(&first, &theirs);
        };
        let exchange = session.send(&session.ask_at(case, &at))?;
        let Ok(page) = session.read(&exchange) else {
            return Ok(());
        };
        let Some(leaked) = page.keys.iter().find(|key| !own.contains(key)) else {
            return Ok(());
        };
        if session
            .filtered(case)?
            .is_none_or(|now| now.contains(leaked))
        {
            return moot("the list changed meanwhile");
        }
        broken(
            "a refusal, or items that the filter leaves",
            format!("{leaked}, which only {name}={value} leaves"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // A token brings its own filter.
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
    use crate::variants::filters::caught;

    #[test]
    fn a_server_whose_tokens_bring_their_filter_is_caught() {
        insta::assert_snapshot!(caught(&LAW, true));
    }
}
