//! The remaining count is the number of items behind the page.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::End;
use crate::{Cases, Level};

/// The greatest number of pages to read to the end.
const PAGES: usize = 40;

pub(crate) const LAW: Law = Law {
    id: "remaining-counts-what-follows",
    group: Group::Envelope,
    title: "the remaining count is the number of items behind the page, and goes down by each page's items",
    why: "a client that shows its progress, or plans its reads, never comes to the end that it was told",
    level: Level::Must,
    basis: Basis::Inferred("a remaining count counts the items behind its page"),
    citation: |contract| contract.cite("/x-pagination/totals/remaining"),
    cases: |session| {
        session.needs(Promise::RemainingIsSaid)?;
        draw::walks(session).map(Cases::swept)
    },
    holds: |session, case| {
        let walk = session.walk(case, PAGES)?;
        let mut follow = 0;
        let mut is_known = walk.end == End::Last;
        for (number, page) in walk.pages.iter().enumerate().rev() {
            let said = page.info.totals.remaining;
            if let Some(said) = said
                && is_known
                && said != follow
            {
                let again = session.walk(case, PAGES)?;
                if again.keys() != walk.keys() {
                    return moot("the list changed meanwhile");
                }
                let expected = format!("{follow} items behind page {}", number + 1);
                return broken(expected, said.to_string());
            }
            // Behind the last page that was read, the server's own count is the measure.
            if !is_known && let Some(said) = said {
                (follow, is_known) = (said, true);
            }
            follow += page.keys.len() as u64;
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Counts the items of the page as remaining, too.
        let reply = lied.ask(request)?;
        let items = lied.count(&reply);
        Ok(lied.with_totals(reply, |totals| {
            totals.remaining = totals.remaining.map(|remaining| remaining + items);
        }))
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_that_counts_the_page_as_remaining_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
