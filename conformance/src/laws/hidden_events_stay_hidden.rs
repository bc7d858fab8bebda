//! A hidden event changes nothing, and none of its text shows anywhere.

use openapi::{Counts, Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::{
    End, Exchange, Listing, Session, added, changed_part, difference, done, is_grown_from,
};
use crate::{Case, Level, Outcome, Stop};

/// A text that no server produces by itself.
const MARK: &str = "eventline-must-not-show-6f1c";

/// The number of events hidden at once, more than a live timeline grows by in that time.
const HIDDEN: usize = 4;

pub(crate) const LAW: Law = Law {
    id: "hidden-events-stay-hidden",
    group: Group::Growth,
    title: "adding a hidden event leaves the listing unchanged, and none of its text shows anywhere",
    why: "internal notes reach the customer",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(contract.item().pointer()),
    cases: |session| {
        if !session.hooks().can_hide() {
            return not_in_force("no hook adds a hidden event");
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let before = session.before_growth(&case.resource, 0)?;
        let counts = counts(session, case)?;
        let plain = session.ask(case)?;
        let look = || Ok::<_, Stop>([session.send_again(&plain)?, session.send_again(&plain)?]);
        let looked = look()?;
        for _ in 0..HIDDEN {
            match session.hooks().hide(&case.resource, MARK) {
                Some(hidden) => done("hide", hidden)?,
                None => return Ok(()),
            }
        }
        if let Some(lag) = session.lag() {
            session.let_it_show(lag)?;
        }
        let after = session.before_growth(&case.resource, 0)?;
        nothing_shows(session, case)?;
        if before.keys == after.keys {
            // Numbers may count hidden events. So clients can tell when one came, and a team should know that.
            let path = session.path_of(&case.resource);
            if let Some(trace) = changed_part(&path, &looked, &look()?) {
                session.note(format!(
                    "hidden events leave a trace: {}, and then {}",
                    trace.expected("before"),
                    trace.actual()
                ));
            }
        }
        if before.keys == after.keys && self::counts(session, case)? != counts {
            let still = session.read_listing(&case.resource)?;
            if still.keys == before.keys {
                return broken(
                    format!(
                        "the counts of the {} events that can be seen",
                        before.keys.len()
                    ),
                    "other counts than before",
                );
            }
        }
        // A live timeline may grow by itself meanwhile, but by less than the number of hidden events.
        let grown = after.keys.len().saturating_sub(before.keys.len());
        if is_grown_from(&after.keys, &before.keys) && grown < HIDDEN {
            if session.hooks().can_append() {
                // The next event may repeat the hidden text.
                session.grow(&case.resource, 1, after.keys.len())?;
                let now = session.before_growth(&case.resource, 0)?;
                hides_nothing_else(session, case, &after, &now)?;
            }
            return nothing_shows(session, case);
        }
        broken(
            format!("the {} events that were there", before.keys.len()),
            difference(&before.keys, &after.keys),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Every second answer lists more events, as if hidden ones had become visible.
        lied.edit_page(request, |body| {
            let items = lied.items(body);
            let Some(last) = items.last().cloned().filter(|_| lied.turn % 2 == 1) else {
                return;
            };
            for step in 1..=HIDDEN {
                let mut extra = last.clone();
                let key = crate::lie::place(&mut extra, &lied.contract.pagination().key);
                *key = match key.as_u64() {
                    Some(number) => (number + step as u64).into(),
                    None => format!("ffffffff-ffff-4fff-bfff-{step:012}").into(),
                };
                items.push(extra);
            }
        })
    },
};

/// What the plain page says of the length of the list, if the document describes it.
fn counts(session: &Session<'_>, case: &Case) -> Result<Option<Counts>, Stop> {
    let kinds = [
        Promise::TotalIsSaid,
        Promise::RemainingIsSaid,
        Promise::PageTotalIsSaid,
    ];
    let counts = kinds.iter().any(|kind| session.promises(*kind));
    if !counts || session.contract().assumes("totals") {
        return Ok(None);
    }
    let page = session.page_or_moot(&session.ask(case)?)?;
    Ok(Some(page.info.totals))
}

/// Reads on from the last event in the smallest pages. Hidden events that fill a page must not end the walk.
fn hides_nothing_else(session: &Session<'_>, case: &Case, old: &Listing, now: &Listing) -> Outcome {
    let Some(lost) = lost(session, case, old, now)? else {
        return Ok(());
    };
    // A walk that also misses an event with no hidden one before it is wrong for another reason.
    session.grow(&case.resource, 1, now.keys.len())?;
    let later = session.before_growth(&case.resource, 0)?;
    if self::lost(session, case, now, &later)?.is_some() {
        return Ok(());
    }
    broken(
        format!("{lost}, which was added behind the hidden events"),
        "a walk that ends before it",
    )
}

/// The first event that was added, if the walk from the last one before does not meet it.
fn lost(
    session: &Session<'_>,
    case: &Case,
    old: &Listing,
    now: &Listing,
) -> Result<Option<String>, Stop> {
    let Some(new) = added(&old.keys, &now.keys).ok().and_then(<[_]>::first) else {
        return Ok(None);
    };
    let at = match old.cursors.last() {
        Some(last) => session.behind(last),
        None => Some(Position::Start),
    };
    let Some(at) = at else {
        return Ok(None);
    };
    let least = draw::accepted(session).ok().map(|limits| limits.start);
    let small = least.into_iter().fold(case.clone(), Case::limit);
    let walk = match session.walk_from(&small, at, 4 * HIDDEN) {
        // Where there is no page, there is no end of the list either.
        Err(Stop::Breach(_)) => return Ok(None),
        walk => walk?,
    };
    let misses = walk.end == End::Last && !walk.keys().contains(new);
    Ok(misses.then(|| new.clone()))
}

/// Looks for the text in all answers so far, and on the plain first page.
fn nothing_shows(session: &Session<'_>, case: &Case) -> Result<(), Stop> {
    session.send_case(case)?;
    let in_header = |exchange: &Exchange| {
        let mut values = exchange.reply.headers.values();
        values.any(|value| String::from_utf8_lossy(value.as_bytes()).contains(MARK))
    };
    let in_body =
        |exchange: &Exchange| String::from_utf8_lossy(&exchange.reply.body).contains(MARK);
    for exchange in session.transcript() {
        for (shows, place) in [
            (in_body(&exchange), "body"),
            (in_header(&exchange), "header"),
        ] {
            if shows {
                return broken(
                    "no text of the hidden event",
                    format!("`{MARK}` in a {place}"),
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::SystemTime;

    use super::{HIDDEN, LAW};
    use crate::lie::with_header;
    use crate::subject::{Request, Subject};
    use crate::testing::{NOW, caught, contracts, hooked};
    use crate::{Options, Verdict, judge};

    #[test]
    fn a_server_that_shows_a_hidden_event_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_number_that_counts_hidden_events_is_noted_and_no_breach() {
        for (contract, facts) in contracts() {
            for counts in [true, false] {
                let (honest, hooks) = hooked(facts.hooks());
                let hidden = Arc::new(AtomicUsize::new(0));
                let hides = Arc::clone(&hidden);
                let hooks = hooks.on_hide(move |_, _| {
                    hides.fetch_add(1, Ordering::Relaxed);
                    Ok(())
                });
                let server = |request: &Request| {
                    let reply = honest.send(request)?;
                    let events = hidden.load(Ordering::Relaxed);
                    let said = if counts {
                        events.to_string()
                    } else {
                        "0".to_owned()
                    };
                    Ok(with_header(reply, "x-last-write", &said))
                };
                let options = Options {
                    laws: vec![LAW.id.to_owned()],
                    clock: || SystemTime::UNIX_EPOCH + NOW,
                    ..Options::default()
                };
                let facts = facts.clone().with_hooks(hooks);
                let found = judge(&contract, &facts, &server, &options, &mut |_| {});
                let found = &found.findings[0];
                assert!(
                    matches!(found.verdict, Verdict::Upheld { .. }),
                    "{found:#?}"
                );
                assert_eq!(hidden.load(Ordering::Relaxed) % HIDDEN, 0);
                let is_noted = found
                    .notes
                    .iter()
                    .any(|note| note.contains("leave a trace"));
                assert_eq!(is_noted, counts, "{:?}", found.notes);
            }
        }
    }
}
