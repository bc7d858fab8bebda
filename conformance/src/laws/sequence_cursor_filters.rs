//! The page after a number has exactly the events with a greater one.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::session::Session;
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "sequence-cursor-filters",
    group: Group::Cursor,
    title: "the page after a number has exactly the events with a greater one",
    why: "a client that polls loses events, or sees them again",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.document().cite(&contract.paging().place().pointer),
    cases: |session| {
        let drawn = draw::numbers(session, 0, around)?;
        Ok(Cases::DrawnAndEach(drawn, edges(session)))
    },
    holds: |session, case| {
        let page = session.page_or_moot(&session.ask(case)?)?;
        match session.filter_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("exactly the events with a greater number", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Loses one event after a number that no event has.
        let numbers = lied.numbers(&lied.beginning(request)?);
        let cursor = lied.cursor_number(request);
        let unused = cursor.is_some_and(|cursor| !numbers.contains(&cursor));
        lied.edit_served(request, |items| {
            if unused && !items.is_empty() {
                items.remove(0);
            }
        })
    },
};

/// The ends of the integers of databases and drivers, after which a number may wrap around.
///
/// There are none if no resource has an event to show that it did.
fn edges(session: &Session<'_>) -> Vec<Case> {
    const EDGES: [i128; 6] = [
        (1 << 31) - 1,
        1 << 31,
        (1 << 32) - 1,
        1 << 32,
        (1 << 53) + 1,
        (1 << 63) - 1,
    ];
    let Ok((id, _)) = draw::shortest(session, 1) else {
        return Vec::new();
    };
    let place = session.contract().paging().place();
    let texts = EDGES.map(|edge| edge.to_string()).into_iter();
    let accepted = texts.filter(|text| place.read(text).is_ok());
    let cases = accepted.map(|text| Case::of(&id).after(After::Cursor(text)));
    cases.collect()
}

/// Every number, its neighbours, zero, and one beyond the end.
fn around(numbers: &[i128]) -> Vec<i128> {
    let mut chosen = vec![0];
    for number in numbers {
        chosen.extend([number - 1, *number, number + 1]);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::Lie;
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Liar, Verdict};

    #[test]
    fn a_server_that_loses_an_event_behind_an_unused_number_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    /// The verdicts on the mock, whose numbers are read by `read` first.
    fn found(read: Lie) -> Vec<Verdict> {
        let judged = contracts().into_iter().map(|(contract, facts)| {
            let server = Liar::new(contract.clone(), read, honest());
            verdict(&LAW, &contract, &facts, &server)
        });
        let mut found: Vec<_> = judged.collect();
        found.retain(|one| !matches!(one, Verdict::NotInForce { .. }));
        assert!(!found.is_empty());
        found
    }

    #[test]
    fn a_server_whose_numbers_have_32_bits_is_caught() {
        let found = found(|lied, request| {
            let number = lied.cursor_number(request);
            let cut = number.filter(|number| *number >= 1 << 31).map(|number| {
                let low = number & 0xffff_ffff;
                (if low >= 1 << 31 { 0 } else { low }).to_string()
            });
            match cut {
                Some(cut) => lied.ask(&lied.with_cursor(request, Some(&cut))),
                None => lied.ask(request),
            }
        });
        let is_caught = |one: &Verdict| matches!(one, Verdict::Broken(_));
        assert!(found.iter().all(is_caught), "{found:#?}");
    }

    #[test]
    fn a_server_that_refuses_numbers_of_more_than_32_bits_is_spared() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            let number = lied.cursor_number(request);
            Ok(if number.is_some_and(|number| number >= 1 << 31) {
                lied.refuse(reply, 422)
            } else {
                reply
            })
        });
        let is_upheld = |one: &Verdict| matches!(one, Verdict::Upheld { .. });
        assert!(found.iter().all(is_upheld), "{found:#?}");
    }
}
