//! A negative number returns the first page, or is refused.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{After, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "negative-sequence-is-handled",
    group: Group::Cursor,
    title: "a negative number returns the same page as no cursor, or is refused as invalid",
    why: "many clients start with -1 instead of no cursor",
    level: Level::Should,
    basis: Basis::Inferred("every event has a greater number"),
    citation: |contract| {
        contract
            .document()
            .cite(contract.paging().place().schema.pointer())
    },
    cases: |session| {
        session.needs(Promise::NumbersRise)?;
        let cases = draw::each_resource(session, 1)?.into_iter();
        Ok(Cases::Each(
            cases
                .map(|case| case.after(After::Cursor("-1".to_owned())))
                .collect(),
        ))
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        if session.contract().invalid().allows(status) {
            return Ok(());
        }
        let page = session.read(&exchange).map_err(Stop::Breach)?;
        match session.filter_departure(case, &page)? {
            None => Ok(()),
            Some(departure) => broken("the page without a cursor", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let negative = lied.cursor_number(request).is_some_and(|cursor| cursor < 0);
        lied.edit_served(request, |items| {
            if negative {
                items.clear();
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_reads_nothing_behind_a_negative_number_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
