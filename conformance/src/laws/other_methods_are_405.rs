//! A method that the document does not declare is refused with 405 or 501.

use crate::draw::{self, methods};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::subject::Request;
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "other-methods-are-405",
    group: Group::Refusal,
    title: "a method that the document does not declare is answered with 405 and an Allow header that names the \
            declared one, or with 501",
    why: "a client learns that the method is wrong and not the resource",
    level: Level::Should,
    basis: Basis::Standard("RFC 9110 §15.5.6, §10.2.1"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        let plain = draw::plain(session)?;
        methods::undeclared(session, &plain.resource).map(Cases::Each)
    },
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        let own = &session.contract().operation().method;
        let expected = format!("status 405 with an Allow header that names {own}");
        let allow = reply.header("allow").unwrap_or_default();
        let mut allowed = allow.split(',').map(str::trim);
        match reply.status {
            501 => Ok(()),
            405 if allowed.any(|method| method == own) => Ok(()),
            405 if allow.is_empty() => broken(expected, "status 405 without an Allow header"),
            405 => broken(expected, format!("status 405 with `Allow: {allow}`")),
            status => broken(expected, format!("status {status}")),
        }
    },
    watch: None,
    conduct: Conduct {
        may_change_data: true,
        ..Conduct::READS
    },
    lie: |lied, request| {
        if request.method != "PUT" {
            return lied.ask(request);
        }
        let method = lied.contract.operation().method.clone();
        lied.ask(&Request {
            method,
            ..request.clone()
        })
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_answers_put_as_the_declared_method_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
