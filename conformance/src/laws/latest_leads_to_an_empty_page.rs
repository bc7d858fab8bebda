//! The page after the latest number is empty.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::latest;
use crate::{After, Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "latest-leads-to-an-empty-page",
    group: Group::Walk,
    title: "no event follows the latest number that a page reports, unless one is added",
    why: "clients poll with it, and would see old events again",
    level: Level::Should,
    basis: Basis::Inferred("no event has a greater number"),
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| {
        session.needs(Promise::LatestIsSaid)?;
        draw::each_resource(session, 0).map(Cases::Each)
    },
    holds: |session, case| {
        let plain = session.ask(case)?;
        let before = session.page_or_moot(&plain)?;
        let Some(latest) = latest(session.contract(), &before) else {
            return moot("the page names no number");
        };
        let end = Case::of(&case.resource).after(After::Cursor(latest.to_string()));
        let page = session.page(&session.ask(&end)?)?;
        if page.keys.is_empty() {
            return Ok(());
        }
        let after = session.page_or_moot(&plain)?.keys;
        let odd = |key: &&String| before.keys.contains(key) || !after.contains(key);
        match page.keys.iter().find(odd) {
            Some(odd) => broken(format!("no events after {latest}"), format!("event {odd}")),
            None => moot("events were added between the requests"),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let items = lied.whole(request)?.unwrap_or_default();
        let plain = lied.with_cursor(request, None);
        let body = lied.ask(&plain)?.json().unwrap_or_default();
        let latest = lied.latest(&body).map(|latest| latest.to_string());
        let asked = lied.asked(request).cursor;
        lied.edit_served(request, |served| {
            if asked.is_some() && asked == latest {
                served.extend(items.last().cloned());
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_serves_the_last_event_again_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
