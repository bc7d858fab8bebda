//! A body is as long as its answer says.

use http::header::{CONTENT_LENGTH, HeaderValue};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "answers-are-whole",
    group: Group::Shape,
    title: "a body has as many bytes as its Content-Length says",
    why: "a client cannot use a body that breaks off, and must ask again until it gets a whole one",
    level: Level::Must,
    basis: Basis::Standard("RFC 9112 §8"),
    citation: |contract| contract.cite("/responses"),
    cases: |session| draw::pages(session, 0, 0).map(Cases::Drawn),
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let mut reply = lied.ask(request)?;
        if reply.status == 200 && !reply.body.is_empty() {
            let longer = HeaderValue::from(reply.body.len() + 1);
            reply.headers.insert(CONTENT_LENGTH, longer);
        }
        Ok(reply)
    },
};

const WATCH: Watch = |_, exchange| {
    let reply = &exchange.reply;
    let whole = reply.body.len() + reply.missing(&exchange.request)?;
    Some(Breach::of(
        format!("{whole} bytes, as Content-Length says"),
        "the body breaks off",
    ))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_whose_bodies_break_off_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
