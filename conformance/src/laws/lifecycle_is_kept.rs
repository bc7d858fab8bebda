//! A timeline begins and ends with the events that the contract names for it.

use openapi::{Direction, Lifecycle};
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot, never_occurs, not_in_force};
use crate::session::times;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "lifecycle-is-kept",
    group: Group::Values,
    title: "a first event comes first and once, and no event follows a terminal one",
    why: "a client stops reading at a terminal event, and never sees the events after it",
    level: Level::Info,
    basis: Basis::Inferred("the contract names the types of first and terminal events"),
    citation: |contract| contract.cite("/x-pagination/lifecycle"),
    cases: |session| {
        if session.contract().pagination().lifecycle.is_none() {
            return not_in_force("the contract does not say how a timeline begins and ends");
        }
        draw::each_resource(session, 1).map(Cases::Each)
    },
    holds: |session, case| {
        let contract = session.contract();
        let Some(lifecycle) = &contract.pagination().lifecycle else {
            return moot("the contract has no lifecycle");
        };
        session.judge_listing(case, |listing| {
            let mut types: Vec<_> = listing
                .items
                .iter()
                .filter_map(|item| lifecycle.at.get(item).and_then(Value::as_str))
                .collect();
            if types.is_empty() {
                return never_occurs("no item that was read has a type");
            }
            let direction = times::direction(contract);
            let forward = wrong(lifecycle, &types, true, listing.complete);
            types.reverse();
            let backward = wrong(lifecycle, &types, listing.complete, true);
            // If the contract does not say which order events have, either will do.
            let found = match direction {
                Some(Direction::Ascending) => forward,
                Some(Direction::Descending) => backward,
                None => forward.filter(|_| backward.is_some()),
            };
            found.map_or(Ok(()), |(expected, actual)| broken(expected, actual))
        })
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Begins with a terminal event.
        lied.edit_items(request, |items| {
            let lifecycle = lied.contract.pagination().lifecycle.as_ref();
            let Some((known, last)) =
                lifecycle.and_then(|known| Some((known, known.terminal.first()?)))
            else {
                return;
            };
            for item in items {
                let kind = place(item, &known.at);
                if known.first.iter().any(|first| kind == first) {
                    *kind = last.clone().into();
                }
            }
        })
    },
};

/// The first violation in the types of a timeline, oldest first: the expected types and the actual ones.
///
/// An end of the timeline is judged only if it is part of the listing.
fn wrong(
    lifecycle: &Lifecycle,
    types: &[&str],
    from_the_start: bool,
    to_the_end: bool,
) -> Option<(String, String)> {
    let is = |known: &[String], kind: &str| known.iter().any(|one| one == kind);
    let (first, rest) = types.split_first()?;
    if from_the_start && !lifecycle.first.is_empty() && !is(&lifecycle.first, first) {
        let expected = format!("{} first", lifecycle.first.join(" or "));
        return Some((expected, format!("{first} first")));
    }
    if let Some(again) = rest.iter().find(|kind| is(&lifecycle.first, kind)) {
        return Some((
            format!("{again} at the start only"),
            format!("{again} further on"),
        ));
    }
    let cut = usize::from(to_the_end);
    let before_the_end = types.len().saturating_sub(cut);
    let early = types[..before_the_end]
        .iter()
        .position(|kind| is(&lifecycle.terminal, kind))?;
    let behind = types.get(early + 1)?;
    let ended = types[early];
    Some((
        format!("no event after {ended}"),
        format!("{behind} after it"),
    ))
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_begins_with_a_terminal_event_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
