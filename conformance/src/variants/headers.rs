//! A next cursor that stands in a header of its own, beside a bare list.

use super::dialects::{caught_in, made_up};

const HEADERS: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: cursor, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', headers: { X-Next-Cursor: { schema: { type: string } } }, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: token, items: $, key: $.id, request: { cursor: { in: query, name: cursor }, limit: { in: query, name: size } }, next: { header: X-Next-Cursor }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

#[test]
fn a_next_cursor_in_a_header_is_judged() {
    let caught = caught_in(&made_up(), HEADERS, &[]);
    assert!(caught > 30, "{caught}");
}
