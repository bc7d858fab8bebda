//! An unknown id gets the answer declared for a missing resource.

use proptest::prelude::*;
use proptest::sample::select;

use crate::draw::{self, hidden, ids};
use crate::law::{Basis, Conduct, Group, Law};
use crate::{Case, Cases, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "unknown-resource-is-404",
    group: Group::MissingResource,
    title: "an id that names nothing is answered with the status that is declared for it, for any query",
    why: "a client that gets an empty page polls for ever, and mistakes a typing error for a quiet resource",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent/missing"),
    cases: |session| {
        hidden::missing_status(session)?;
        let (known, _) = draw::longest(session)?;
        let malformed = select(vec![Case::of(&ids::malformed(session, &known))]);
        let unknown = hidden::unknown(session, &Credentials::Owner)?;
        Ok(Cases::Drawn(
            prop_oneof![7 => unknown, 1 => malformed].boxed(),
        ))
    },
    holds: |session, case| {
        let missing = session.contract().missing_status().unwrap_or(404);
        if ids::is_well_formed(session, &case.resource) {
            return session.stays_hidden(case, &[missing]);
        }
        let mut statuses = vec![missing, 404, 400, 422, session.contract().invalid_status()];
        statuses.dedup();
        session.stays_hidden(case, &statuses)
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let unknown = lied.contract.missing_status() == Some(reply.status)
            && lied.as_owner(request).is_none();
        let empty = lied.empty_page(request, reply.clone());
        let valid = |body| lied.contract.body().is_valid(&body);
        Ok(if unknown && empty.json().is_some_and(valid) {
            empty
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_serves_an_empty_page_for_an_unknown_resource_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_malformed_id_may_be_refused_as_invalid() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = honest.send(request)?;
            if request.path().contains("%21") {
                reply.status = 422;
            }
            Ok(reply)
        });
    }
}
