//! The latest number never decreases.

use serde_json::Value;

use openapi::Promise;

use crate::Level;
use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;

pub(crate) const LAW: Law = Law {
    id: "latest-never-goes-back",
    group: Group::Growth,
    title: "the latest number never decreases from one answer to the next",
    why: "a client that polls with this number reads events a second time",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/next/cursor"),
    cases: |session| {
        session.needs(Promise::LatestIsSaid)?;
        draw::growing(session)
    },
    holds: |session, case| {
        /// The number of reads. An event is added before each but the first.
        const READS: usize = 4;
        let before = session.before_growth(&case.resource, 0)?;
        let mut last: Option<f64> = None;
        for turn in 0..READS {
            if turn > 0 {
                session.grow(&case.resource, 1, before.keys.len() + turn - 1)?;
            }
            let page = session.page(&session.ask(case)?)?;
            let latest = session.contract().paging().latest();
            let now = latest
                .and_then(|latest| latest.get(&page.body))
                .and_then(Value::as_f64);
            if let (Some(earlier), Some(now)) = (last, now)
                && now < earlier
            {
                return broken(
                    format!("{earlier} or more, as reported before"),
                    now.to_string(),
                );
            }
            last = now.or(last);
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct {
        adds_events: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        // Reports too great a number now and then.
        lied.edit_page(request, |body| {
            if lied.turn % 3 == 1 {
                lied.go_further(body, 1_000_000);
            }
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_latest_goes_back_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
