//! The events after a greater number are the end of the events after a smaller one.

use proptest::prelude::*;
use proptest::sample::select;

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Outcome, broken, moot, not_in_force};
use crate::session::{Session, cursor_number, difference};
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
        let sequences = draw::sequences(session, 1)?;
        // The page after the first number must reach the second one.
        let largest = draw::accepted(session).ok().map(|limits| limits.end - 1);
        if largest.is_none() && session.promises(Promise::Pages) {
            return not_in_force("a page does not hold all events after the cursor");
        }
        let two = move |(id, numbers): (String, Vec<i128>)| {
            let least = numbers.iter().copied().min().unwrap_or_default();
            let most = numbers.iter().copied().max().unwrap_or_default();
            let first = (least - 1).max(0)..=most.max(0);
            let far = largest.map_or(i128::MAX, i128::from);
            let steps = 1..=(most - least).max(1).min(far);
            (first, steps).prop_map(move |(first, step)| Case {
                then: After::Cursor((first + step).to_string()),
                limits: largest.into_iter().collect(),
                ..Case::of(&id).after(After::Cursor(first.to_string()))
            })
        };
        let neighbours = neighbours(&sequences, largest);
        let drawn = select(sequences).prop_flat_map(two).boxed();
        Ok(Cases::DrawnAndEach(drawn, neighbours))
    },
    holds: |session, case| {
        let later = case.clone().after(case.then.clone());
        if session.promises(Promise::Pages) {
            return goes_on(session, case, &later);
        }
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

/// Each number and the next one, near both ends of a list, because luck must not decide what is compared.
fn neighbours(sequences: &[(String, Vec<i128>)], largest: Option<u64>) -> Vec<Case> {
    /// The number of pairs at each end.
    const EACH: i128 = 12;
    /// A list with fewer events shows less.
    const ENOUGH: usize = 8;
    // The shortest come first.
    let known = sequences
        .iter()
        .find(|(_, numbers)| numbers.len() >= ENOUGH);
    let Some((id, numbers)) = known.or(sequences.last()) else {
        return Vec::new();
    };
    let least = numbers.iter().copied().min().unwrap_or_default() - 1;
    let most = numbers.iter().copied().max().unwrap_or_default();
    let middle = least + EACH;
    let start = least.max(0)..most.min(middle);
    let end = (most - EACH).max(middle).max(0)..most;
    let pair = |number: i128| Case {
        then: After::Cursor((number + 1).to_string()),
        limits: largest.into_iter().collect(),
        ..Case::of(id).after(After::Cursor(number.to_string()))
    };
    start.chain(end).map(pair).collect()
}

/// A breach unless the rest of a page, behind a later number, is the start of the page after that number.
fn goes_on(session: &Session<'_>, case: &Case, later: &Case) -> Outcome {
    let Some(number) = cursor_number(later) else {
        return moot("the case names no second number");
    };
    let (ask, ask_later) = (session.ask(case)?, session.ask(later)?);
    let page = session.page_or_moot(&ask)?;
    let behind = session.page_or_moot(&ask_later)?;
    let numbers = session.page_numbers(&page)?;
    let rest = numbers.iter().zip(&page.keys);
    let rest: Vec<_> = rest
        .filter(|(known, _)| **known > number)
        .map(|(_, key)| key.clone())
        .collect();
    let both = rest.len().min(behind.keys.len());
    let is_cut_off = behind.last && both < rest.len();
    if rest[..both] == behind.keys[..both] && !is_cut_off {
        return Ok(());
    }
    let again = session.page_or_moot(&ask)?;
    if again.keys != page.keys {
        return moot("the page changed meanwhile");
    }
    broken(
        format!("the events after {number} on both pages"),
        difference(&rest, &behind.keys),
    )
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_order_depends_on_the_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
