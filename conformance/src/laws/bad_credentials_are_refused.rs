//! An invalid token is refused.

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::is_shut_out;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "bad-credentials-are-refused",
    group: Group::Authentication,
    title: "a request with an invalid token, or with a real one that was shortened, lengthened or is of the other \
            case, is answered with 401 or 403, and shows no event",
    why: "a server that does not check the token protects nothing",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        let scheme = credentials::scheme(session.contract())?;
        let (id, _) = draw::longest(session)?;
        let mut bad = credentials::bad(scheme);
        bad.extend(credentials::altered(session, &id, scheme));
        Ok(Cases::Each(credentials::anywhere(session, &id, bad)))
    },
    holds: |session, case| session.stays_hidden(case, &[401, 403]),
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        match lied.as_owner(request) {
            Some(owners) if is_shut_out(&reply) && lied.has_token(request) => lied.ask(&owners),
            _ => Ok(reply),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_does_not_check_the_token_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
