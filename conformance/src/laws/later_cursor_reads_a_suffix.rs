//! The events after a greater number are the end of the events after a smaller one.

use proptest::prelude::*;
use proptest::sample::select;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::difference;
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "later-cursor-reads-a-suffix",
    group: Group::Cursor,
    title: "the events after a greater number are the end of the events after a smaller one",
    why: "clients that started at different times disagree about the order of events",
    level: Level::Must,
    basis: Basis::Inferred("a cursor only filters the same timeline"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        if session.contract().limit().is_some() {
            return not_in_force("a page does not hold all events after the cursor");
        }
        let sequences = draw::sequences(session, 1)?;
        let two = |(id, numbers): (String, Vec<i128>)| {
            let least = numbers.iter().copied().min().unwrap_or_default();
            let most = numbers.iter().copied().max().unwrap_or_default();
            let first = (least - 1).max(0)..=most.max(0);
            (first, 1..=(most - least).max(1)).prop_map(move |(first, step)| Case {
                then: After::Cursor((first + step).to_string()),
                ..Case::of(&id).after(After::Cursor(first.to_string()))
            })
        };
        Ok(Cases::Drawn(select(sequences).prop_flat_map(two).boxed()))
    },
    holds: |session, case| {
        let later = Case::of(&case.resource).after(case.then.clone());
        let long = session.page_or_moot(&session.ask(case)?)?.keys;
        let short = session.page_or_moot(&session.ask(&later)?)?.keys;
        if long.ends_with(&short) {
            return Ok(());
        }
        // Events that were added since are at the end of both pages.
        let grown = session.page_or_moot(&session.ask(case)?)?.keys;
        let last = short.last();
        let end = grown.iter().rposition(|key| Some(key) == last);
        if end.is_some_and(|end| end >= long.len() && grown[..=end].ends_with(&short)) {
            return Ok(());
        }
        let end = long.len().saturating_sub(short.len());
        broken(
            "the end of the first page",
            difference(&long[end..], &short),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Swaps the last two of three or more events after an odd number.
        let odd = lied
            .cursor_number(request)
            .is_some_and(|cursor| cursor % 2 != 0);
        lied.edit_served(request, |items| {
            if let [_, .., left, right] = items.as_mut_slice()
                && odd
            {
                std::mem::swap(left, right);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_order_depends_on_the_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
