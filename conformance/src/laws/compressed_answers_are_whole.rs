//! A compressed answer can be read to its end, and is the same page.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot, never_occurs};
use crate::session::{Coding, same_items};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "compressed-answers-are-whole",
    group: Group::Shape,
    title: "an answer that is compressed with gzip can be read to its end, and is the page that comes uncompressed",
    why: "most clients ask for compressed answers by themselves, and cannot use one that breaks off",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §8.4.1.3, RFC 1952"),
    citation: |contract| contract.cite("/responses"),
    cases: |session| {
        let (id, _) = draw::longest(session)?;
        let starts = [Some(Case::of(&id)), draw::behind_a_cursor(session, &id)];
        let cases = starts.into_iter().flatten();
        Ok(Cases::Each(
            cases.map(|case| case.header(ASKS.0, ASKS.1)).collect(),
        ))
    },
    holds: |session, case| {
        let plain = Case {
            headers: Vec::new(),
            ..case.clone()
        };
        let before = session.page_or_moot(&session.ask(&plain)?)?;
        let exchange = session.send_case(case)?;
        match &exchange.coding {
            Coding::Plain => return never_occurs("no answer is compressed with gzip"),
            Coding::Broken(reason) => {
                return broken("a body that gzip can read to its end", reason.clone());
            }
            Coding::Gzip => {}
        }
        let page = match session.read(&exchange) {
            Ok(page) => page,
            Err(breach) => return broken("the page, compressed", breach.actual),
        };
        let after = session.page_or_moot(&session.ask(&plain)?)?;
        if before.keys != after.keys {
            return moot("the page changed meanwhile");
        }
        same_items(&before.keys, &page.keys, "the page, compressed")
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Leaves out the end of what it compresses.
        let reply = lied.ask(request)?;
        let asks = request
            .header(ASKS.0)
            .is_some_and(|text| text.contains(ASKS.1));
        Ok(if asks && lied.is_page(&reply) {
            crate::lie::gzipped(reply, |bytes| bytes.truncate(bytes.len() - 8))
        } else {
            reply
        })
    },
};

/// What asks for compressed answers.
const ASKS: (&str, &str) = ("accept-encoding", "gzip");

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::{Lie, gzipped};
    use crate::testing::{contracts, honest, verdict};
    use crate::{Liar, Verdict};

    /// The verdict on the mock behind a proxy that compresses in this way.
    fn found(lie: Lie) -> Vec<Verdict> {
        let judged = contracts().into_iter().map(|(contract, facts)| {
            let server = Liar::new(contract.clone(), lie, honest());
            verdict(&LAW, &contract, &facts, &server)
        });
        judged.collect()
    }

    #[test]
    fn a_server_whose_compressed_bodies_break_off_is_caught() {
        let found = found(LAW.lie);
        assert!(
            found.iter().all(|one| matches!(one, Verdict::Broken(_))),
            "{found:#?}"
        );
    }

    #[test]
    fn a_server_that_compresses_another_page_is_caught() {
        let found = found(|lied, request| {
            let asks = request.header("accept-encoding").is_some();
            let reply = if asks {
                lied.edit_served(request, |items| drop(items.pop()))?
            } else {
                lied.ask(request)?
            };
            Ok(gzipped(reply, |_| {}))
        });
        assert!(
            found.iter().all(|one| matches!(one, Verdict::Broken(_))),
            "{found:#?}"
        );
    }

    #[test]
    fn a_server_that_compresses_each_body_is_upheld() {
        let found = found(|lied, request| Ok(gzipped(lied.ask(request)?, |_| {})));
        assert!(
            found
                .iter()
                .all(|one| matches!(one, Verdict::Upheld { .. })),
            "{found:#?}"
        );
    }

    #[test]
    fn a_server_that_never_compresses_has_nothing_to_judge() {
        let found = found(|lied, request| {
            let reply = lied.ask(request)?;
            Ok(reply)
        });
        let is_silent = |one: &Verdict| matches!(one, Verdict::NotInForce { .. });
        assert!(found.iter().all(is_silent), "{found:#?}");
    }
}
