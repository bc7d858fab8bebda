//! A page with new events has another entity tag.

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, never_occurs};
use crate::{After, Case, Level, draw};

pub(crate) const LAW: Law = Law {
    id: "validators-change-with-the-page",
    group: Group::Growth,
    title: "a page with a new event has another entity tag, and a request with the old tag gets the new page",
    why: "a client that polls with the tag that it was given never sees the new events",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §8.8.3, §13.1.2"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: draw::growing,
    holds: |session, case| {
        let id = &case.resource;
        let before = session.before_growth(id, 0)?;
        // A new event shows on the page at the end of the list, or on the first one.
        let known = session.listing(id)?.keys.len();
        let end = known.checked_sub(2).map_or(After::Start, After::Item);
        let end = session.reach().fit(Case::of(id).after(end));
        let mut pages = Vec::new();
        for start in [end, Case::of(id)] {
            let ask = session.ask(&start)?;
            let exchange = session.send(&ask)?;
            let page = session.read_or_moot(&exchange)?;
            if let Some(tag) = exchange.reply.header("etag") {
                pages.push((ask, page, tag.to_owned()));
            }
        }
        if pages.is_empty() {
            return never_occurs("no page has an entity tag");
        }
        session.grow(id, 1, before.keys.len())?;
        let grown = session.grown(id, before.keys.len() + 1)?;
        session.all_show(id, &grown, before.keys.len() + 1)?;
        for (ask, page, tag) in pages {
            let again = session.send(&ask.clone().header("if-none-match", &tag))?;
            let plain = session.send(&ask)?;
            let now = session.read_or_moot(&plain)?;
            if now.keys == page.keys {
                continue;
            }
            // The list may have changed between the two requests, so the old tag is sent once more.
            let asked_again = || session.send(&ask.clone().header("if-none-match", &tag));
            if again.reply.status == 304 && asked_again()?.reply.status == 304 {
                return broken("the page with the new event", "status 304");
            }
            if plain.reply.header("etag") == Some(tag.as_str()) {
                return broken(
                    "another entity tag for the page with the new event",
                    format!("{tag} again"),
                );
            }
            return Ok(());
        }
        never_occurs("no page with an entity tag that was read shows a new event")
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Has one tag for all pages at all times.
        let reply = lied.ask(request)?;
        if !lied.is_page(&reply) {
            return Ok(reply);
        }
        let mut reply = crate::lie::with_header(reply, "etag", TAG);
        if request.header("if-none-match") == Some(TAG) {
            reply.status = 304;
            reply.body.clear();
            reply.headers.remove(http::header::CONTENT_LENGTH);
        }
        Ok(reply)
    },
};

/// The tag of the liar.
const TAG: &str = "\"1\"";

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::{Lie, with_header};
    use crate::testing::{contracts, hooked, verdict};
    use crate::{Liar, Verdict};

    /// The verdicts on the mock, seen through this lie, whose events a hook adds.
    fn found(lie: Lie) -> Vec<Verdict> {
        let judged = contracts().into_iter().map(|(contract, facts)| {
            let (honest, hooks) = hooked(facts.hooks());
            let server = Liar::new(contract.clone(), lie, honest);
            verdict(&LAW, &contract, &facts.with_hooks(hooks), &server)
        });
        judged.collect()
    }

    #[test]
    fn a_server_with_one_tag_for_all_times_is_caught() {
        let found = found(LAW.lie);
        let is_caught = |one: &Verdict| matches!(one, Verdict::Broken(_));
        assert!(found.iter().all(is_caught), "{found:#?}");
    }

    #[test]
    fn a_server_whose_tags_are_made_of_the_body_is_upheld() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            let sum = reply.body.iter().fold(7_u64, |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
            });
            let tag = format!("\"{sum:x}\"");
            let mut reply = with_header(reply, "etag", &tag);
            if request.header("if-none-match") == Some(tag.as_str()) {
                reply.status = 304;
                reply.body.clear();
            }
            Ok(reply)
        });
        let is_upheld = |one: &Verdict| matches!(one, Verdict::Upheld { .. });
        assert!(found.iter().all(is_upheld), "{found:#?}");
    }

    #[test]
    fn pages_without_tags_leave_nothing_to_judge() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            Ok(reply)
        });
        let is_silent = |one: &Verdict| matches!(one, Verdict::NotInForce { .. });
        assert!(found.iter().all(is_silent), "{found:#?}");
    }
}
