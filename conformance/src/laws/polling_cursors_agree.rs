//! Polling from the page's cursor and from the last event meets the same events.

use openapi::Promise;

use crate::Level;
use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::{Tail, same_items};

pub(crate) const LAW: Law = Law {
    id: "polling-cursors-agree",
    group: Group::Growth,
    title: "a poller that continues from the page's cursor and one that continues from the last event meet the same events",
    why: "clients use either cursor; one of the two would miss events",
    level: Level::Should,
    basis: Basis::Inferred("both cursors stand after every event that was served"),
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| {
        let both = session.promises(Promise::ItemsNamePlaces);
        if session.contract().paging().number().is_none() || !both {
            return not_in_force("there is only one cursor to poll with");
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 1)?;
        let (first, next) = session.poll(id, None, Tail::Next)?;
        let last = first
            .iter()
            .rev()
            .find_map(|page| page.cursors.last())
            .and_then(|key| session.behind(key));
        session.grow(id, 2, before.keys.len())?;
        let keys = |from, tail| -> Result<Vec<String>, crate::Stop> {
            let (pages, _) = session.poll(id, from, tail)?;
            Ok(pages.into_iter().flat_map(|page| page.keys).collect())
        };
        let by_key = keys(last, Tail::LastKey)?;
        let by_next = keys(next, Tail::Next)?;
        let both = by_key.len().min(by_next.len().max(2));
        same_items(
            &by_key[..both],
            &by_next[..by_next.len().min(both)],
            "the events after the last one seen",
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Reports an end that is too great by a thousand. A client that polls from there misses the next
        // events.
        lied.edit_page(request, |body| lied.go_further(body, 1_000))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_latest_is_ahead_of_its_events_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
