//! `Link` headers can be read.

use openapi::Promise;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::lie::with_header;
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "link-headers-are-well-formed",
    group: Group::Envelope,
    title: "every `Link` header is a list of URLs in angle brackets, each with a relation",
    why: "a client does not find the next page, or takes another URL for it",
    level: Level::Must,
    basis: Basis::Standard("RFC 8288, 3"),
    citation: |contract| contract.cite("/x-pagination/next/link"),
    cases: |session| {
        session.needs(Promise::LinksAreSaid)?;
        draw::pages(session, 1, 0).map(Cases::Drawn)
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // Leaves the semicolon between the URL and its relation out.
        let reply = lied.ask(request)?;
        let Some(link) = reply.header("link").map(|link| link.replace(">;", ">")) else {
            return Ok(reply);
        };
        Ok(with_header(reply, "link", &link))
    },
};

const WATCH: Watch = |contract, exchange| {
    if !exchange.is_ordinary(contract) || exchange.reply.status != 200 {
        return None;
    }
    let wrong = contract.paging().wrong_links(&exchange.reply.headers)?;
    Some(Breach::of("links as in RFC 8288, 3", wrong))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::answers::caught;

    #[test]
    fn a_server_whose_links_have_no_semicolon_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
