//! The latest number does not depend on the cursor.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::session::{Ask, latest};
use crate::{Case, Cases, Level, Stop};

pub(crate) const LAW: Law = Law {
    id: "latest-ignores-the-cursor",
    group: Group::Walk,
    title: "the latest number is the same on every page of the timeline, for any cursor",
    why: "a client that polls at the end would go back to the start",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| {
        session.needs(Promise::LatestIsSaid)?;
        draw::items(session).map(Cases::swept_behind_items)
    },
    holds: |session, case| {
        let plain = session.ask(&Case::of(&case.resource))?;
        let said = |ask: &Ask| -> Result<_, Stop> {
            Ok(latest(session.contract(), &session.page_or_moot(ask)?))
        };
        let before = said(&plain)?;
        let behind = said(&session.ask(case)?)?;
        if behind == before {
            return Ok(());
        }
        let word =
            |latest: Option<i128>| latest.map_or("no number".to_owned(), |one| one.to_string());
        let after = said(&plain)?;
        if after == before {
            return broken(
                format!("{}, as without a cursor", word(before)),
                word(behind),
            );
        }
        if behind > before && behind <= after {
            return Ok(());
        }
        moot("events were added between the requests")
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Reports a number that is too great by one after a cursor.
        let behind = lied.asked(request).cursor.is_some();
        lied.edit_page(request, |body| {
            if let Some(latest) = lied.latest(body).filter(|_| behind) {
                lied.go_as_far_as(body, (latest + 1).into());
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_latest_depends_on_the_cursor_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
