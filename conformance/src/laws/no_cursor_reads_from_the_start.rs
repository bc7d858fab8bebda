//! A cursor of zero and no cursor return the same page.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{After, Case, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "no-cursor-reads-from-the-start",
    group: Group::Cursor,
    title: "a cursor of zero returns the same page as no cursor; an empty cursor is treated as none, or as unknown",
    why: "clients send the parameter with their first request, before they have a cursor",
    level: Level::Should,
    basis: Basis::Inferred("the client has read nothing yet"),
    citation: |contract| contract.document().cite(&contract.paging().place().pointer),
    cases: |session| {
        session.needs(Promise::RequestsNamePlaces)?;
        let paging = session.contract().paging();
        let nothing = paging.nothing();
        if paging.place().read(&nothing).is_err() {
            return not_in_force("the cursor's schema accepts neither zero nor an empty cursor");
        }
        let cases = draw::each_resource(session, 1)?;
        let cases = cases.into_iter();
        Ok(Cases::Each(
            cases
                .map(|case| case.after(After::Cursor(nothing.clone())))
                .collect(),
        ))
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        let page = if session.promises(Promise::PlacesFilter) {
            let numbers = session.numbers(&session.listing_of(case)?.items)?;
            if numbers.iter().any(|number| *number <= 0) {
                return moot("the timeline does not begin after zero");
            }
            session.read(&exchange).map_err(Stop::Breach)?
        } else {
            session.note(format!("an empty cursor is answered with status {status}"));
            if (400..500).contains(&status) {
                return Ok(());
            }
            match session.read(&exchange) {
                Ok(page) if page.keys.is_empty() => return Ok(()),
                page => page.map_err(Stop::Breach)?,
            }
        };
        match session.page_departure(&Case::of(&case.resource), &page)? {
            None => Ok(()),
            Some(departure) => broken("the page without a cursor", departure),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let cursor = lied.asked(request).cursor;
        let nothing = lied.contract.paging().nothing();
        if cursor.is_none_or(|cursor| !cursor.is_empty() && cursor != nothing) {
            return lied.ask(request);
        }
        lied.edit_served(&lied.with_cursor(request, None), |items| {
            items.drain(..1.min(items.len()));
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_skips_the_first_event_after_zero_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
