//! An offset skips as many items as it says.

use openapi::{Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "offset-skips-exactly",
    group: Group::Cursor,
    title: "an offset skips exactly as many items as it says, whatever the limit",
    why: "a client that counts what it has read loses items, or reads some twice",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let counts = contract.paging().promises(Promise::RangesAreSaid);
        contract.cite(if counts {
            "/x-pagination/request/range"
        } else {
            "/x-pagination/request/offset"
        })
    },
    cases: |session| {
        session.needs(Promise::ItemsAreSkipped)?;
        draw::places(session).map(Cases::swept_behind_items)
    },
    holds: |session, case| {
        let After::Item(index) = case.after else {
            return Ok(());
        };
        let skipped = index + 1;
        let at = session.counted(Position::Skip(skipped as u64))?;
        let page = session.page(&session.ask_at(case, &at))?;
        match session.counted_departure(case, &at, skipped, &page)? {
            None => Ok(()),
            Some(departure) => broken(format!("the items behind the first {skipped}"), departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // The liar skips one item less than the request says.
        match lied.asked(request).at {
            Position::Skip(items) => lied.ask(&lied.at(request, &Position::Skip(items - 1))),
            _ => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_skips_one_item_less_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
