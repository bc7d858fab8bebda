//! Orders by other properties than the list's own: the mock sorts by them, the judge upholds it, and catches its liars.

use bytes::Bytes;
use openapi::Role;
use serde_json::Value;

use super::dialects::{caught_in, made_up, mock};
use crate::testing::verdict;
use crate::{Lost, Reply, Request, Subject, Verdict, catalogue};

/// A list of films that comes by its key, by title or by year. `request` and `next` say how it pages.
fn document(parameters: &str, paging: &str) -> String {
    format!(
        "
openapi: 3.1.0
info: {{ title: Films, version: '1' }}
paths:
  /films:
    get:
      operationId: films
      parameters: [{parameters}, {{ name: limit, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}, {{ name: sort, in: query, schema: {{ type: string, enum: [id, title, -year] }} }}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [films, more], properties: {{ films: {{ type: array, items: {{ type: object, required: [id, title, year], properties: {{ id: {{ type: string }}, title: {{ type: string, pattern: '^[a-z]{{6}}$' }}, year: {{ type: integer, minimum: 1900, maximum: 2030 }} }} }} }}, more: {{ type: boolean }} }} }} }} }} }}, 400: {{ description: '' }} }}
      x-pagination: {{ name: films, items: $.films, key: $.id, {paging}, order: {{ values: {{ id: {{ }}, title: {{ by: $.title }}, -year: {{ by: $.year, direction: descending }} }} }} }}
"
    )
}

/// The list in two dialects.
fn documents() -> [String; 2] {
    let limit = "limit: { in: query, name: limit }, order: { in: query, name: sort }";
    [
        document(
            "{ name: after, in: query, schema: { type: string } }",
            &format!(
                "style: cursor, request: {{ cursor: {{ in: query, name: after }}, {limit} }}, next: {{ cursor: '$.films[-1:].id', more: $.more }}"
            ),
        ),
        document(
            "{ name: skip, in: query, schema: { type: integer, minimum: 0 } }",
            &format!(
                "style: offset, request: {{ offset: {{ in: query, name: skip }}, {limit} }}, next: {{ more: $.more }}"
            ),
        ),
    ]
}

#[test]
fn the_mock_sorts_by_the_chosen_property() {
    for text in documents() {
        let (contract, _, honest) = mock(&text, &made_up());
        let order = contract.paging().parameter(Role::Order).unwrap();
        let first = Request {
            method: "GET".to_owned(),
            target: "/films?limit=9".to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        let films = |request: &Request| -> Vec<Value> {
            let body = honest.send(request).unwrap().json().unwrap();
            body["films"].as_array().unwrap().clone()
        };
        let titles = films(&first.with(order, Some("title")));
        let is_sorted = titles.is_sorted_by_key(|film| film["title"].as_str().map(str::to_owned));
        assert!(titles.len() > 2 && is_sorted, "{titles:?}");
        let years = films(&first.with(order, Some("-year")));
        let is_sorted = years.is_sorted_by_key(|film| film["year"].as_i64().map(|year| -year));
        assert!(is_sorted && years != titles, "{years:?}");
        assert_eq!(films(&first.with(order, Some("id"))), films(&first));
    }
}

#[test]
fn chosen_orders_are_judged() {
    // A client that counts ends at a short page, so no lie can keep it from ending.
    let spared: [&[&str]; 2] = [&[], &["walks-end"]];
    for (text, spared) in documents().iter().zip(spared) {
        let caught = caught_in(&made_up(), text, spared);
        assert!(caught > 25, "{caught}");
    }
}

/// A server that takes the parameter, and serves its own order all the same.
#[test]
fn a_server_that_ignores_the_order_is_caught() {
    let law = catalogue::law("order-holds-behind-a-cursor").unwrap();
    for text in documents() {
        let (contract, facts, honest) = mock(&text, &made_up());
        let found = verdict(law, &contract, &facts, &honest);
        assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
        let order = contract.paging().parameter(Role::Order).unwrap().clone();
        let ignores =
            |request: &Request| -> Result<Reply, Lost> { honest.send(&request.with(&order, None)) };
        let found = verdict(law, &contract, &facts, &ignores);
        assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
    }
}
