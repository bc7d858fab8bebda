//! A cursor that is invalid against its schema is refused.

use openapi::Promise;

use crate::Case;
use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "malformed-cursor-is-refused",
    group: Group::Cursor,
    title: "a cursor that violates its schema is refused as invalid; one that only looks wrong neither restarts the list nor breaks the server",
    why: "a client with a broken cursor reads everything again and treats old events as new",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        contract
            .document()
            .cite(contract.paging().place().schema.pointer())
    },
    cases: |session| {
        session.needs(Promise::RequestsNamePlaces)?;
        if session.promises(Promise::RangesAreSaid) {
            return not_in_force(
                "a server may ignore a range that it cannot read (RFC 9110, 14.2)",
            );
        }
        let shortest = draw::each_resource(session, 1)?.swap_remove(0);
        let place = session.contract().paging().place();
        // No base 64 has a tilde. A decoder of tokens that skips it reads an empty one.
        let decoded = !session.promises(Promise::ItemsNamePlaces);
        let tilde = decoded.then_some("~");
        let malformed = ["abc", "1.5", "NaN", "true"].into_iter().chain(tilde);
        // A cursor that the schema accepts is not malformed.
        let counts = session.promises(Promise::PlacesFilter);
        let wrong = malformed.filter(|text| place.read(text).is_err() || !counts);
        let cases: Vec<Case> = wrong
            .map(|text| shortest.clone().after(After::Cursor(text.to_owned())))
            .collect();
        if cases.is_empty() {
            return not_in_force(
                "the cursor's schema accepts any text, and the contract says nothing of its form",
            );
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let After::Cursor(text) = &case.after else {
            return moot("the case has no cursor");
        };
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        if session.contract().paging().place().read(text).is_err() {
            let invalid = session.contract().invalid();
            if invalid.allows(status) {
                return Ok(());
            }
            return broken(format!("status {invalid}"), format!("status {status}"));
        }
        if status >= 500 {
            return broken("any answer below 500", format!("status {status}"));
        }
        match session.read(&exchange) {
            Ok(page)
                if session.is_from_the_start(&case.resource, &page)?
                    && !session.follows_by_value(case, &page.keys)? =>
            {
                session.eases_if_assumed("style", "the document does not say what a cursor is");
                broken("a refusal, or no items", "the first page")
            }
            _ => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Ignores a cursor that does not look like one.
        let Some(cursor) = lied.asked(request).cursor.filter(|text| !text.is_empty()) else {
            return lied.ask(request);
        };
        let place = lied.contract.paging().place();
        let unlike = if place.takes("string") {
            let real = lied.handed_out(request)?;
            real.is_none_or(|real| real.len() != cursor.len())
        } else {
            place.read(&cursor).is_err()
        };
        if unlike {
            lied.ask(&lied.with_cursor(request, None))
        } else {
            lied.ask(request)
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_ignores_a_malformed_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
