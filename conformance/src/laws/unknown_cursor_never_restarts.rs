//! A cursor that names nothing is refused, or returns an empty page.

use openapi::UnknownCursor;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::unknown;
use crate::{After, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "unknown-cursor-never-restarts",
    group: Group::Cursor,
    title: "a well-formed cursor that names nothing is refused or returns an empty page, never the first page",
    why: "a client whose cursor is no longer known reads everything again and treats old events as new",
    level: Level::Should,
    basis: Basis::Inferred("a cursor names an item, and this one names none"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| draw::unknown(session).map(Cases::Drawn),
    holds: |session, case| {
        let listing = session.listing_of(case)?;
        if matches!(&case.after, After::Cursor(text) if listing.keys.contains(&session.key(text))) {
            return moot("the cursor names an item after all");
        }
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        let expected = match session.contract().pagination().cursor.unknown {
            Some(UnknownCursor::Status(status)) => format!("status {status}"),
            Some(UnknownCursor::Page(_)) => "a page without items".to_owned(),
            None => "a refusal (4xx), or a page without items".to_owned(),
        };
        if status == 200 {
            let Ok(page) = session.read(&exchange) else {
                return moot("status 200 without a page");
            };
            if !page.keys.is_empty() && session.follows_by_value(case, &page.keys)? {
                session.note("a cursor is compared with keys, and need not name an item");
                return Ok(());
            }
            if session.is_from_the_start(&case.resource, &page)? {
                return broken(expected, "the first page");
            }
            if let Some(first) = page.keys.first() {
                return broken(expected, format!("a page that starts with {first}"));
            }
        }
        let fits = match session.contract().pagination().cursor.unknown {
            Some(UnknownCursor::Status(declared)) => status == declared,
            Some(UnknownCursor::Page(_)) => status == 200,
            None => status == 200 || (400..500).contains(&status),
        };
        if !fits {
            return broken(expected, format!("status {status}"));
        }
        session.note(format!(
            "an unknown cursor is answered with status {status}"
        ));
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| match lied.asked(request).cursor {
        Some(cursor) if unknown::is_unknown(&cursor) => lied.ask(&lied.with_cursor(request, None)),
        _ => lied.ask(request),
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_restarts_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
