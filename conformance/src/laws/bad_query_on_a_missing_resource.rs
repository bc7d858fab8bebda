//! A bad query does not reveal whether a resource exists.

use crate::Credentials;
use crate::draw::{self, hidden, ids, wrong};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Skip, broken};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "bad-query-on-a-missing-resource",
    group: Group::MissingResource,
    title: "a bad query gets the same refusal for an unknown and for a foreign resource: both as missing, or both as \
            invalid",
    why: "a refusal that depends on whether the resource exists reveals that it does",
    level: Level::Must,
    basis: Basis::Inferred(
        "a missing and a foreign resource have one answer, a bad query has another; which is checked \
                            first is open",
    ),
    citation: |contract| contract.cite("/x-pagination/parent"),
    cases: |session| {
        hidden::missing_status(session)?;
        let queries = wrong::queries(session)?;
        let foreign = match hidden::foreign_cases(session) {
            Ok(cases) => cases.into_iter().next(),
            Err(Skip::NotInForce(_)) => None,
            Err(stopped) => return Err(stopped),
        };
        let (known, _) = draw::longest(session)?;
        let unknown = Case {
            credentials: foreign
                .as_ref()
                .map_or(Credentials::Owner, |case| case.credentials.clone()),
            other: foreign.map(|case| case.resource),
            ..Case::of(&ids::unknown(session, &known, 1))
        };
        let case = |sent| Case {
            sent,
            ..unknown.clone()
        };
        Ok(Cases::Each(queries.into_iter().map(case).collect()))
    },
    holds: |session, case| {
        let invalid = session.contract().invalid();
        let missing = session.contract().missing_status().unwrap_or(404);
        let foreign = session.contract().foreign_status().unwrap_or(missing);
        let unknown = session.send_case(case)?.reply.status;
        if unknown != missing && !invalid.allows(unknown) {
            return broken(
                format!("status {missing} or {invalid}"),
                format!("status {unknown}"),
            );
        }
        session.note(format!(
            "a bad query for an unknown resource is answered with {unknown}"
        ));
        let Some(other) = case.other.clone() else {
            return Ok(());
        };
        let wanted = if unknown == missing { foreign } else { unknown };
        let status = session
            .send_case(&Case {
                resource: other,
                ..case.clone()
            })?
            .reply
            .status;
        if status == wanted {
            return Ok(());
        }
        broken(
            format!("status {wanted}: an unknown resource is refused with {unknown}"),
            format!("status {status} for a foreign resource"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let missing = lied.contract.missing_status();
        let is_missing =
            lied.is_wrong(request) && Some(lied.ask(&lied.plain(request))?.status) == missing;
        Ok(if is_missing {
            lied.empty_page(request, reply)
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
    fn a_server_that_serves_a_missing_resource_when_the_query_is_bad_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn the_resource_may_be_checked_before_the_query() {
        tolerated(&LAW, |_, honest, request| {
            let plain = honest.send(&request.with_query(&[]))?;
            if plain.status == 404 {
                Ok(plain)
            } else {
                honest.send(request)
            }
        });
    }
}
