//! Walks at the same time do not get in each other's way.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Case, Cases, Level};

/// The limits of the walks; each begins with another one.
const LIMITS: [u64; 4] = [2, 3, 4, 5];
/// How many pages each walk reads.
const PAGES: usize = 4;
/// How many items make a timeline long enough.
const LONG: usize = 10;
/// How many resources are walked through.
const RESOURCES: usize = 3;

pub(crate) const LAW: Law = Law {
    id: "concurrent-walks-do-not-interfere",
    group: Group::Walk,
    title: "several walks at once each meet every event once and in order",
    why: "where cursors are kept by the server, one client moves the other's",
    level: Level::Should,
    basis: Basis::Inferred("a cursor says all there is to say about where to go on"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        let accepted = draw::accepted(session)?;
        let limits: Vec<_> = LIMITS
            .into_iter()
            .filter(|limit| accepted.contains(limit))
            .collect();
        let resources = draw::resources(session, 2)?;
        // A few that are long enough for the walks to get in each other's way, or the longest.
        let long = resources.iter().position(|(_, items)| *items >= LONG);
        let from = long.unwrap_or(resources.len() - 1);
        let cases = resources[from..]
            .iter()
            .take(RESOURCES)
            .map(|(id, _)| Case {
                limits: limits.clone(),
                ..Case::of(id)
            });
        Ok(Cases::Each(cases.collect()))
    },
    holds: |session, case| {
        let walks: Vec<Case> = (0..case.limits.len())
            .map(|walk| {
                let mut case = case.clone();
                case.limits.rotate_left(walk);
                if !session.promises(Promise::LimitsMix) {
                    case.limits.truncate(1);
                }
                case
            })
            .collect();
        let walked = session.walk_at_once(&walks, PAGES)?;
        for (number, walk) in (1..).zip(&walked) {
            if let Some(departure) = session.departure(case, &walk.keys(), walk.end)? {
                return broken(
                    "every walk to meet the events as listed",
                    format!("walk {number} of {}: {departure}", walked.len()),
                );
            }
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct {
        starts_threads: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Loses an event behind a cursor, at one of the limits that walks at once use.
        let asked = lied.asked(request);
        let told = asked.cursor.is_some() && asked.limit == Some(LIMITS[2]);
        lied.edit_served(request, |items| {
            if told && items.len() > 1 {
                items.remove(0);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_moves_another_walks_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
