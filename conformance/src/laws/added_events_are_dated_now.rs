//! An event that was just added has the time of now.

use std::time::Duration;

use openapi::Selector;

use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::{Session, added, times};
use crate::{Case, Level, Stop, draw};

pub(crate) const LAW: Law = Law {
    id: "added-events-are-dated-now",
    group: Group::Growth,
    title: "the time of an event that was just added is not off by the difference of a time zone",
    why: "a local time that is written as if it were UTC puts new events hours into the past",
    level: Level::Should,
    basis: Basis::Inferred("the judge knows when it had the event added"),
    citation: |contract| {
        let time = times::of_items(contract).ok();
        let schema = time.and_then(|time| contract.item().at(&time));
        schema.map_or_else(String::new, |schema| {
            contract.document().cite(schema.pointer())
        })
    },
    cases: |session| {
        times::of_items(session.contract())?;
        if !session.hooks().can_append() {
            return not_in_force("no hook adds an event (`append`)");
        }
        draw::growing(session)
    },
    holds: |session, case| {
        let id = &case.resource;
        let Ok(time) = times::of_items(session.contract()) else {
            return moot("the items have no time");
        };
        let before = session.before_growth(id, 0)?.keys.len();
        let asked = session.send_case(case)?.at;
        let first = newest(session, case, before, &time)?;
        let Some((text, at)) = first else {
            return never_occurs("an event that was added has no time");
        };
        let behind = times::seconds(asked) - at;
        if behind.abs() <= CLOCKS {
            return Ok(());
        }
        let off = behind.rem_euclid(QUARTER);
        let is_zone = behind.abs() <= FARTHEST && off.min(QUARTER - off) <= EXACT;
        let has_own_time =
            || never_occurs("the events that the hook adds have a time of their own");
        if behind < 0 || !is_zone {
            return has_own_time();
        }
        // A hook may give all its events one time. The time of the server goes on.
        session.run().pause(SECOND)?;
        let second = newest(session, case, before + 1, &time)?;
        if second.is_none_or(|(other, _)| other == text) {
            return has_own_time();
        }
        broken(
            "the time at which the event was added",
            format!(
                "`{text}` at `{time}`, {} minutes before",
                (behind + QUARTER / 2) / QUARTER * 15
            ),
        )
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Writes local time, two hours west of UTC, as if it were UTC.
        lied.edit_items(request, |items| {
            if let Ok(time) = times::of_items(lied.contract) {
                for item in items {
                    let text = times::of(item, &time).map(|(text, _)| text.to_owned());
                    let at = text.and_then(|text| text.parse::<jiff::Timestamp>().ok());
                    let earlier =
                        at.and_then(|at| at.checked_sub(jiff::SignedDuration::from_hours(2)).ok());
                    if let Some(earlier) = earlier {
                        *place(item, &time) = earlier.to_string().into();
                    }
                }
            }
        })
    },
};

/// The time of an event that the hook adds to a list of this length, as served and in seconds since 1970.
fn newest(
    session: &Session<'_>,
    case: &Case,
    length: usize,
    time: &Selector,
) -> Result<Option<(String, i64)>, Stop> {
    let id = &case.resource;
    let before = session.before_growth(id, length)?;
    session.grow(id, 1, before.keys.len())?;
    let after = session.grown(id, before.keys.len() + 1)?;
    session.all_show(id, &after, before.keys.len() + 1)?;
    let new = after.keys.len() - added(&before.keys, &after.keys)?.len();
    let found = after.items.get(new).and_then(|item| times::of(item, time));
    Ok(found.map(|(text, at)| (text.to_owned(), at)))
}

/// Longer than the step of most servers' times.
const SECOND: Duration = Duration::from_millis(1_100);
/// The greatest difference of two clocks, in seconds.
const CLOCKS: i64 = 300;
/// Differences of time zones are multiples of this number of seconds.
const QUARTER: i64 = 900;
/// The greatest difference of a time zone, in seconds.
const FARTHEST: i64 = 14 * 3600;
/// How exactly a difference must be that of a time zone, in seconds.
const EXACT: i64 = 30;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::changing::caught;

    #[test]
    fn a_server_that_writes_local_times_is_caught() {
        // The time itself is that of the test.
        let text = caught(&LAW);
        assert!(text.contains("120 minutes before"), "{text}");
    }
}
