//! An empty limit and a repeated limit get a declared answer.

use openapi::Location;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::{broken, not_in_force};
use crate::{Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "empty-or-repeated-limit-is-handled",
    group: Group::Limit,
    title: "an empty limit and a limit that is sent twice get an answer that the document declares",
    why: "forms and proxies make such requests, and a server error hides the cause",
    level: Level::Info,
    basis: Basis::Inferred("the document declares every answer"),
    citation: draw::cite_limit,
    cases: |session| {
        let Some(limit) = session.contract().limit() else {
            return not_in_force("the operation has no limit");
        };
        if limit.location != Location::Query {
            return not_in_force("the limit is not in the query, where a name may stand twice");
        }
        let accepted = draw::accepted(session)?;
        let (least, most) = (accepted.start.to_string(), (accepted.end - 1).to_string());
        let plain = draw::plain(session)?;
        Ok(Cases::Each(vec![
            plain.clone().send(&limit.name, ""),
            plain.send(&limit.name, least).send(&limit.name, most),
        ]))
    },
    holds: |session, case| {
        let status = session.send_case(case)?.reply.status;
        let how = if case.sent.len() > 1 {
            "repeated"
        } else {
            "empty"
        };
        session.note(format!("status {status} for a limit that is {how}"));
        if status < 500 && session.contract().operation().response(status).is_some() {
            return Ok(());
        }
        broken(
            "an answer that the document declares",
            format!("status {status}"),
        )
    },
    watch: None,
    conduct: Conduct::READS,
    lie: |lied, request| {
        let reply = lied.ask(request)?;
        let query = request.query();
        let limits = query.iter().filter(|(name, _)| {
            lied.contract
                .limit()
                .is_some_and(|limit| limit.name == *name)
        });
        Ok(if limits.count() > 1 {
            lied.refuse(reply, 500)
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
    fn a_server_that_fails_at_a_second_limit_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
