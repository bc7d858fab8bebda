//! A reader that polls from the open end meets each new event once, in order.

use std::thread;

use openapi::{Position, Promise};

use crate::history::{self, Reader};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Stop, broken, moot};
use crate::session::{Page, Session, Tail, added};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "tail-reader-sees-each-new-event-once",
    group: Group::Growth,
    title: "polling from the open end meets exactly the events that are added, in order and once, for any number of writers",
    why: "a reader that already passed an event's place never sees it if it becomes visible later",
    level: Level::Must,
    basis: Basis::Inferred(
        "the last cursor stays valid after the end, and the timeline is append-only",
    ),
    citation: |contract| contract.cite("/x-pagination/cursor/resume"),
    cases: |session| {
        session.needs(Promise::Resumes)?;
        // A second case adds events from several writers at once. Only a hook can do that.
        let writers = |id: &str| [Case::of(id), Case::of(id).writers(3)];
        let most = if session.hooks().can_append() { 2 } else { 1 };
        let growing = session.growing()?;
        Ok(Cases::Each(
            growing
                .iter()
                .flat_map(|one| writers(&one.name).into_iter().take(most))
                .collect(),
        ))
    },
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 1)?;
        let mut readers = Vec::new();
        for tail in [Tail::LastKey, Tail::Next] {
            let last = before.cursors.last().and_then(|key| session.behind(key));
            readers.push(match tail {
                Tail::LastKey if !session.promises(Promise::ItemsNamePlaces) => continue,
                Tail::LastKey => (tail, last, Vec::new()),
                Tail::Next => {
                    let (pages, next) = session.poll(id, last, tail)?;
                    // A live timeline may have grown by itself since it was listed.
                    (tail, next, vec![keys(&pages)])
                }
            });
        }
        let writers = case.writers.unwrap_or(1);
        if let Some(lag) = session.lag().filter(|_| writers > 1) {
            return moot(format!(
                "an event shows {lag:.1?} after it is added, so several writers cannot be followed"
            ));
        }
        let written = write_while_polling(session, id, writers, &before.keys, &mut readers)?;
        let after = session.grown(id, before.keys.len() + written)?;
        let new = added(&before.keys, &after.keys)?;
        if session.lag().is_some() {
            // What shows in the listing may have been hidden from the last poll.
            poll_all(session, id, &mut readers)?;
        }
        for (tail, _, polls) in readers {
            let name = match tail {
                Tail::LastKey => "the last key",
                Tail::Next => "the page's cursor",
            };
            // A live timeline may have grown by itself since the last poll.
            let met = polls.iter().map(Vec::len).sum::<usize>();
            let due = new.len().min(met.max(written));
            let name = name.to_owned();
            if let Some(flaw) = history::check(&new[..due], &[Reader { name, polls }]) {
                let from = flaw.reader;
                broken(
                    format!("the {due} events added, polling from {from}: each once, in order"),
                    flaw.kind.to_string(),
                )?;
            }
        }
        if new.len() < written {
            // If the hook adds nothing, or its events do not show, agreeing readers prove nothing.
            return moot(format!(
                "of {written} events added, the listing shows {}",
                new.len()
            ));
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        starts_threads: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Shows only the newer of two events after a cursor.
        let asked = lied.asked(request);
        lied.edit_page(request, |body| {
            let items = lied.items(body).clone();
            if let (Some(_), [_, newer]) = (&asked.cursor, items.as_slice()) {
                lied.fill(body, vec![newer.clone()], false);
            }
        })
    },
};

/// A way to poll, the place to poll from, and the keys of each poll so far.
type Poller = (Tail, Option<Position>, Vec<Vec<String>>);

fn keys(pages: &[Page]) -> Vec<String> {
    let keys = pages.iter().flat_map(|page| &page.keys);
    keys.cloned().collect()
}

/// Each reader reads what is new to it.
fn poll_all(session: &Session<'_>, id: &str, readers: &mut [Poller]) -> Result<(), Stop> {
    for (tail, cursor, polls) in readers {
        let (pages, next) = session.poll(id, cursor.take(), *tail)?;
        polls.push(keys(&pages));
        *cursor = next;
    }
    Ok(())
}

/// Adds events while each reader polls, and polls once more at the end. Returns the number of events added.
fn write_while_polling(
    session: &Session<'_>,
    id: &str,
    writers: usize,
    before: &[String],
    readers: &mut [Poller],
) -> Result<usize, Stop> {
    /// The number of events that each writer adds.
    const EACH: usize = 4;
    if writers == 1 {
        session.grow(id, 1, before.len())?;
        poll_all(session, id, readers)?;
        session.grow(id, 2, before.len() + 1)?;
        poll_all(session, id, readers)?;
        return Ok(3);
    }
    thread::scope(|scope| {
        let write = || (0..EACH).try_for_each(|_| session.grow(id, 1, before.len()));
        let handles: Vec<_> = (0..writers).map(|_| scope.spawn(write)).collect();
        while handles.iter().any(|handle| !handle.is_finished()) {
            poll_all(session, id, readers)?;
        }
        for handle in handles {
            handle
                .join()
                .map_err(|_| Stop::Moot("a writer gave up".to_owned()))??;
        }
        poll_all(session, id, readers)?;
        Ok(writers * EACH)
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::Verdict;
    use crate::testing::{caught, contracts, honest, verdict};

    #[test]
    fn a_server_that_hides_the_newest_event_from_a_tail_reader_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_hook_that_adds_nothing_leaves_it_unjudged() {
        for (contract, facts) in contracts() {
            let idle = facts.hooks().clone().on_append(|_| Ok(()));
            let found = verdict(&LAW, &contract, &facts.with_hooks(idle), &honest());
            assert!(matches!(found, Verdict::Unjudged { .. }), "{found:#?}");
        }
    }
}
