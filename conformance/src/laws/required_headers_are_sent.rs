//! Every answer has the headers that the document requires of its status.

use openapi::{Contract, Parameter, Response};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "required-headers-are-sent",
    group: Group::Shape,
    title: "every answer has the headers that the document requires of its status, with values of their schemas",
    why: "a client reads a required header without a second way for answers that lack it",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let mut required = required(contract);
        required.next().map_or_else(String::new, |header| {
            contract.document().cite(&header.pointer)
        })
    },
    cases: |session| {
        if required(session.contract()).next().is_none() {
            return not_in_force("the document requires no header of an answer");
        }
        draw::pages(session, 0, 0).map(Cases::Drawn)
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let mut reply = lied.ask(request)?;
        let declared = lied.contract.operation().response(reply.status);
        for header in declared.into_iter().flat_map(Response::required_headers) {
            reply.headers.remove(&header.name);
        }
        Ok(reply)
    },
};

/// The headers that some answer must have.
fn required(contract: &Contract) -> impl Iterator<Item = &Parameter> {
    contract.operation().required_headers()
}

const WATCH: Watch = |contract, exchange| {
    let reply = &exchange.reply;
    let declared = contract.operation().response(reply.status)?;
    if declared.headers.is_empty() || !exchange.is_ordinary(contract) {
        return None;
    }
    let breach = declared
        .header_breaches(&reply.headers)
        .into_iter()
        .next()?;
    let expected = format!("the header {}, as declared", breach.name);
    let actual = format!("status {}: {}", reply.status, breach.message);
    Some(Breach::of(expected, actual).citing(contract.document().cite(&breach.pointer)))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::declared::caught;

    #[test]
    fn a_server_without_required_headers_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
