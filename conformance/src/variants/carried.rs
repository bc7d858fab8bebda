//! Tokens that hold more than a place: the judge upholds the mock, and catches its liars.

use super::dialects::{caught_in, made_up, mock};
use crate::testing::{described, verdict};
use crate::{Law, Liar, Verdict};

/// Tokens that keep the order and the limit of their walk.
pub(super) const CARRIED: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: token, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }, { name: sort, in: query, schema: { type: string, enum: [up, down] } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, next: { type: [string, 'null'] } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: token, items: $.rows, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: size }, order: { in: query, name: sort } }, next: { cursor: $.next }, order: { by: $.id, strict: true, values: { up: { direction: ascending }, down: { direction: descending } } }, cursor: { carries: [order, limit] }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// The counterexample with which the liar about a law is caught, where tokens keep order and limit.
pub(crate) fn caught(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(CARRIED, &made_up());
    let found = verdict(law, &contract, &facts, &honest);
    assert!(matches!(found, Verdict::Upheld { .. }), "{found:#?}");
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

#[test]
fn tokens_that_keep_order_and_limit_are_judged() {
    // A liar that forgets the order that is sent still has that of the token.
    let caught = caught_in(&made_up(), CARRIED, &["order-holds-behind-a-cursor"]);
    assert!(caught > 30, "{caught}");
}
