//! Times follow the order of the timeline.

use openapi::Direction;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot};
use crate::session::times;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "times-follow-the-order",
    group: Group::Values,
    title: "in a timeline, no event is older than the event before it",
    why: "a client that sorts by time shows another order than one that does not",
    level: Level::Info,
    basis: Basis::Inferred("a timeline lists events in the order in which they happened"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        times::of_items(session.contract())?;
        draw::each_resource(session, 2).map(Cases::Each)
    },
    holds: |session, case| {
        let Ok(time) = times::of_items(session.contract()) else {
            return moot("the items have no time");
        };
        let direction = times::direction(session.contract());
        session.judge_listing(case, |listing| {
            let found: Vec<_> = listing
                .items
                .iter()
                .filter_map(|item| times::of(item, &time))
                .collect();
            let falls = found.windows(2).find(|pair| pair[1].1 < pair[0].1);
            let rises = found.windows(2).find(|pair| pair[1].1 > pair[0].1);
            let wrong = match direction {
                Some(Direction::Ascending) => falls,
                Some(Direction::Descending) => rises,
                // Either order is fine, if all events have the same.
                None => falls.and_then(|fall| rises.map(|_| fall)),
            };
            match wrong {
                None => Ok(()),
                Some(pair) => broken(
                    format!("`{time}` that only rises or only falls"),
                    format!("{} next to {}", pair[0].0, pair[1].0),
                ),
            }
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Moves the times of some events to the year 2000.
        lied.edit_items(request, |items| {
            if let Ok(time) = times::of_items(lied.contract) {
                for item in items.iter_mut().filter(|item| lied.chooses(item)) {
                    let earlier = times::of(item, &time).and_then(|(text, _)| text.get(4..));
                    if let Some(earlier) = earlier.map(|rest| format!("2000{rest}")) {
                        *place(item, &time) = earlier.into();
                    }
                }
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_clock_jumps_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
