//! Lists whose documents do not say which requests are refused. A server may answer them, so that no law about refusals
//! is left unjudged.

use openapi::Contract;

use super::dialects::{made_up, mock, options};
use crate::testing::verdict;
use crate::{Facts, Request, Subject, Verdict, catalogue, judge};

/// A list below a resource, for this line about credentials.
fn document(security: &str) -> String {
    let page = "{ type: object, required: [data, iterator, done], properties: { data: { type: array, items: { type: object, required: [id], properties: { id: { type: string, format: uuid }, url: { type: string } } } }, iterator: { type: [string, 'null'] }, done: { type: boolean } } }";
    let parameters = "{ name: app, in: path, required: true, schema: { type: string, format: uuid } }, { name: iterator, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }";
    format!(
        "openapi: 3.1.0\ninfo: {{ title: Apps, version: '1' }}\npaths:\n  /apps/{{app}}/endpoints:\n    get: {{ operationId: list, {security}parameters: [{parameters}], responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {page} }} }} }}, 400: {{ description: '' }}, 401: {{ description: '' }}, 404: {{ description: '' }} }} }}\ncomponents: {{ securitySchemes: {{ key: {{ type: http, scheme: bearer }} }} }}\n"
    )
}

/// No credentials, those that a caller may leave out, and those that every request needs.
const SECURITY: [&str; 3] = [
    "",
    "security: [{ key: [] }, {}], ",
    "security: [{ key: [] }], ",
];

/// Every law about this server is upheld or not in force.
pub(super) fn all_are_judged(contract: &Contract, facts: &Facts, server: &dyn Subject) {
    assert_eq!(contract.missing_status(), None, "the answer is said");
    let all = options(Vec::new());
    for finding in judge(contract, facts, server, &all, &mut |_| {}).findings {
        match &finding.verdict {
            Verdict::Upheld { .. } | Verdict::NotInForce { .. } => {}
            other => panic!("{}: {other:#?}", finding.law.id),
        }
    }
}

#[test]
fn laws_about_refusals_are_not_in_force_where_nothing_is_refused() {
    for security in SECURITY {
        let (contract, facts, honest) = mock(&document(security), &made_up());
        all_are_judged(&contract, &facts, &honest);
    }
}

#[test]
fn a_list_that_all_callers_share_has_no_strangers() {
    let (contract, facts, honest) = mock(&document(SECURITY[2]), &made_up());
    let token = |number| facts.callers().nth(number).map(|(_, token)| token);
    let (one, other) = (token(0).unwrap(), token(1).unwrap());
    // Each caller reads what the other one reads, too.
    let shared = |request: &Request| {
        let reply = honest.send(request)?;
        if reply.status != 404 {
            return Ok(reply);
        }
        let mut request = request.clone();
        for (_, value) in &mut request.headers {
            let swapped = if value.contains(one) {
                value.replace(one, other)
            } else {
                value.replace(other, one)
            };
            *value = swapped;
        }
        honest.send(&request)
    };
    all_are_judged(&contract, &facts, &shared);
}

#[test]
fn a_head_that_is_served_where_get_is_refused_is_caught_all_the_same() {
    let (contract, facts, honest) = mock(&document(SECURITY[0]), &made_up());
    let known: Vec<_> = facts
        .resources()
        .iter()
        .map(|one| one.name.clone())
        .collect();
    let is_known = |request: &Request| known.iter().any(|id| request.target.contains(id));
    // Only resources that exist are read, and HEAD is not asked about that.
    let server = |request: &Request| {
        let mut reply = honest.send(request)?;
        if !is_known(request) && request.method != "HEAD" {
            reply.status = 404;
        }
        Ok(reply)
    };
    let law = catalogue::law("head-is-refused-like-get").unwrap();
    let found = verdict(law, &contract, &facts, &server);
    assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
}
