//! A page beyond the end of a list has no items.

use openapi::{Position, Promise};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, not_in_force};
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "beyond-the-end-is-empty",
    group: Group::Cursor,
    title: "a place beyond the end gets a page without items, or a refusal",
    why: "a client that counts on goes round in circles, because no page is the last",
    level: Level::Must,
    basis: Basis::Inferred("no item lies there"),
    citation: |contract| contract.cite("/x-pagination/request"),
    cases: |session| {
        let paging = session.contract().paging();
        if !paging.promises(Promise::ItemsAreSkipped) && !paging.promises(Promise::PagesAreNumbered)
        {
            return not_in_force("a request does not count the items before its page");
        }
        let mut cases = Vec::new();
        for (id, items) in draw::resources(session, 1)? {
            if !session.listing(&id)?.complete {
                continue;
            }
            for beyond in [0, 1, 1_000, 1 << 31, 1 << 53] {
                let place = items as u64 + beyond;
                let places = [Position::Skip(place), Position::Page(place)];
                let texts = places.iter().filter_map(|at| paging.write(at)).flatten();
                let taken = texts.filter(|(parameter, text)| parameter.read(text).is_ok());
                cases.extend(taken.map(|(_, text)| Case::of(&id).after(After::Cursor(text))));
            }
        }
        if cases.is_empty() {
            return not_in_force("no list was read to its end");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let exchange = session.send_case(case)?;
        let status = exchange.reply.status;
        if (400..500).contains(&status) {
            session.note(format!(
                "a place beyond the end is answered with status {status}"
            ));
            return Ok(());
        }
        if !session.contract().serves(status) {
            return broken("a page without items", format!("status {status}"));
        }
        let page = session.read_or_moot(&exchange)?;
        let listing = session.listing_of(case)?;
        match page.keys.iter().find(|key| listing.keys.contains(key)) {
            Some(key) => broken("a page without items", format!("a page with {key}")),
            None if page.keys.is_empty() => Ok(()),
            None => moot("the list grew meanwhile"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves the first page for want of another.
        let reply = lied.ask(request)?;
        let counts = matches!(
            lied.asked(request).at,
            Position::Skip(_) | Position::Page(_)
        );
        if counts && (lied.is_empty(&reply) || reply.status == 416) {
            return lied.ask(&lied.at(request, &Position::Start));
        }
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::requests::caught;

    #[test]
    fn a_server_that_begins_again_beyond_the_end_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
