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
        let mut each = hidden::foreign_anywhere(session)?;
        each.extend(hidden::foreign_on_conditions(session)?);
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
    use crate::lie::{Lie, Lied, with_header};
    use crate::testing::{caught, contracts, honest, verdict};
    use crate::{Liar, Lost, Reply, Request, Verdict};

    #[test]
    fn a_server_that_reveals_a_foreign_resource_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    /// The honest answer, where an owner's page has an entity tag, and a request with the tag is answered with 304; and
    /// whether the request asks for a resource of another owner.
    fn tagged(lied: &Lied<'_>, request: &Request) -> Result<(Reply, bool), Lost> {
        const TAG: &str = "\"own\"";
        let reply = lied.ask(request)?;
        let mut reply = if lied.is_page(&reply) {
            with_header(reply, "etag", TAG)
        } else {
            reply
        };
        let is_known = request.header("if-none-match") == Some(TAG);
        let is_foreign = lied.is_foreign(request, &reply);
        if is_known && lied.is_page(&reply) {
            reply.status = 304;
            reply.body = bytes::Bytes::new();
        }
        Ok((reply, is_known && is_foreign))
    }

    #[test]
    fn a_server_that_confirms_a_foreign_page_is_caught_and_one_that_confirms_the_own_is_not() {
        let own: Lie = |lied, request| Ok(tagged(lied, request)?.0);
        // It compares tags before it looks at the owner.
        let foreign: Lie = |lied, request| {
            let (mut reply, is_known) = tagged(lied, request)?;
            if is_known {
                reply.status = 304;
                reply.body = bytes::Bytes::new();
            }
            Ok(reply)
        };
        for (contract, facts) in contracts() {
            let found = |lie| {
                let liar = Liar::new(contract.clone(), lie, honest());
                verdict(&LAW, &contract, &facts, &liar)
            };
            let (twin, liar) = (found(own), found(foreign));
            assert!(matches!(twin, Verdict::Upheld { .. }), "{twin:#?}");
            assert!(matches!(liar, Verdict::Broken(_)), "{liar:#?}");
        }
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
