//! A foreign resource is answered as the contract declares, and shows no event.

use crate::draw::hidden;
use crate::law::{Basis, Conduct, Group, Law};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-resource-is-404",
    group: Group::MissingResource,
    title: "a foreign resource is answered with the status that is declared for it, with no event in the \
            body, for any query",
    why: "the events are another customer's",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent/foreign"),
    cases: |session| {
        hidden::foreign_status(session)?;
        let each = hidden::foreign_anywhere(session)?;
        Ok(Cases::DrawnAndEach(hidden::foreign(session)?, each))
    },
    holds: |session, case| {
        let foreign = session.contract().foreign_status().unwrap_or(404);
        session.stays_hidden(case, &[foreign])
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        Ok(if lied.is_foreign(request, &reply) {
            lied.refuse(reply, 403)
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::lie::Lie;
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Liar, Verdict};

    #[test]
    fn a_server_that_reveals_a_foreign_resource_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_that_shows_foreign_events_is_caught() {
        let shows: Lie = |lied, request| {
            let reply = lied.ask(request)?;
            match lied.as_owner(request) {
                Some(owners) if lied.is_foreign(request, &reply) => lied.ask(&owners),
                _ => Ok(reply),
            }
        };
        for (contract, facts) in contracts() {
            let liar = Liar::new(contract.clone(), shows, honest());
            let Verdict::Broken(found) = verdict(&LAW, &contract, &facts, &liar) else {
                panic!("{} shows events to every caller", contract.name());
            };
            assert!(found.breach.actual.starts_with("status 200"), "{found:?}");
        }
    }
}
