//! The ways in which a request asks for a page: the judge upholds the mock of a small document for each, and
//! catches its liars.

use std::fmt::Write as _;

use super::dialects::{caught_in, made_up, mock};
use crate::testing::{described, verdict};
use crate::{Law, Liar, Verdict};

/// A list of a room with a limit `size`, these other parameters, fields beside the rows, and contract.
macro_rules! rooms {
    ($parameters:literal, $fields:literal, $pagination:literal) => {
        concat!(
            "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }, ",
            $parameters,
            "]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, ",
            $fields,
            " } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, items: $.rows, parent: { parameter: room, missing: 404, foreign: 404 }, ",
            $pagination,
            " }
components:
  schemas: { Row: { type: object, required: [id, number, text], properties: { id: { type: string }, number: { type: integer }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
"
        )
    };
}

/// Offsets, and a flag for more.
const OFFSET: &str = rooms!(
    "{ name: offset, in: query, schema: { type: integer, minimum: 0 } }",
    "more: { type: boolean }",
    "style: offset, key: $.id, request: { offset: { in: query, name: offset }, limit: { in: query, name: size } }, next: { more: $.more, trailing-empty-page: never }"
);

/// Offsets that count to a total, newest first.
const COUNTED: &str = rooms!(
    "{ name: $skip, in: query, schema: { type: integer, minimum: 0 } }",
    "count: { type: integer }",
    "style: offset, key: $.id, request: { offset: { in: query, name: $skip }, limit: { in: query, name: size } }, totals: { items: $.count }, order: { direction: descending }"
);

/// Offsets, and tokens that a flag turns on.
const FLAG: &str = rooms!(
    "{ name: offset, in: query, schema: { type: integer, minimum: 0 } }, { name: usemarker, in: query, schema: { type: boolean } }, { name: marker, in: query, schema: { type: string } }",
    "next_marker: { type: [string, 'null'] }, total_count: { type: integer }",
    "style: offset, key: $.id, request: { offset: { in: query, name: offset }, limit: { in: query, name: size }, or: { when: { in: query, name: usemarker }, cursor: { in: query, name: marker } } }, next: { or: $.next_marker }, totals: { items: $.total_count }"
);

/// Pages that are counted from zero, until one is short.
const ZERO: &str = rooms!(
    "{ name: 'page[number]', in: query, schema: { type: integer, minimum: 0 } }",
    "more: { type: boolean }",
    "style: page, key: $.id, request: { page: { in: query, name: 'page[number]' }, limit: { in: query, name: size } }, page: { first: 0 }"
);

/// Keys in both directions, and one flag for more.
const BOTH: &str = rooms!(
    "{ name: starting_after, in: query, schema: { type: string } }, { name: ending_before, in: query, schema: { type: string } }",
    "more: { type: boolean }",
    "style: cursor, key: $.id, request: { cursor: { in: query, name: starting_after }, limit: { in: query, name: size }, backward: { cursor: { in: query, name: ending_before } } }, next: { cursor: '$.rows[-1:].id', more: $.more, trailing-empty-page: never }, order: { direction: descending }"
);

/// Tokens in both directions, with limits of their own.
const TOKENS: &str = rooms!(
    "{ name: after, in: query, schema: { type: string } }, { name: before, in: query, schema: { type: string } }, { name: last, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }",
    "next: { type: [string, 'null'] }, previous: { type: [string, 'null'] }, more: { type: boolean }, less: { type: boolean }",
    "style: token, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: size }, backward: { cursor: { in: query, name: before }, limit: { in: query, name: last } } }, next: { cursor: $.next, more: $.more }, previous: { cursor: $.previous, more: $.less }"
);

/// Values that are compared with ids: a feed, newest first, of older and of newer items.
const VALUES: &str = rooms!(
    "{ name: max_id, in: query, schema: { type: string } }, { name: min_id, in: query, schema: { type: string } }, { name: since_id, in: query, schema: { type: string } }",
    "more: { type: boolean }",
    "style: cursor, key: $.id, request: { cursor: { in: query, name: max_id }, limit: { in: query, name: size }, above: { in: query, name: since_id }, backward: { cursor: { in: query, name: min_id } } }, next: { cursor: '$.rows[-1:].id' }, order: { by: $.id, direction: descending, strict: true }, cursor: { unknown: by-value }"
);

/// A page that begins with the item that it is asked for.
const FROM: &str = rooms!(
    "{ name: from, in: query, schema: { type: integer, minimum: 0 } }",
    "next: { type: [integer, 'null'] }",
    "style: cursor, key: $.number, request: { cursor: { in: query, name: from }, limit: { in: query, name: size } }, next: { cursor: $.next }, order: { by: $.number, direction: descending, strict: true }, cursor: { bound: inclusive }"
);

/// An order that the caller chooses, and tokens.
const SORTED: &str = rooms!(
    "{ name: token, in: query, schema: { type: string } }, { name: sort, in: query, schema: { type: string, enum: [number, -number] } }",
    "next: { type: [string, 'null'] }",
    "style: token, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: size }, order: { in: query, name: sort } }, next: { cursor: $.next }, order: { by: $.number, strict: true, values: { number: { direction: ascending }, -number: { direction: descending } } }"
);

/// A cursor in a header, and a limit that is fixed.
const HEADER: &str = rooms!(
    "{ name: X-Cursor, in: header, schema: { type: string } }",
    "next: { type: [string, 'null'] }",
    "style: token, key: $.id, request: { cursor: { in: header, name: X-Cursor }, limit: { in: query, name: size } }, next: { cursor: $.next }"
);

/// A bare list of items without keys, by offset; a limit of zero gets no items.
const KEYLESS: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: $top, in: query, schema: { type: integer, minimum: 0, maximum: 9, default: 3 } }, { name: $skip, in: query, schema: { type: integer, minimum: 0 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: offset, items: $, request: { offset: { in: query, name: $skip }, limit: { in: query, name: $top } }, limit: { zero: none }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [name, size], properties: { name: { type: string }, size: { type: integer, minimum: 0 } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// A cursor in a form, where the list is asked for by POST.
const FORM: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/list:
    post:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }]
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { cursor: { type: string }, limit: { type: integer, minimum: 1, maximum: 9, default: 3 } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, meta: { type: object, properties: { next: { type: string } } } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: token, items: $.rows, key: $.id, request: { cursor: { in: body, at: /cursor }, limit: { in: body, at: /limit } }, next: { cursor: $.meta.next }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Links to older and to newer items, which name them by values.
const LINKS: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }, { name: max_id, in: query, schema: { type: string } }, { name: min_id, in: query, schema: { type: string } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: cursor, items: $, key: $.id, request: { cursor: { in: query, name: max_id }, limit: { in: query, name: limit }, backward: { cursor: { in: query, name: min_id } } }, next: { link: next }, previous: { link: prev }, order: { by: $.id, direction: descending, strict: true }, cursor: { unknown: by-value }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Ranges of places in a header, and parts of the list that say how long it is.
const RANGE: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: Range, in: header, schema: { type: string } }]
      responses: { 200: { $ref: '#/components/responses/Rows' }, 206: { $ref: '#/components/responses/Rows' }, 416: { description: '', headers: { Content-Range: { schema: { type: string } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: range, items: $, key: $.id, request: { range: { in: header, name: Range } }, range: { unit: rows }, totals: { header: Content-Range }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  responses: { Rows: { description: '', headers: { Content-Range: { required: true, schema: { type: string } } }, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } } }
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Ranges in a parameter that must have an end, and a total in the body.
const CLOSED: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: range, in: query, schema: { type: string, pattern: '^[0-9]+-[0-9]+$', default: 0-6 } }]
      responses: { 200: { description: '', headers: { Content-Range: { schema: { type: string } } }, content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, count: { type: integer } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: range, items: $.rows, key: $.id, request: { range: { in: query, name: range } }, range: { unit: '' }, totals: { items: $.count }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Every document of this kind.
pub(super) const ALL: [(&str, &str); 15] = [
    ("offset", OFFSET),
    ("counted", COUNTED),
    ("flag", FLAG),
    ("zero", ZERO),
    ("both", BOTH),
    ("tokens", TOKENS),
    ("values", VALUES),
    ("from", FROM),
    ("sorted", SORTED),
    ("header", HEADER),
    ("keyless", KEYLESS),
    ("form", FORM),
    ("links", LINKS),
    ("range", RANGE),
    ("closed", CLOSED),
];

/// The counterexamples with which the liar about a law is caught, in each of the dialects where it is in force.
pub(crate) fn caught(law: &'static Law) -> String {
    let mut text = String::new();
    for (name, document) in ALL {
        let (contract, facts, honest) = mock(document, &made_up());
        match verdict(law, &contract, &facts, &honest) {
            Verdict::Upheld { .. } => {}
            Verdict::NotInForce { .. } => continue,
            other => panic!("the mock does not uphold {} of {name}: {other:#?}", law.id),
        }
        let liar = Liar::new(contract.clone(), law.lie, honest);
        match verdict(law, &contract, &facts, &liar) {
            Verdict::Broken(found) => {
                let _ = write!(text, "{name}: {}", described(&contract, &found));
            }
            other => panic!("the liar about {} of {name} got away: {other:#?}", law.id),
        }
    }
    assert!(!text.is_empty(), "{} is in force for no document", law.id);
    text
}

fn check(document: &str, spared: &[&str]) {
    let caught = caught_in(&made_up(), document, spared);
    assert!(caught > 30, "{caught}");
}

#[test]
fn offsets_are_judged() {
    // A client that counts gets no cursor for a second time.
    check(OFFSET, &["walks-end"]);
    check(COUNTED, &["walks-end"]);
}

#[test]
fn pages_from_zero_are_judged() {
    check(ZERO, &["walks-end"]);
}

#[test]
fn a_number_of_a_page_may_be_the_key_of_an_item() {
    let number = "number: { type: integer, minimum: 1, maximum: 400 }";
    let document = ZERO.replace("number: { type: integer }", number);
    let document = document.replace("key: $.id", "key: $.number");
    let (contract, facts, honest) = mock(&document, &made_up());
    let law = crate::catalogue::LAWS
        .iter()
        .find(|law| law.id == "walks-end");
    let verdict = verdict(law.unwrap(), &contract, &facts, &honest);
    assert!(matches!(verdict, Verdict::Upheld { .. }), "{verdict:#?}");
}

#[test]
fn keys_in_both_directions_are_judged() {
    check(BOTH, &[]);
}

#[test]
fn tokens_in_both_directions_are_judged() {
    // There are no URLs to lie about, and a liar has no token for more where the honest server has none.
    let spared = [
        "links-lead-where-they-say",
        "has-more-only-when-more-remain",
    ];
    check(TOKENS, &spared);
}

#[test]
fn values_that_are_compared_are_judged() {
    // Only an empty page is the last one, and the liar about the order lies at every second page.
    check(VALUES, &["walks-end", "order-is-stable"]);
}

#[test]
fn inclusive_cursors_are_judged() {
    check(FROM, &[]);
}

#[test]
fn chosen_orders_are_judged() {
    check(SORTED, &[]);
}

#[test]
fn cursors_in_headers_are_judged() {
    check(HEADER, &[]);
}

#[test]
fn items_without_keys_are_judged() {
    check(KEYLESS, &["walks-end"]);
}

#[test]
fn cursors_in_forms_are_judged() {
    check(FORM, &[]);
}

#[test]
fn a_query_with_a_body_is_judged() {
    // HTTP QUERY of RFC 10008; OpenAPI 3.2 has a place for it.
    let document = FORM
        .replace("openapi: 3.1.0", "openapi: 3.2.0")
        .replace("    post:", "    query:")
        .replace("application/x-www-form-urlencoded", "application/json");
    check(&document, &[]);
}

#[test]
fn links_to_both_sides_are_judged() {
    check(LINKS, &[]);
}

#[test]
fn ranges_in_a_header_are_judged() {
    check(RANGE, &["walks-end"]);
}

#[test]
fn ranges_without_a_unit_are_judged() {
    check(CLOSED, &["walks-end"]);
}
