//! A 401 has a challenge that says how to authenticate.

use openapi::Scheme;

use crate::draw::{self, credentials};
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, moot};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "401-carries-a-challenge",
    group: Group::Authentication,
    title: "a 401 has a WWW-Authenticate header that names the scheme",
    why: "HTTP libraries need it to decide whether and how to repeat the request",
    level: Level::Should,
    basis: Basis::Standard("RFC 9110 §11.6.1, RFC 6750 §3"),
    citation: |contract| contract.cite("/security"),
    cases: |session| {
        let scheme = credentials::scheme(session.contract())?;
        let (id, _) = draw::longest(session)?;
        let without = credentials::none(scheme).into_iter().take(1);
        let bad = credentials::bad(scheme).into_iter().take(1);
        Ok(Cases::Each(credentials::cases(
            &id,
            without.chain(bad).collect(),
        )))
    },
    holds: |session, case| {
        let reply = session.send_case(case)?.reply;
        if reply.status != 401 {
            return moot(format!("the answer is {}, not 401", reply.status));
        }
        let challenges: Vec<_> = reply
            .headers
            .get_all("www-authenticate")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let challenges = challenges.join(", ");
        let names = |word: &str| {
            challenges
                .to_ascii_lowercase()
                .contains(&word.to_ascii_lowercase())
        };
        match credentials::scheme(session.contract()) {
            Ok(scheme @ Scheme::Http(_)) if !names(&scheme.word()) => broken(
                format!("a WWW-Authenticate header that names {}", scheme.word()),
                if challenges.is_empty() {
                    "none".to_owned()
                } else {
                    format!("`{challenges}`")
                },
            ),
            _ if challenges.is_empty() => broken("a WWW-Authenticate header", "none"),
            _ => Ok(()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let mut reply = lied.ask(request)?;
        reply.headers.remove("www-authenticate");
        Ok(reply)
    },
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_sends_no_challenge_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
