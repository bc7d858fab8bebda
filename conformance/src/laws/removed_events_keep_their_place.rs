//! The cursor behind an event that was removed still leads to the events behind it, or is refused.

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::session::{added, difference, done};
use crate::{Level, Stop, draw};

/// The number of events that are added. All but the first and the last are removed again.
const ADDED: usize = 3;

pub(crate) const LAW: Law = Law {
    id: "removed-events-keep-their-place",
    group: Group::Growth,
    title: "a page behind an event that was removed starts with the next event, or is refused; it never says that nothing follows",
    why: "a client whose last event was deleted believes that it has seen all, or reads everything again",
    level: Level::Must,
    basis: Basis::Inferred("events that were not removed still lie behind that place"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| {
        if !session.hooks().can_remove() || !session.hooks().can_append() {
            return not_in_force("no hooks add events and remove them (`append`, `remove`)");
        }
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
        let index = after.keys.len() - new.len() + 1;
        let (removed, behind) = (&after.cursors[index], &after.keys[index + 1..]);
        let at = session.place_in(id, &after, index)?;
        let Some(gone) = session.hooks().remove(id, removed) else {
            return Ok(());
        };
        done("remove", gone)?;
        let now = session.read_listing(id)?;
        if now.cursors.contains(removed) {
            return moot("the event that the hook `remove` removed still shows");
        }
        let exchange = session.send(&session.ask_at(case, &at))?;
        let status = exchange.reply.status;
        if (400..500).contains(&status) {
            session.note(format!(
                "the cursor of a removed event is refused with status {status}"
            ));
            return Ok(());
        }
        let page = session.read(&exchange).map_err(Stop::Breach)?;
        let both = page.keys.len().min(behind.len());
        if both > 0 && page.keys[..both] == behind[..both] {
            return Ok(());
        }
        broken(
            format!(
                "the event behind the removed one, or a refusal: {}",
                behind[0]
            ),
            difference(behind, &page.keys),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Has nothing behind an event that is not in its list, if the list fits the largest page.
        let reply = lied.ask(request)?;
        lied.remember_next(request, &reply);
        let sent = lied.asked(request).cursor.filter(|sent| !sent.is_empty());
        let Some(sent) = sent.filter(|_| lied.is_page(&reply)) else {
            return Ok(reply);
        };
        let bounds = lied.contract.limit_bounds();
        let most = bounds.and_then(|bounds| bounds.maximum);
        let all = lied.with_limit(&lied.with_cursor(request, None), most);
        let page = lied.ask(&all)?;
        let body = page.json().unwrap_or_default();
        let items = lied.contract.items(&body).unwrap_or_default();
        let mut keys = items.iter().filter_map(|item| lied.contract.key(item));
        let last = lied.last_before(&sent).unwrap_or(sent);
        let is_known = keys.any(|key| key == last);
        Ok(if is_known || !lied.info(&all, &page, &body).is_last() {
            reply
        } else {
            lied.empty_page(request, reply)
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::changing::caught;

    #[test]
    fn a_server_with_nothing_behind_a_removed_event_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
