//! An event that changes during a walk takes no other event with it.

use openapi::Promise;

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{added, done};
use crate::{Case, Level, draw};

/// The number of events that are added. The first one is changed.
const ADDED: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "changes-during-a-walk-lose-nothing",
    group: Group::Growth,
    title: "a walk during which an event is changed meets every event behind it once; the changed one may come again, at its new place",
    why: "a client that reads while others edit misses events, because the row that its cursor names moved",
    level: Level::Must,
    basis: Basis::Inferred(
        "a cursor names a place, and the events behind that place did not change",
    ),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| {
        if !session.hooks().can_change() || !session.hooks().can_append() {
            return not_in_force("no hooks add events and change them (`append`, `change`)");
        }
        session.needs(Promise::Pages)?;
        session.needs(Promise::StableWhileGrowing)?;
        session.needs_lasting_places()?;
        draw::growing(session)
    },
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 0)?;
        session.grow(id, ADDED, before.keys.len())?;
        let after = session.grown(id, before.keys.len() + ADDED)?;
        session.all_show(id, &after, before.keys.len() + ADDED)?;
        let new = added(&before.keys, &after.keys)?;
        let index = after.keys.len() - new.len();
        let (changed, behind) = (&after.cursors[index], &after.keys[index + 1..]);
        // The client has read the event, and then it changes.
        let at = session.place_in(id, &after, index)?;
        let Some(change) = session.hooks().change(id, changed) else {
            return Ok(());
        };
        done("change", change)?;
        let least = draw::accepted(session).ok().map(|limits| limits.start);
        let small = least.into_iter().fold(Case::of(id), Case::limit);
        let walk = session.walk_from(&small, at, 4 * ADDED)?;
        let met = walk.keys();
        let lost = behind.iter().find(|key| !met.contains(key));
        let is_twice = |key: &&String| met.iter().filter(|one| one == key).count() > 1;
        let twice = behind.iter().find(is_twice);
        if lost.is_none() && twice.is_none() {
            return Ok(());
        }
        let now = session.read_listing(id)?;
        if let Some(gone) = behind.iter().find(|key| !now.keys.contains(key)) {
            return moot(format!("{gone} was removed meanwhile"));
        }
        let odd = match (lost, twice) {
            (Some(lost), _) => format!("a walk without {lost}"),
            (None, Some(twice)) => format!("a walk with {twice} twice"),
            (None, None) => return Ok(()),
        };
        broken(
            format!(
                "each of the {} events behind the changed one, once",
                behind.len()
            ),
            odd,
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Loses the first event of each small page behind a cursor.
        let asked = lied.asked(request);
        let is_small = asked.limit.is_some_and(|limit| limit < 3) && !asked.at.is_start();
        lied.edit_served(request, |items| {
            if is_small && !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::changing::caught;

    #[test]
    fn a_server_that_loses_events_behind_a_changed_one_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
