//! A token of another list of the same API shows no item of that list.

use std::collections::HashSet;

use openapi::{Location, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::siblings::Sibling;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "token-of-another-list-shows-own-items",
    group: Group::Cursor,
    title: "a token that another operation handed out shows only items of the list that is asked for, or is refused",
    why: "a client that mixes up two tokens takes items of one list for items of another",
    level: Level::Must,
    basis: Basis::Inferred(
        "the path says which list is asked for, and a token only where to go on",
    ),
    citation: |contract| contract.cite("/x-pagination/request/cursor"),
    cases: |session| {
        /// The number of resources to try.
        const RESOURCES: usize = 3;
        session.needs(Promise::TokensAreHandedOut)?;
        session.needs(Promise::RequestsNamePlaces)?;
        let is_query = session.contract().paging().place().location == Location::Query;
        let siblings = Sibling::of(session.contract());
        if siblings.is_empty() || !is_query {
            return not_in_force(
                "no other list of the document hands out tokens for a parameter of this name",
            );
        }
        let cases = draw::each_resource(session, 1)?;
        let cases = cases.iter().take(RESOURCES).flat_map(|case| {
            let others = siblings.iter();
            others.map(|other| Case::of(&case.resource).and(other.name().to_owned()))
        });
        let small = |case: Case| draw::of_shortest_page(session, case);
        Ok(Cases::Each(cases.map(small).collect()))
    },
    holds: |session, case| {
        let siblings = Sibling::of(session.contract());
        let name = case.other.as_deref().unwrap_or_default();
        let Some(other) = siblings.iter().find(|one| one.name() == name) else {
            return moot(format!("the document has no list {name}"));
        };
        let read = |token: Option<&str>| {
            let exchange = session.send_to(case, other, token)?;
            Ok::<_, crate::Stop>(other.read(&exchange.reply))
        };
        let Some(first) = read(None)? else {
            return moot(format!("{name} answers with no page"));
        };
        let Some(token) = first.next else {
            return never_occurs(format!("the shortest page of {name} leads to no other"));
        };
        let second = read(Some(&token))?.map_or_else(Vec::new, |page| page.keys);
        let theirs: HashSet<_> = first.keys.into_iter().chain(second).collect();
        let listing = session.listing_of(case)?;
        if !listing.complete {
            return moot("the list is too long to be read whole");
        }
        let Some(at) = session.contract().paging().at_text(&token) else {
            return Ok(());
        };
        let exchange = session.send(&session.ask_at(case, &at))?;
        let Ok(page) = session.read(&exchange) else {
            return Ok(());
        };
        let is_strange = |key: &&String| theirs.contains(*key) && !listing.keys.contains(key);
        let Some(leaked) = page.keys.iter().find(is_strange) else {
            return Ok(());
        };
        if session.read_listing(&case.resource)?.keys.contains(leaked) {
            return moot("the list changed meanwhile");
        }
        broken(
            "a refusal, or items of the list that was asked for",
            format!("{leaked}, an item of {name}"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // A token opens the list that it was handed out for.
        let reply = lied.ask(request)?;
        let leads_on = lied.is_page(&reply) && !lied.is_empty(&reply);
        let token = lied.asked(request).cursor.filter(|token| !token.is_empty());
        let Some(token) = token.filter(|_| !leads_on) else {
            return Ok(reply);
        };
        let captures = lied.contract.operation().path.captures(request.path());
        let captures = captures.unwrap_or_default();
        let value = |name: &str| {
            let mut known = captures.iter().filter(|(known, _)| *known == name);
            known
                .next()
                .map_or_else(String::new, |(_, value)| value.clone())
        };
        for other in Sibling::of(lied.contract) {
            let mut asked = request.clone();
            asked.target = other.target(value, Some(&token));
            let theirs = other.items(&lied.ask(&asked)?);
            if !theirs.is_empty() {
                let start = lied.with_cursor(request, None);
                return lied.edit_served(&start, |items| *items = theirs);
            }
        }
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::beside::caught;

    #[test]
    fn a_server_whose_tokens_open_other_operations_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
