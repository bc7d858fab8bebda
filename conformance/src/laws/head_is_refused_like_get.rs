//! HEAD is refused wherever GET is.

use crate::draw::{self, credentials, hidden, ids};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Skip, broken, not_in_force};
use crate::subject::Request;
use crate::{Case, Cases, Credentials, Level};

pub(crate) const LAW: Law = Law {
    id: "head-is-refused-like-get",
    group: Group::Authentication,
    title: "a HEAD request that GET would refuse, because of its caller or of its resource, is not served",
    why: "headers tell that a resource exists, how long it is and when it changed",
    level: Level::Must,
    basis: Basis::Standard("RFC 9110 §9.3.2"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        if session.contract().operation().method != "GET" {
            return not_in_force("the operation is not a GET");
        }
        let (id, _) = draw::longest(session)?;
        let mut cases = Vec::new();
        if let Ok(scheme) = credentials::scheme(session.contract()) {
            cases.push(Case::of(&id).by(Credentials::None));
            cases.extend(
                credentials::cases(&id, credentials::bad(scheme))
                    .into_iter()
                    .take(1),
            );
        }
        if session.contract().parent().is_some() {
            cases.push(Case::of(&ids::unknown(session, &id, 1)));
        }
        match hidden::foreign_cases(session) {
            Ok(foreign) => cases.extend(foreign),
            Err(Skip::NotInForce(_)) => {}
            Err(stopped) => return Err(stopped),
        }
        if cases.is_empty() {
            return not_in_force("every request is served");
        }
        Ok(Cases::Each(cases))
    },
    holds: |session, case| {
        let get = session.send_case(case)?.reply.status;
        if !matches!(get, 401 | 403 | 404) {
            return session.not_refused(case, format!("GET is answered with {get}"));
        }
        let head = session
            .send_case(&case.clone().method("HEAD"))?
            .reply
            .status;
        if (200..300).contains(&head) {
            return broken(
                format!("a refusal, as GET has {get}"),
                format!("status {head}"),
            );
        }
        Ok(())
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Serves the headers of the owner's page to everybody.
        let reply = lied.ask(request)?;
        let owners = lied
            .as_owner(request)
            .filter(|_| request.method == "HEAD" && reply.status >= 400);
        match owners {
            Some(owners) => lied.ask(&Request {
                method: "HEAD".to_owned(),
                ..owners
            }),
            None => Ok(reply),
        }
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_checks_callers_of_get_only_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_server_need_not_support_head() {
        tolerated(&LAW, |_, honest, request| {
            let mut reply = honest.send(request)?;
            if request.method == "HEAD" {
                reply.status = 405;
            }
            Ok(reply)
        });
    }
}
