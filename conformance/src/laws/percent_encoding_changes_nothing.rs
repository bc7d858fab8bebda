//! An id names the same resource in any encoding.

use std::fmt::Write as _;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{Stop, not_in_force};
use crate::session::{Ask, Exchange};
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "percent-encoding-changes-nothing",
    group: Group::Refusal,
    title: "an id whose unreserved characters are percent-encoded gets the same answer as the plain id",
    why: "clients and proxies may encode any character, and still mean the same resource",
    level: Level::Should,
    basis: Basis::Standard("RFC 3986 §6.2.2.2"),
    citation: |contract| contract.document().cite(&contract.operation().pointer),
    cases: |session| {
        if session.contract().parent().is_none() {
            return not_in_force("the path has no id of a resource");
        }
        let (name, _) = draw::shortest(session, 1)?;
        let id = session.id_of(&name);
        let first = id.chars().next().map_or(0, char::len_utf8);
        let spelled = [
            encoded(&id[..first]) + &id[first..],
            encoded(&id),
            encoded(&id).to_ascii_lowercase(),
        ];
        let plain = |id: &str| {
            id.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        };
        if !plain(&id) {
            return not_in_force("the ids hold characters that are always encoded");
        }
        Ok(Cases::Each(
            spelled
                .map(|spelled| Case::of(&name).spelled(spelled))
                .into(),
        ))
    },
    holds: |session, case| {
        let plain = Ask::of(&case.resource);
        let outcome = session.same_page(&plain, &session.ask(case)?);
        // A server may answer one spelling only, and lead from the others to it.
        let redirects = |one: &Exchange| {
            matches!(one.reply.status, 301 | 302 | 307 | 308)
                && one.reply.header("location").is_some()
        };
        match outcome {
            Err(Stop::Breach(_)) if session.transcript().iter().any(redirects) => {
                let reason = "the server redirects from other spellings of an id to its own";
                Err(Stop::NotInForce(reason.to_owned()))
            }
            outcome => outcome,
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let usual = lied.usual_path(request);
        let missing = lied.contract.missing_status();
        let reply = lied.ask(request)?;
        let unusual = usual != request.path() && lied.is_page(&reply);
        Ok(if unusual {
            lied.refuse(reply, missing.unwrap_or(404))
        } else {
            reply
        })
    },
};

/// Every byte percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        let _ = write!(encoded, "%{byte:02X}");
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_compares_ids_as_they_are_sent_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
