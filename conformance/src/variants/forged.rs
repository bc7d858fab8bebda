//! Changed tokens in every dialect that has tokens: in the query, a header, a form or a body, beside items, and in URLs
//! that a client follows.

use openapi::Promise;

use super::dialects::{made_up, mock};
use super::{answers, beside, carried, dialects, plain, requests};
use crate::lie::{Lie, Lied};
use crate::testing::verdict;
use crate::{Liar, Lost, Reply, Request, Verdict, catalogue};

/// The documents of all dialects, by name.
fn documents() -> Vec<(String, String)> {
    let numbered = dialects::ALL.iter().enumerate();
    let numbered = numbered.map(|(at, text)| (format!("dialect {at}"), (*text).to_owned()));
    let named = requests::ALL.iter().chain(&answers::ALL);
    let named = named.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let more = [("carried", carried::CARRIED), ("beside", beside::BESIDE)];
    let more = more.map(|(name, text)| (format!("{name} by tokens"), text.to_owned()));
    numbered
        .chain(named)
        .chain(more)
        .chain(plain::documents())
        .collect()
}

/// Whether the honest server does not know a token that was sent.
fn is_forged(lied: &Lied<'_>, request: &Request, reply: &Reply) -> bool {
    let sent = lied.asked(request).cursor.is_some();
    sent && (!lied.is_page(reply) || lied.is_empty(reply))
}

/// Breaks down at a token that it does not know.
fn failing(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let mut reply = lied.ask(request)?;
    if is_forged(lied, request, &reply) {
        reply.status = 500;
    }
    Ok(reply)
}

/// Refuses a token that it does not know.
fn refusing(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let mut reply = lied.ask(request)?;
    if is_forged(lied, request, &reply) {
        reply.status = 400;
        reply.body = bytes::Bytes::from_static(b"{}");
    }
    Ok(reply)
}

#[test]
fn a_changed_token_never_restarts_and_breaks_no_server_in_any_dialect() {
    let law = catalogue::law("forged-token-never-restarts").unwrap();
    let mut with_tokens = Vec::new();
    for (name, document) in documents() {
        let found = |lie: Lie| {
            let (contract, facts, honest) = mock(&document, &made_up());
            verdict(
                law,
                &contract,
                &facts,
                &Liar::new(contract.clone(), lie, honest),
            )
        };
        let (contract, facts, honest) = mock(&document, &made_up());
        let honest = verdict(law, &contract, &facts, &honest);
        let paging = contract.paging();
        let follows =
            paging.promises(Promise::UrlsAreSaid) && !paging.promises(Promise::RequestsNamePlaces);
        if !follows && !paging.promises(Promise::TokensAreHandedOut) {
            assert!(
                matches!(honest, Verdict::NotInForce { .. }),
                "{name}: {honest:#?}"
            );
            continue;
        }
        assert!(
            matches!(honest, Verdict::Upheld { .. }),
            "{name}: {honest:#?}"
        );
        let twin = found(refusing);
        assert!(matches!(twin, Verdict::Upheld { .. }), "{name}: {twin:#?}");
        for lie in [law.lie, failing] {
            let liar = found(lie);
            assert!(matches!(liar, Verdict::Broken(_)), "{name}: {liar:#?}");
        }
        with_tokens.push(name);
    }
    let expect = [
        "dialect 0",
        "dialect 2",
        "tokens",
        "sorted",
        "header",
        "form",
        "carried",
        "followed",
        "remaining",
        "done",
        "edges",
        "carried by tokens",
        "beside by tokens",
        "/people",
        "/api/v1/pods",
        "/users",
        "/endpoints",
        "/files",
    ];
    assert_eq!(with_tokens, expect);
}
