//! Two lists whose tokens are sent in one parameter: the judge upholds the mock, and catches its liars.

use super::dialects::{caught_in, made_up, mock};
use crate::testing::{described, verdict};
use crate::{Law, Liar, Verdict};

/// Two lists that hand out tokens for parameters of one name.
pub(super) const BESIDE: &str = "
openapi: 3.1.0
paths:
  /posts:
    get: { operationId: posts, parameters: [{ $ref: '#/components/parameters/token' }, { $ref: '#/components/parameters/limit' }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } }, 400: { description: '' } } }
  /drafts:
    get: { operationId: drafts, parameters: [{ $ref: '#/components/parameters/token' }, { $ref: '#/components/parameters/limit' }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } }, 400: { description: '' } } }
components:
  parameters:
    token: { name: page_token, in: query, schema: { type: string } }
    limit: { name: page_size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }
  schemas: { Page: { type: object, required: [items], properties: { items: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, title: { type: string } } } }, next_page_token: { type: string } } } }
";

/// The counterexample with which the liar about a law is caught, where another list hands out tokens, too.
pub(crate) fn caught(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(BESIDE, &made_up());
    let found = verdict(law, &contract, &facts, &honest);
    assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

#[test]
fn two_lists_with_tokens_are_judged() {
    let caught = caught_in(&made_up(), BESIDE, &[]);
    assert!(caught > 20, "{caught}");
}
