//! The same request returns the same page.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::difference;
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "reading-twice-reads-the-same",
    group: Group::Cursor,
    title: "the same request returns the same page, except for events added in between",
    why: "a client that repeats a request after a failure loses or repeats events",
    level: Level::Must,
    basis: Basis::Inferred("events are only ever appended"),
    citation: |contract| contract.cite("/x-pagination/order"),
    cases: |session| {
        let drawn = draw::pages(session, 1, 1)?;
        let marked = draw::marked::pages(session)?;
        Ok(Cases::DrawnSweptAndEach(drawn, marked))
    },
    holds: |session, case| {
        let ask = session.ask(case)?;
        let first = session.page_or_moot(&ask)?.keys;
        let second = session.page_or_moot(&ask)?.keys;
        if session.may_have_become(case, &first, &second) {
            return Ok(());
        }
        let replaced = !second.iter().any(|key| first.contains(key));
        if replaced && case.after == After::Start && session.may_grow_at_start() {
            let third = session.page_or_moot(&ask)?.keys;
            if third != first {
                return moot("more events were added than the page has items");
            }
        }
        broken("the same page again", difference(&first, &second))
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Swaps two items now and then: at limits other than the default, or after a cursor if there is
        // no limit.
        let asked = lied.asked(request);
        let lies = match lied.contract.limit_bounds() {
            Some(bounds) => asked
                .limit
                .is_some_and(|limit| limit.abs_diff(bounds.default.unwrap_or(1)) == 1),
            None => asked.cursor.is_some(),
        };
        lied.edit_served(request, |items| {
            if let [.., left, right] = items.as_mut_slice()
                && lies
                && lied.turn % 2 == 1
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
    fn a_server_that_changes_the_order_between_two_reads_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
