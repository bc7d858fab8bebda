//! A missing or foreign resource gets the same refusal for every query.

use proptest::strategy::{Strategy as _, Union};

use crate::draw::hidden;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::outcome::{broken, moot, not_in_force};
use crate::session::Ask;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "404-ignores-the-query",
    group: Group::MissingResource,
    title: "a missing or foreign resource gets the same refusal for every valid cursor and limit",
    why: "a server that looks up the cursor before it decides reveals which events exist",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent/checked"),
    cases: |session| {
        hidden::missing_status(session)?;
        hidden::foreign_status(session)?;
        if session
            .contract()
            .pagination()
            .parent
            .as_ref()
            .and_then(|parent| parent.checked)
            .is_none()
        {
            return not_in_force("the contract does not say when the resource is checked");
        }
        let (_, stranger) = session.foreign()?.swap_remove(0);
        let unknown = hidden::unknown(session, &stranger)?;
        let foreign = hidden::foreign(session)?;
        Ok(Cases::Drawn(Union::new([foreign, unknown]).boxed()))
    },
    holds: |session, case| {
        if case.after.is_start() && case.limits.is_empty() {
            return moot("the case has no query to compare");
        }
        let asked = session.ask(case)?;
        let plain = Ask::of(&case.resource).by(case.credentials.clone());
        let Some(found) = session.tell_apart(&plain, &asked)? else {
            return Ok(());
        };
        session.moot_if_invalid(case, session.send_again(&asked)?.reply.status)?;
        broken(found.expected("the plain request"), found.actual())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Reports the number of events that it read before it decided.
        let reply = lied.ask(request)?;
        let owners = lied
            .as_owner(request)
            .filter(|_| lied.is_foreign(request, &reply));
        match (owners, lied.asked(request).cursor) {
            (Some(owners), Some(_)) => {
                let read = lied.ask(&owners)?.json();
                let items = read.as_ref().and_then(|body| lied.contract.items(body));
                let count = items.map_or(0, <[_]>::len).to_string();
                Ok(with_header(reply, "x-events-read", &count))
            }
            _ => Ok(reply),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_reads_events_before_it_decides_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
