//! The `Content-Type` of an answer is one that the document declares for its status.

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use openapi::join;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "media-type-is-declared",
    group: Group::Shape,
    title: "the media type of every answer is one that the document declares for that status",
    why: "a client picks its parser by the media type, and has none for an undeclared one",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let page = contract.operation().response(200);
        page.map_or_else(String::new, |page| {
            contract.document().cite(&join(&page.pointer, "content"))
        })
    },
    cases: |session| draw::pages(session, 0, 0).map(Cases::Drawn),
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        let mut reply = lied.ask(request)?;
        if lied.is_page(&reply) {
            let plain = HeaderValue::from_static("text/plain; charset=utf-8");
            reply.headers.insert(CONTENT_TYPE, plain);
        }
        Ok(reply)
    },
};

const WATCH: Watch = |contract, exchange| {
    let reply = &exchange.reply;
    let declared = contract.operation().response(reply.status)?;
    let is_bodiless = declared.media.is_empty() || openapi::has_no_body(reply.status);
    if !exchange.is_ordinary(contract) || is_bodiless {
        return None;
    }
    let sent = reply.header("content-type");
    if sent.is_some_and(|sent| declared.media(sent).is_some()) {
        return None;
    }
    let types = declared.media.iter();
    let types: Vec<_> = types.map(|media| media.media_type.as_str()).collect();
    let sent = sent.map_or("no Content-Type".to_owned(), |sent| {
        format!("Content-Type {sent}")
    });
    let breach = Breach::of(
        format!("Content-Type {}", types.join(" or ")),
        format!("status {}, {sent}", reply.status),
    );
    let content = join(&declared.pointer, "content");
    Some(breach.citing(contract.document().cite(&content)))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::testing::caught;

    #[test]
    fn a_server_that_sends_pages_as_plain_text_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
