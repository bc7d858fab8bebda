//! The scheme's name is accepted in any case.

use openapi::Scheme;

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::session::Ask;
use crate::{Cases, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "scheme-is-case-insensitive",
    group: Group::Authentication,
    title: "the name of the scheme is accepted in lower and in upper case",
    why: "some HTTP libraries send it in lower case",
    level: Level::Info,
    basis: Basis::Standard("RFC 9110 §11.1"),
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        let Scheme::Http(name) = credentials::scheme(session.contract())? else {
            return not_in_force("the credentials have no scheme name");
        };
        let id = draw::plain(session)?.resource;
        let spelled =
            [name.to_ascii_lowercase(), name.to_ascii_uppercase()].map(Credentials::Scheme);
        Ok(Cases::Each(credentials::cases(&id, spelled.into())))
    },
    holds: |session, case| {
        session.page_or_moot(&Ask::of(&case.resource))?;
        let status = session.send_case(case)?.reply.status;
        if session.contract().serves(status) {
            return Ok(());
        }
        broken(
            "status 200, as for the usual spelling",
            format!("status {status}"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let usual = lied
            .contract
            .operation()
            .security
            .iter()
            .flatten()
            .map(Scheme::word)
            .next();
        let sent = request
            .header("authorization")
            .and_then(|header| header.split(' ').next());
        let unusual = sent != usual.as_deref() && lied.is_page(&reply);
        Ok(if unusual {
            lied.refuse(reply, 401)
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
    fn a_server_that_accepts_one_spelling_only_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
