//! Cursors that are times of items: the judge upholds the mock, and catches its liars.

use openapi::Promise;

use super::dialects::{caught_in, made_up, mock};
use crate::testing::verdict;
use crate::{Lost, Reply, Request, Subject, Verdict, catalogue};

/// A list of threads that is read from a time on, in this order.
fn document(parameter: &str, direction: &str) -> String {
    format!(
        "
openapi: 3.1.0
info: {{ title: Threads, version: '1' }}
paths:
  /threads:
    get:
      operationId: threads
      parameters: [{{ name: {parameter}, in: query, schema: {{ type: string, format: date-time }} }}, {{ name: limit, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [threads, more], properties: {{ threads: {{ type: array, items: {{ type: object, required: [id, archived_at], properties: {{ id: {{ type: string }}, archived_at: {{ type: string, format: date-time }} }} }} }}, more: {{ type: boolean }} }} }} }} }} }}, 400: {{ description: '' }} }}
      x-pagination: {{ name: threads, style: since, items: $.threads, key: $.id, request: {{ cursor: {{ in: query, name: {parameter} }}, limit: {{ in: query, name: limit }} }}, next: {{ cursor: '$.threads[-1:].archived_at', more: $.more }}, order: {{ by: $.archived_at, direction: {direction}, strict: true }} }}
"
    )
}

#[test]
fn times_are_judged_in_both_orders() {
    for (parameter, direction) in [("before", "descending"), ("since", "ascending")] {
        let text = document(parameter, direction);
        let (contract, _, _) = mock(&text, &made_up());
        assert!(!contract.paging().promises(Promise::NumbersRise));
        let caught = caught_in(&made_up(), &text, &[]);
        assert!(caught > 25, "{caught}");
    }
}

/// A server that compares whole seconds, so that it serves items of the same second again.
#[test]
fn a_server_that_cuts_times_is_caught() {
    let text = document("since", "ascending");
    let (contract, facts, honest) = mock(&text, &made_up());
    let cuts = |request: &Request| -> Result<Reply, Lost> {
        let mut query = request.query();
        for (name, text) in &mut query {
            if name == "since"
                && let Some((second, _)) = text.split_once('.')
            {
                *text = format!("{second}Z");
            }
        }
        honest.send(&request.with_query(&query))
    };
    let law = catalogue::law("walks-join-without-gap-or-repeat").unwrap();
    let found = verdict(law, &contract, &facts, &cuts);
    assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
}
