//! A foreign resource cannot be distinguished from a missing one.

use crate::draw::{hidden, ids};
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::outcome::broken;
use crate::session::Ask;
use crate::{Case, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "foreign-and-unknown-look-alike",
    group: Group::MissingResource,
    title: "a foreign resource and a missing one get the same refusal: status, headers \
            and body, except for the id and for values that vary from answer to answer",
    why: "a client that can distinguish them learns which ids exist, and which customers are active",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| contract.cite("/x-pagination/parent"),
    cases: |session| {
        let (missing, foreign) = (
            hidden::missing_status(session)?,
            hidden::foreign_status(session)?,
        );
        if missing != foreign {
            return crate::outcome::not_in_force("the contract declares two different answers");
        }
        let pair = |case: Case| {
            let unknown = ids::unknown(session, &case.resource, 1);
            case.and(unknown)
        };
        Ok(Cases::Each(
            hidden::foreign_cases(session)?
                .into_iter()
                .map(pair)
                .collect(),
        ))
    },
    holds: |session, case| {
        let foreign = session.ask(case)?;
        let unknown =
            Ask::of(case.other.as_deref().unwrap_or_default()).by(case.credentials.clone());
        match session.tell_apart(&unknown, &foreign)? {
            None => Ok(()),
            Some(found) => broken(found.expected("an unknown id"), found.actual()),
        }
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        Ok(if lied.is_foreign(request, &reply) {
            with_header(reply, "x-owner", "another customer")
        } else {
            reply
        })
    },
};

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::LAW;
    use crate::lie::with_header;
    use crate::subject::{Reply, Request};
    use crate::testing::{caught, tolerated};

    #[test]
    fn a_server_that_names_the_owner_in_a_header_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn values_that_vary_or_repeat_the_request_are_no_difference() {
        let turns = AtomicU64::new(0);
        tolerated(&LAW, |_, honest, request| {
            let reply = honest.send(request)?;
            let turn = turns.fetch_add(1, Ordering::Relaxed);
            let replica = if turn.is_multiple_of(2) { "a" } else { "b" };
            let reply = with_header(reply, "x-answer", &turn.to_string());
            let reply = with_header(reply, "x-replica", replica);
            let reply = with_header(reply, "content-location", request.path());
            Ok(if reply.status == 404 {
                wordy(reply, request, turn)
            } else {
                reply
            })
        });
    }

    fn wordy(reply: Reply, request: &Request, turn: u64) -> Reply {
        let body = serde_json::json!({
            "title": "not found",
            "instance": request.target,
            "timestamp": turn / 2,
        });
        reply.with_json(&body)
    }
}
