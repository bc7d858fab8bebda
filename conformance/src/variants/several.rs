//! The judge where a path has several parameters, and requests need others and two credentials at once: the mock is
//! upheld, and liars are caught.

use fixtures::Scenario;
use openapi::Source;

use super::dialects::caught_in;

/// A path with two ids, a required header, and required parameters of the query: a word, a list and an object.
const DOCUMENT: &str = "
openapi: 3.1.0
paths:
  /orgs/{org}/jobs/{id}/log:
    get:
      security: [{ key: [], app: [] }]
      parameters:
        - { name: org, in: path, required: true, schema: { type: string } }
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: Api-Version, in: header, required: true, example: '2026-01-05', schema: { type: string, format: date } }
        - { name: currency, in: query, required: true, schema: { type: string, enum: [eur, usd] } }
        - { name: tags, in: query, required: true, schema: { type: array, minItems: 2, items: { enum: [new, old] } } }
        - { name: sizes, in: query, required: true, explode: false, schema: { type: array, minItems: 2, items: { type: integer, minimum: 1 } } }
        - { name: filter, in: query, required: true, style: deepObject, schema: { type: object, required: [state], properties: { state: { type: string } } } }
        - { name: 'page[after]', in: query, schema: { type: string, format: uuid } }
        - { name: 'page[size]', in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } }
        401: { description: '' }
        404: { description: '' }
        422: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Errors' } } } }
      x-pagination:
        style: cursor
        items: $.rows
        key: $.id
        request: { cursor: { in: query, name: 'page[after]' }, limit: { in: query, name: 'page[size]' } }
        next: { cursor: '$.rows[-1:].id', more: $.more }
        parent: { parameter: id, echo: $.job, missing: 404, foreign: 404, checked: before-read }
      x-validation-errors: { status: 422, errors: $.detail, location: $.loc, message: $.msg, kind: $.type }
components:
  schemas:
    Page: { type: object, required: [job, rows, more], properties: { job: { type: string }, rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, more: { type: boolean } } }
    Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } }
    Errors: { type: object, required: [detail], properties: { detail: { type: array, items: { type: object, required: [loc, msg, type], properties: { loc: { type: array, items: { type: string } }, msg: { type: string }, type: { type: string } } } } } }
  securitySchemes: { key: { type: http, scheme: bearer }, app: { type: apiKey, in: header, name: X-App } }
";

/// Resources that have an id in common, and resources that have an organisation in common.
const SCENARIO: &str = "
owners: [{ name: ada, token: one }, { name: grace, token: two }]
timelines:
  rooms:
    life: { first: {}, steps: [{}] }
    pace: { every: 5s }
    jobs:
      - { path: { org: acme, id: '17' }, owner: ada, events: 7 }
      - { path: { org: umbrella, id: '17' }, owner: grace, events: 20 }
      - { path: { org: acme, id: '18' }, owner: grace, events: 4 }
      - { path: { org: umbrella, id: '19' }, owner: ada, events: 0 }
";

#[test]
fn a_path_with_several_parameters_and_required_ones_are_judged() {
    let scenario = Scenario::read(Source::new("scenario.yaml", SCENARIO)).unwrap();
    let caught = caught_in(&scenario, DOCUMENT, &[]);
    assert!(caught > 40, "{caught}");
}
