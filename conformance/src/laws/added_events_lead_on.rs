//! The cursor of an event that was just added leads to the events that were added after it.

use openapi::{Direction, Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Stop, broken, moot, not_in_force};
use crate::session::{difference, done};
use crate::{Case, Level};

/// The number of events that are added.
const ADDED: usize = 4;

/// The greatest number of pages to read behind a cursor.
const PAGES: usize = ADDED + 1;

pub(crate) const LAW: Law = Law {
    id: "added-events-lead-on",
    group: Group::Growth,
    title: "the cursor of an event that was just added leads to the events that were added after it, however long the list is",
    why: "a list that ends at a wall takes new events, and never shows them",
    level: Level::Must,
    basis: Basis::Inferred("the hook says which cursor the new event has"),
    citation: |contract| contract.cite("/x-pagination/request/cursor"),
    cases: |session| {
        if !session.hooks().can_name() {
            return not_in_force("no hook names the cursor of a new event (`append-cursor`)");
        }
        session.needs(Promise::RequestsNamePlaces)?;
        if session.promises(Promise::PagesAreNumbered) {
            return not_in_force("the number of a page is no place behind an event");
        }
        if session.contract().pagination().order.direction == Direction::Descending {
            return not_in_force(NEWEST_FIRST);
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let id = &case.resource;
        let mut places = Vec::new();
        for _ in 0..ADDED {
            let Some(added) = session.hooks().append_named(id) else {
                return Ok(());
            };
            let cursor = done("append", added)?;
            match session.contract().paging().at_text(&cursor) {
                Some(at) => places.push(at),
                None => {
                    return moot(format!(
                        "no request can send the cursor `{cursor}` of the hook"
                    ));
                }
            }
        }
        let behind = |at: &Position| -> Result<Vec<String>, Stop> {
            let largest = draw::accepted(session).ok().map(|limits| limits.end - 1);
            let case = largest.into_iter().fold(Case::of(id), Case::limit);
            Ok(session.walk_from(&case, at.clone(), PAGES)?.keys())
        };
        let due = ADDED - 1;
        let shows = session.wait_until(|| Ok(behind(&places[0])?.len() >= due))?;
        let first = behind(&places[0])?;
        session.note(format!("{id}: looked behind an event that was just added"));
        if shows.is_none() {
            return broken(
                format!("the {due} events that were added behind the first new one"),
                format!("{} events", first.len()),
            );
        }
        for (step, at) in places.iter().enumerate().take(due).skip(1) {
            let read = behind(at)?;
            let rest = &first[step.min(first.len())..];
            if read.starts_with(rest) {
                continue;
            }
            let older = first.get(..due).unwrap_or_default();
            if !older.is_empty() && read.get(1..).is_some_and(|rest| rest.starts_with(older)) {
                return Err(Stop::NotInForce(NEWEST_FIRST.to_owned()));
            }
            return broken(
                format!("the {} events behind new event {}", rest.len(), step + 1),
                difference(rest, &read),
            );
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Has nothing behind a cursor that is near the end of the list.
        let reply = lied.ask(request)?;
        if lied.asked(request).at.is_start() || !lied.is_page(&reply) {
            return Ok(reply);
        }
        let body = reply.json().unwrap_or_default();
        let is_last = lied.info(request, &reply, &body).is_last();
        Ok(if is_last && lied.count(&reply) < ADDED as u64 {
            lied.empty_page(request, reply)
        } else {
            reply
        })
    },
};

const NEWEST_FIRST: &str = "the newest events come first, so no cursor is at the open end";

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught_with, hooked_naming};

    #[test]
    fn a_server_with_nothing_near_the_end_is_caught() {
        insta::assert_snapshot!(caught_with(&LAW, hooked_naming));
    }
}
