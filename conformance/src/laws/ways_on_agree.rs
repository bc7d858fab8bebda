//! If an answer says twice how to continue, both lead to the same place.

use openapi::{Promise, Reply};

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "ways-on-agree",
    group: Group::Walk,
    title: "if an answer says in two ways how to continue, both lead to the same place",
    why: "one client follows the link, another counts pages, and they read different items",
    level: Level::Must,
    basis: Basis::Inferred("both name the next page"),
    citation: |contract| contract.cite("/x-pagination/next"),
    cases: |session| {
        session.needs(Promise::NextIsSaidTwice)?;
        draw::pages(session, 1, 0).map(Cases::swept)
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        // The URL leads one page too far.
        lied.with_places(request, "next", |text| {
            let number = text.parse::<u64>().map(|number| number + 1);
            number.map_or_else(|_| text.to_owned(), |number| number.to_string())
        })
    },
};

const WATCH: Watch = |contract, exchange| {
    if !exchange.is_ordinary(contract) || !contract.serves(exchange.reply.status) {
        return None;
    }
    let body = exchange.json()?;
    let reply = Reply {
        headers: &exchange.reply.headers,
        body: &body,
    };
    let paging = contract.paging();
    let (one, other) = paging.disagreement(&reply, &exchange.request.page(contract))?;
    let text = |at| {
        let written = paging.write(at).unwrap_or_default();
        let mut texts = written.into_iter().map(|(_, text)| text);
        texts.next().unwrap_or_else(|| "the start".to_owned())
    };
    Some(Breach::of(
        format!("{}, which follows this page", text(&other)),
        format!("{} as the next page", text(&one)),
    ))
};

#[cfg(test)]
mod tests {
    use super::LAW;
    use crate::variants::dialects::caught;

    #[test]
    fn a_server_whose_link_skips_a_page_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }
}
