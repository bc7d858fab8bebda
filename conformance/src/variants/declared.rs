//! Refusals and pages as documents declare them: by range, once as `default`, as plain text, or hardly at all.
//!
//! In each document the mock is upheld, liars are caught, and another correct server is spared.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue};

use super::dialects::{caught_in, made_up, mock, options};
use crate::lie::{Lie, Lied, with_header};
use crate::testing::{described, verdict};
use crate::{Law, Level, Liar, Lost, Reply, Request, Verdict, judge};

/// A list with these answers beside its page; the page's media type is `page`.
pub(super) fn document(page: &str, refusals: &str) -> String {
    format!(
        "
openapi: 3.0.3
paths:
  /rooms/{{room}}/log:
    get:
      security: [{{ key: [] }}]
      parameters:
        - {{ name: room, in: path, required: true, schema: {{ type: string, format: uuid }} }}
        - {{ name: after, in: query, schema: {{ type: string, format: uuid }} }}
        - {{ name: size, in: query, schema: {{ type: integer, minimum: 1, maximum: 9, default: 3 }} }}
      responses:
        200: {{ description: '', content: {{ '{page}': {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }}
{refusals}
      x-pagination: {{ name: rooms, style: cursor, items: $.rows, key: $.id, request: {{ cursor: {{ in: query, name: after }}, limit: {{ in: query, name: size }} }}, next: {{ cursor: '$.rows[-1:].id', more: $.more }}, parent: {{ parameter: room, missing: 404, foreign: 404 }} }}
components:
  schemas:
    Page: {{ type: object, required: [rows, more], properties: {{ rows: {{ type: array, items: {{ $ref: '#/components/schemas/Row' }} }}, more: {{ type: boolean }} }} }}
    Row: {{ type: object, required: [id, text], properties: {{ id: {{ type: string, format: uuid }}, text: {{ type: string }} }} }}
    Error: {{ type: object, required: [error], properties: {{ error: {{ type: string }} }} }}
  securitySchemes: {{ key: {{ type: http, scheme: bearer }} }}
"
    )
}

/// All refusals at once.
const BY_DEFAULT: &str = "        default: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }";
/// All refusals of a kind, in a media type of a range.
const BY_RANGE: &str = "        4xx: { description: '', content: { 'application/*': { schema: { $ref: '#/components/schemas/Error' } } } }";
/// Only 400 for wrong parameters.
pub(super) const AS_400: &str = "        400: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
        401: { description: '' }
        404: { description: '' }";
/// Refusals that are sentences.
const AS_TEXT: &str = "        400: { description: '', content: { text/plain: { schema: { type: string, maxLength: 80 } } } }
        401: { description: '', content: { text/plain: { example: 'Who are you?' } } }
        404: { description: '', content: { 'text/*': {} } }";
/// No word about wrong parameters.
const NOT_AT_ALL: &str = "        401: { description: '' }
        404: { description: '' }";

/// Judges the mock, changed by `variant`, by every law: none that counts may fail, or be left unjudged.
pub(super) fn spared(text: &str, variant: Lie) {
    let (contract, facts, honest) = mock(text, &made_up());
    let server = Liar::new(contract.clone(), variant, honest);
    let options = options(Vec::new());
    let judgement = judge(&contract, &facts, &server, &options, &mut |_| {});
    for finding in judgement.findings {
        let ok = match &finding.verdict {
            Verdict::Broken(_) | Verdict::Unjudged { .. } => finding.level < Level::Should,
            Verdict::Unreachable { .. } => false,
            Verdict::Upheld { .. } | Verdict::NotInForce { .. } => true,
        };
        assert!(ok, "{finding:#?}");
    }
}

/// The breach of a law by the mock, changed by `lie`: what is expected, and the citation.
pub(super) fn breach(text: &str, law: &str, lie: Lie) -> Option<(String, String)> {
    let (contract, facts, honest) = mock(text, &made_up());
    let server = Liar::new(contract.clone(), lie, honest);
    let options = options(Vec::new());
    let judgement = judge(&contract, &facts, &server, &options, &mut |_| {});
    let mut findings = judgement.findings.into_iter();
    let finding = findings.find(|finding| finding.law.id == law)?;
    match finding.verdict {
        Verdict::Broken(found) => Some((found.breach.expected, finding.citation)),
        _ => None,
    }
}

/// A server that refuses wrong parameters with this status instead.
fn refusing<const STATUS: u16>(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let mut reply = lied.ask(request)?;
    if lied.contract.invalid().allows(reply.status) && lied.is_wrong(request) {
        reply.status = STATUS;
    }
    Ok(reply)
}

/// A server that refuses in this media type, with bodies of its own.
fn worded(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    if reply.status < 400 {
        return Ok(reply);
    }
    let body = Bytes::from_static(b"no, not this one");
    let reply = Reply { body, ..reply };
    Ok(with_header(
        reply,
        CONTENT_TYPE.as_str(),
        "Text/Plain;charset=UTF-8",
    ))
}

/// A server that answers in words unless the client wants JSON most, and refuses clients that want neither.
fn negotiating(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    let accepted = request.header("accept").unwrap_or("*/*");
    let best = accepted.split(',').next().unwrap_or_default();
    if openapi::is_json(best) {
        return Ok(reply);
    }
    let reply = with_header(reply, CONTENT_TYPE.as_str(), "text/html");
    let body = Bytes::from_static(b"<p>no JSON was asked for</p>");
    Ok(Reply { body, ..reply })
}

#[test]
fn a_server_that_negotiates_is_asked_for_json() {
    spared(&document("application/json", AS_400), negotiating);
    spared(&document("application/hal+json", AS_TEXT), negotiating);
    spared(&document("*/*", BY_DEFAULT), negotiating);
}

#[test]
fn headers_whose_definitions_openapi_ignores_are_not_required() {
    let accept =
        "- { name: Accept, in: header, required: true, schema: { type: string, enum: [text/csv] } }
        - { name: content-type, in: header, required: true, schema: { type: integer } }
        - { name: after, in: query";
    let document =
        document("application/json", AS_400).replace("- { name: after, in: query", accept);
    let caught = caught_in(&made_up(), &document, &[]);
    assert!(caught > 40, "{caught}");
    spared(&document, negotiating);
}

#[test]
fn refusals_of_any_declaration_are_judged() {
    // No client error is undeclared where a range of them is declared.
    let any: &[&str] = &["status-is-declared"];
    for (refusals, spared, least) in [
        (BY_DEFAULT, [].as_slice(), 40),
        (BY_RANGE, any, 40),
        (AS_400, &[], 40),
        (AS_TEXT, &[], 38),
    ] {
        let document = document("application/json", refusals);
        let caught = caught_in(&made_up(), &document, spared);
        assert!(caught > least, "{caught}: {refusals}");
    }
}

#[test]
fn a_page_of_any_media_type_is_json() {
    // No page can have another media type than any.
    let any: &[&str] = &["media-type-is-declared"];
    for (page, spared) in [
        ("*/*", any),
        ("application/*", &[]),
        ("application/hal+json;v=1", &[]),
    ] {
        let caught = caught_in(&made_up(), &document(page, BY_DEFAULT), spared);
        assert!(caught > 36, "{caught}: {page}");
    }
}

#[test]
fn a_status_that_the_document_leaves_open_is_the_servers_choice() {
    for refusals in [BY_DEFAULT, BY_RANGE, NOT_AT_ALL] {
        let document = document("application/json", refusals);
        spared(&document, refusing::<400>);
        spared(&document, refusing::<422>);
        spared(&document, refusing::<416>);
    }
}

#[test]
fn a_status_that_the_document_names_is_no_choice() {
    let document = document("application/json", AS_400);
    let law = "limit-outside-bounds-is-refused";
    let (expected, _) = breach(&document, law, refusing::<422>).unwrap();
    assert_eq!(expected, "status 400");
    assert_eq!(breach(&document, law, refusing::<400>), None);
}

#[test]
fn a_refusal_of_the_caller_refuses_no_parameter() {
    let document = document("application/json", BY_DEFAULT);
    let law = "limit-outside-bounds-is-refused";
    let (expected, _) = breach(&document, law, refusing::<403>).unwrap();
    assert_eq!(expected, "status 4xx");
}

#[test]
fn a_refusal_in_words_is_spared_where_words_are_declared() {
    spared(&document("application/json", AS_TEXT), worded);
}

#[test]
fn a_refusal_of_another_media_type_is_cited_by_its_own_status() {
    let document = document("application/json", AS_400);
    for law in ["media-type-is-declared", "422-matches-its-schema"] {
        let (expected, citation) = breach(&document, law, worded).unwrap();
        let refusal = "rooms.yaml#/paths/~1rooms~1{room}~1log/get/responses/400/content";
        assert!(
            citation.starts_with(refusal),
            "{law}: {citation}: {expected}"
        );
    }
}

/// Refusals and pages with headers that they must have.
fn with_headers() -> String {
    let page = "200: { description: '', headers: { X-Request-Id: { required: true, schema: { type: string, format: uuid } }, X-Left: { required: true, schema: { type: integer, minimum: 1 } }, Tags: { required: true, schema: { type: array, items: { type: string, enum: [a, b] } } } }, content";
    let refusal = "400: { description: '', headers: { X-Request-Id: { $ref: '#/components/headers/Id' } }, content";
    let header = "components:
  headers: { Id: { required: true, schema: { type: string, format: uuid } } }";
    document("application/json", AS_400)
        .replace("openapi: 3.0.3", "openapi: 3.1.0")
        .replace("200: { description: '', content", page)
        .replace("400: { description: '', content", refusal)
        .replace("components:", header)
}

/// The counterexample with which the liar about a law is caught, where answers must have headers.
pub(crate) fn caught(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(&with_headers(), &made_up());
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

/// A server behind a proxy that adds a request id of its own form.
fn proxied(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let mut reply = lied.ask(request)?;
    let name = HeaderName::from_static("x-request-id");
    reply
        .headers
        .append(name, HeaderValue::from_static("1-67891233-abc"));
    Ok(reply)
}

/// A server whose ids are not of the declared format, in refusals only.
fn misnumbering(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    Ok(if reply.status == 400 {
        with_header(reply, "x-request-id", "17")
    } else {
        reply
    })
}

#[test]
fn required_headers_are_judged() {
    let document = with_headers();
    let caught = caught_in(&made_up(), &document, &[]);
    assert!(caught > 40, "{caught}");
    spared(&document, proxied);
    let (expected, citation) =
        breach(&document, "required-headers-are-sent", misnumbering).unwrap();
    assert_eq!(expected, "the header X-Request-Id, as declared");
    assert_eq!(citation, "rooms.yaml#/components/headers/Id/schema/format");
}
