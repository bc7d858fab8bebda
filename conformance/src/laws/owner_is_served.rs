//! The owner's plain request is answered. Every other law depends on this.

use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::broken;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "owner-is-served",
    group: Group::MissingResource,
    title: "the owner's plain request for a resource is answered with 200",
    why: "every other law depends on this: check the token and the ids in the subject file first",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let page = contract.operation().response(200);
        page.map_or_else(String::new, |page| contract.document().cite(&page.pointer))
    },
    cases: |session| {
        Ok(Cases::Each(
            session
                .resources()
                .iter()
                .map(|one| Case::of(&one.name))
                .collect(),
        ))
    },
    holds: |session, case| {
        let status = session.send_case(case)?.reply.status;
        if session.contract().serves(status) {
            Ok(())
        } else {
            broken("status 200", format!("status {status}"))
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let asked = lied.asked(request);
        let plain = asked.cursor.is_none() && asked.limit.is_none();
        Ok(if plain && lied.is_page(&reply) {
            lied.refuse(reply, 404)
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
    fn a_server_that_does_not_know_its_own_resource_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
