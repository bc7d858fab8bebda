//! A walk back ends at the start, and meets every item before its place once.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::session::{End, difference};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "both-ways-meet",
    group: Group::Walk,
    title: "a walk back from a place meets every item before it once, and ends at the start",
    why: "a client that pages back misses items, or never comes to the start",
    level: Level::Must,
    basis: Basis::Inferred("both directions read one list"),
    citation: |contract| contract.cite("/x-pagination/request/backward"),
    cases: |session| {
        session.needs(Promise::GoesBackward)?;
        draw::places(session).map(Cases::Drawn)
    },
    holds: |session, case| {
        /// The number of pages to read.
        const PAGES: usize = 8;
        let listing = session.listing_of(case)?;
        let Some((before, end)) = session.ends_of_pages(case)?.pop() else {
            return Ok(());
        };
        let walk = session.walk_from(case, end, PAGES)?;
        let pages = walk.pages.iter().rev();
        let met: Vec<String> = pages.flat_map(|page| page.keys.iter().cloned()).collect();
        let expected = listing.keys.get(..before).unwrap_or_default();
        let known = met.iter().position(|key| listing.keys.contains(key));
        let met = match known {
            // New items may have come before all that were listed.
            Some(known) if session.may_grow_at_start() => &met[known..],
            _ => &met[..],
        };
        let is_all = walk.end == End::Last;
        if is_all && met != expected || !expected.ends_with(met) {
            let actual = if met.is_empty() {
                "none of them".to_owned()
            } else if expected.ends_with(met) {
                format!("only the last {} of them", met.len())
            } else {
                let nearest = before - met.len().min(before);
                difference(&expected[nearest..], met)
            };
            return broken(format!("the {before} items before the place"), actual);
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Has no page that holds the first item of all, where pages are asked for from behind.
        let reply = lied.ask(request)?;
        if !lied.asked(request).at.is_backward() || !lied.is_page(&reply) {
            return Ok(reply);
        }
        let body = reply.json().unwrap_or_default();
        let first = lied.contract.items(&body).and_then(<[_]>::first).cloned();
        let all = lied.whole(request)?.unwrap_or_default();
        if first.is_some() && first.as_ref() == all.first() {
            return Ok(lied.empty_page(request, reply));
        }
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_loses_the_start_on_the_way_back_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
