//! A number beyond the end returns an empty page.

use openapi::UnknownCursor;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{cursor_number, latest};
use crate::{After, Case, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "cursor-beyond-the-end-is-empty",
    group: Group::Cursor,
    title: "a number beyond the end, of any size, returns an empty page or is refused as invalid",
    why: "a server whose numbers wrap around serves everything again",
    level: Level::Should,
    basis: Basis::Inferred("no event has a greater number"),
    citation: |contract| contract.cite("/x-pagination/cursor"),
    cases: |session| {
        let mut cases = Vec::new();
        for (id, numbers) in draw::sequences(session, 0)? {
            let page = session.page_or_moot(&session.ask(&Case::of(&id))?)?;
            let end = numbers.into_iter().chain(latest(session.contract(), &page));
            let top = end.max().unwrap_or(0);
            let beyond = [top + 1, 1 << 31, 1 << 53, 1 << 63, 10_i128.pow(30)];
            let beyond = beyond.into_iter().filter(|number| *number > top);
            cases.extend(beyond.map(|one| Case::of(&id).after(After::Cursor(one.to_string()))));
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        let refused = match session.contract().pagination().cursor.unknown {
            None => matches!(status, 400 | 404 | 422),
            Some(UnknownCursor::Status(declared)) => status == declared,
            Some(UnknownCursor::Page(_)) => false,
        };
        if refused || session.contract().invalid().allows(status) {
            return Ok(());
        }
        let page = session.read(&exchange).map_err(Stop::Breach)?;
        let numbers = session.page_numbers(&page)?;
        match numbers.first() {
            None => Ok(()),
            Some(first) if cursor_number(case).is_some_and(|cursor| *first > cursor) => {
                moot("the timeline has grown beyond the number")
            }
            Some(first) => broken("no events", format!("events, starting with {first}")),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Cuts the number to 32 bits.
        let cursor = lied.cursor_number(request);
        match cursor.filter(|cursor| *cursor >= 1 << 31) {
            Some(_) => lied.ask(&lied.with_cursor(request, None)),
            None => lied.ask(request),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_numbers_wrap_around_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
