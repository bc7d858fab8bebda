//! A request without credentials gets no events.

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::is_shut_out;
use crate::{Cases, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "credentials-are-required",
    group: Group::Authentication,
    title: "a request without credentials, with those of another scheme, or with the scheme's name alone is \
            answered with 401 or 403, and shows no event",
    why: "the events belong to the owner and are not public",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        let scheme = credentials::scheme(session.contract())?;
        let (id, _) = draw::longest(session)?;
        Ok(Cases::Each(credentials::anywhere(
            session,
            &id,
            credentials::none(scheme),
        )))
    },
    holds: |session, case| match case.credentials {
        Credentials::None => session.stays_hidden(case, &[401, 403]),
        // RFC 6750 §3.1 answers a malformed header with 400.
        _ => session.stays_hidden(case, &[401, 403, 400]),
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        match lied.as_owner(request) {
            Some(owners) if is_shut_out(&reply) && !lied.has_token(request) => lied.ask(&owners),
            _ => Ok(reply),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_serves_without_credentials_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn missing_credentials_may_be_refused_with_403() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = honest.send(request)?;
            if reply.status == 401 {
                reply.status = 403;
            }
            Ok(reply)
        });
    }
}
