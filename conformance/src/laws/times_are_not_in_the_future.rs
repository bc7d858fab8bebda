//! An event that is served has happened.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::place;
use crate::outcome::{broken, moot, never_occurs};
use crate::session::times;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "times-are-not-in-the-future",
    group: Group::Values,
    title: "no event's time is more than five minutes ahead of the judge's clock",
    why: "a client shows the event as upcoming, or waits for its time",
    level: Level::Should,
    basis: Basis::Inferred("an event that is served has happened"),
    citation: |contract| {
        let time = times::of_items(contract).ok();
        let schema = time.and_then(|time| contract.item().at(&time));
        schema.map_or_else(String::new, |schema| {
            contract.document().cite(schema.pointer())
        })
    },
    cases: |session| {
        times::of_items(session.contract())?;
        draw::optional(session, 1).map(Cases::Drawn)
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let page = session.read_or_moot(&exchange)?;
        let Ok(time) = times::of_items(session.contract()) else {
            return moot("the items have no time");
        };
        let items = session.contract().items(&page.body).unwrap_or_default();
        let found: Vec<_> = items
            .iter()
            .filter_map(|item| times::of(item, &time))
            .collect();
        let latest = found.iter().max_by_key(|(_, at)| *at);
        match latest {
            None => never_occurs("no item that was read has a time"),
            Some((text, at)) if *at > times::seconds(exchange.at).saturating_add(AHEAD) => {
                broken("times in the past", format!("`{text}` at `{time}`"))
            }
            Some(_) => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Moves every time some thousands of years ahead.
        lied.edit_items(request, |items| {
            if let Ok(time) = times::of_items(lied.contract) {
                for item in items {
                    let later = times::of(item, &time).and_then(|(text, _)| text.get(4..));
                    if let Some(later) = later.map(|rest| format!("9998{rest}")) {
                        *place(item, &time) = later.into();
                    }
                }
            }
        })
    },
};

/// How far ahead a time may be, in seconds.
const AHEAD: i64 = 300;

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_is_ahead_of_its_time_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
