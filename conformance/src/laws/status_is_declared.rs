//! The status of every answer is declared by the document.

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "status-is-declared",
    group: Group::Shape,
    title: "every answer's status is one that the document declares",
    why: "a client has no code for a status that the document does not declare",
    level: Level::Info,
    basis: Basis::Document,
    citation: |contract| contract.cite("/responses"),
    cases: |session| {
        if session
            .contract()
            .operation()
            .statuses()
            .any(|one| one == "default")
        {
            return not_in_force("the document declares an answer for every status: `default`");
        }
        let plain = draw::plain(session)?;
        let unasked = plain.clone().send(UNKNOWN, "1");
        Ok(Cases::Each(vec![plain, unasked]))
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        Ok(if request.query().iter().any(|(name, _)| name == UNKNOWN) {
            lied.refuse(reply, 418)
        } else {
            reply
        })
    },
};

/// A parameter that no operation has.
const UNKNOWN: &str = "x-unknown";

const WATCH: Watch = |contract, exchange| {
    let status = exchange.reply.status;
    if !exchange.is_ordinary(contract) || contract.operation().response(status).is_some() {
        return None;
    }
    let declared: Vec<_> = contract.operation().statuses().collect();
    Some(Breach::of(
        format!("one of the statuses {}", declared.join(", ")),
        format!("status {status}"),
    ))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_with_an_undeclared_status_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
