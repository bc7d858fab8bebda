//! An answer without credentials says nothing about resources or parameters.

use crate::draw::{self, credentials, ids, wrong};
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::is_shut_out;
use crate::outcome::{Skip, broken, moot, not_in_force};
use crate::session::Ask;
use crate::{Case, Cases, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "authentication-comes-first",
    group: Group::Authentication,
    title: "without credentials, existing and missing resources, with good and with bad queries, get the \
            same refusal",
    why: "a client without a token must not learn which ids exist",
    level: Level::Should,
    basis: Basis::Inferred("the operation needs credentials on every request"),
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        credentials::scheme(session.contract())?;
        let (id, _) = draw::longest(session)?;
        let own = Case::of(&id).by(Credentials::None);
        let mut cases = Vec::new();
        if session.contract().parent().is_some() {
            cases.push(own.clone().and(ids::unknown(session, &id, 1)));
            let owner = session.facts().resource(&id).map(|own| &own.owner);
            let foreign = session
                .resources()
                .iter()
                .find(|one| Some(&one.owner) != owner);
            cases.extend(foreign.map(|one| own.clone().and(&one.name)));
        }
        match wrong::queries(session) {
            Ok(queries) => cases.extend(queries.into_iter().map(|sent| Case {
                sent,
                ..own.clone()
            })),
            Err(Skip::NotInForce(_)) => {}
            Err(stopped) => return Err(stopped),
        }
        if cases.is_empty() {
            return not_in_force("there is only one request to compare");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let plain = Ask::of(&case.resource).by(Credentials::None);
        let status = session.send_again(&plain)?.reply.status;
        if !matches!(status, 401 | 403) {
            return moot(format!("the answer without credentials is {status}"));
        }
        let resource = case.other.as_ref().unwrap_or(&case.resource).clone();
        let other = session.ask(&Case {
            resource,
            ..case.clone()
        })?;
        match session.tell_apart(&plain, &other)? {
            None => Ok(()),
            Some(found) => broken(found.expected("an existing resource"), found.actual()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let missing = lied.contract.missing_status();
        Ok(if !is_shut_out(&reply) {
            reply
        } else if lied.is_wrong(request) {
            let invalid = lied.contract.invalid_status();
            lied.refuse(reply, invalid)
        } else if lied.as_owner(request).is_none() {
            lied.refuse(reply, missing.unwrap_or(404))
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_looks_up_the_resource_before_it_checks_credentials_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
