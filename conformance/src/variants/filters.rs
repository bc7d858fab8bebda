//! A server that filters: the laws about filters uphold it, and catch their liars.

use openapi::{Document, Source};
use serde_json::json;

use crate::testing::{described, verdict};
use crate::{Facts, Law, Liar, Lost, Reply, Request, Verdict};

/// A list of tickets that a parameter filters by their state.
const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Tickets, version: '1' }
paths:
  /tickets:
    get:
      operationId: tickets
      parameters: [{ name: state, in: query, schema: { type: string, enum: [open, closed] } }, { name: view, in: query, schema: { type: string, enum: [full, short], default: full } }, { name: token, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [tickets], properties: { tickets: { type: array, items: { type: object, required: [id], properties: { id: { type: integer } } } }, next: { type: [string, 'null'] } } } } } }, 400: { description: '' } }
      x-pagination: { name: tickets, style: token, items: $.tickets, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: limit } }, next: { cursor: $.next } }
";
/// How many tickets there are; every other one is open.
const TICKETS: usize = 20;

/// An honest server. If tokens are sealed, each is good with its own filter only; else it is a place for all filters.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a server that is asked by a function may lose a request"
)]
fn tickets(request: &Request, are_sealed: bool) -> Result<Reply, Lost> {
    let query = request.query();
    let text = |name: &str| {
        let mut sent = query.iter().filter(|(known, _)| known == name);
        sent.next().map(|(_, text)| text.clone())
    };
    let state = text("state").unwrap_or_default();
    let limit = text("limit").map_or(Ok(3), |text| text.parse::<usize>());
    let token = text("token").filter(|token| !token.is_empty());
    let start = token.map_or(Some(0), |token| {
        let (known, place) = token.split_once('-')?;
        place.parse().ok().filter(|_| known == state || !are_sealed)
    });
    let known = ["", "open", "closed"].contains(&state.as_str());
    let (Some(start), true, Ok(limit @ 1..=50)) = (start, known, limit) else {
        return Ok(reply(400, &json!({})));
    };
    let is_wanted = |number: &usize| match state.as_str() {
        "open" => number.is_multiple_of(2),
        "closed" => !number.is_multiple_of(2),
        _ => true,
    };
    let mut wanted = (start..TICKETS).filter(is_wanted);
    let page: Vec<_> = wanted.by_ref().take(limit).collect();
    let next = wanted.next().map(|place| format!("{state}-{place}"));
    let page: Vec<_> = page
        .into_iter()
        .map(|number| json!({ "id": number }))
        .collect();
    Ok(reply(200, &json!({ "tickets": page, "next": next })))
}

/// An honest server whose tokens hold their filter. It counts, whatever is sent beside them.
fn carrying(request: &Request) -> Result<Reply, Lost> {
    let mut query = request.query();
    let token = query.iter().find(|(name, _)| name == "token");
    let state = token.and_then(|(_, text)| Some(text.split_once('-')?.0.to_owned()));
    if let Some(state) = state {
        query.retain(|(name, _)| name != "state");
        query.push(("state".to_owned(), state));
    }
    tickets(&request.with_query(&query), true)
}

/// The counterexample with which the liar about a law is caught, where tokens hold their filters.
pub(crate) fn caught_carrying(law: &'static Law) -> String {
    let text = DOCUMENT.replace(
        "next: { cursor: $.next }",
        "next: { cursor: $.next }, cursor: { carries: [filters] }",
    );
    let document = Document::read(Source::new("tickets.yaml", text), &[]).unwrap();
    let file = Source::new("subject.yaml", "timelines: { tickets: [{ events: 20 }] }");
    let (contract, facts) = Facts::of(&[document], &file).unwrap().remove(0);
    let found = verdict(law, &contract, &facts, &carrying);
    assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
    // A server whose tokens are places for any filter is none of those that the contract describes.
    let found = verdict(law, &contract, &facts, &|request: &Request| {
        tickets(request, false)
    });
    assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
    let liar = Liar::new(contract.clone(), law.lie, carrying);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

fn reply(status: u16, body: &serde_json::Value) -> Reply {
    let reply = Reply {
        status,
        headers: http::HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    reply.with_json(body)
}

/// The counterexample with which the liar about a law is caught. The honest servers are upheld.
pub(crate) fn caught(law: &'static Law, are_sealed: bool) -> String {
    let document = Document::read(Source::new("tickets.yaml", DOCUMENT), &[]).unwrap();
    let file = Source::new("subject.yaml", "timelines: { tickets: [{ events: 20 }] }");
    let (contract, facts) = Facts::of(&[document], &file).unwrap().remove(0);
    for are_sealed in [true, false] {
        let honest = |request: &Request| tickets(request, are_sealed);
        let found = verdict(law, &contract, &facts, &honest);
        assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
    }
    let honest = move |request: &Request| tickets(request, are_sealed);
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

/// The verdict on an honest server that sorts: a parameter names what it sorts by.
pub(crate) fn sorted(law: &'static Law) -> Verdict {
    let text = DOCUMENT.replace(
        "{ name: state, in: query, schema: { type: string, enum: [open, closed] } }",
        "{ name: sort, in: query, schema: { type: string, enum: [id, -id] } }",
    );
    assert_ne!(text, DOCUMENT);
    let document = Document::read(Source::new("tickets.yaml", text), &[]).unwrap();
    let file = Source::new("subject.yaml", "timelines: { tickets: [{ events: 20 }] }");
    let (contract, facts) = Facts::of(&[document], &file).unwrap().remove(0);
    verdict(law, &contract, &facts, &|request: &Request| {
        let mut query = request.query();
        let descends = query.contains(&("sort".to_owned(), "-id".to_owned()));
        query.retain(|(name, _)| name != "sort");
        let reply = tickets(&request.with_query(&query), false)?;
        let mut page = reply.json().unwrap_or_default();
        for ticket in page["tickets"].as_array_mut().into_iter().flatten() {
            let number = ticket["id"].as_u64().unwrap_or_default();
            let last = TICKETS as u64 - 1;
            ticket["id"] = if descends { last - number } else { number }.into();
        }
        Ok(reply.with_json(&page))
    })
}
