//! Walks at the same time do not affect each other.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Case, Cases, Level};

/// The limits of the walks. Each walk begins with another one.
const LIMITS: [u64; 4] = [2, 3, 4, 5];
/// The number of pages that each walk reads.
const PAGES: usize = 4;
/// The least number of items of a timeline that is long enough.
const LONG: usize = 10;
/// The number of resources to walk through.
const RESOURCES: usize = 3;

pub(crate) const LAW: Law = Law {
    id: "concurrent-walks-do-not-interfere",
    group: Group::Walk,
    title: "each of several walks at the same time meets every event once and in order",
    why: "if the server keeps cursors, one client can move the cursor of another",
    level: Level::Should,
    basis: Basis::Inferred("a cursor alone says where to continue"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        let accepted = draw::accepted(session)?;
        let limits: Vec<_> = LIMITS
            .into_iter()
            .filter(|limit| accepted.contains(limit))
            .collect();
        let resources = draw::resources(session, 2)?;
        // Takes a few timelines that are long enough for walks to overlap, or else the longest.
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
                    "every walk meets the events as listed",
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
        // Loses an event after a cursor, at one of the limits that only these walks use.
        let asked = lied.asked(request);
        let lies = asked.cursor.is_some() && asked.limit == Some(LIMITS[2]);
        lied.edit_served(request, |items| {
            if lies && items.len() > 1 {
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
