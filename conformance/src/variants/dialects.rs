//! In each dialect of paging, the judge upholds the mock of a small document and catches its liars.

use std::fmt::Write as _;
use std::time::SystemTime;

use fixtures::{ResourceCard, Scenario};
use openapi::{Contract, Document, Source};

use crate::testing::{NOW, ask, described, verdict};
use crate::{
    Facts, Law, Level, Liar, Lost, Options, Reply, Request, Subject, Verdict, catalogue, judge,
};

/// Opaque tokens.
const TOKEN: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: token, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, next: { type: [string, 'null'] } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: token, items: $.rows, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: size } }, next: { cursor: $.next }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Page numbers, and a `Link` header beside a bare list.
const PAGE: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: page, in: query, schema: { type: integer, minimum: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Row' } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: page, items: $, key: $.id, request: { page: { in: query, name: page }, limit: { in: query, name: per_page } }, next: { link: next }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// A token in the JSON body of the request, and a flag for more.
const BODY: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/search:
    post:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }]
      requestBody: { content: { application/json: { schema: { properties: { page: { properties: { token: { type: string }, size: { type: integer, minimum: 1, maximum: 9, default: 3 } } } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows, more], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, more: { type: boolean }, next: { type: [string, 'null'] } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: token, items: $.rows, key: $.id, request: { cursor: { in: body, at: /page/token }, limit: { in: body, at: /page/size } }, next: { cursor: $.next, more: $.more }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// Changes since a number, in pages.
const CHANGES: &str = "
openapi: 3.1.0
paths:
  /rooms/{room}/log:
    get:
      security: [{ key: [] }]
      parameters: [{ name: room, in: path, required: true, schema: { type: string, format: uuid } }, { name: since, in: query, schema: { type: integer, minimum: 0 } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [rows, last, more], properties: { rows: { type: array, items: { $ref: '#/components/schemas/Row' } }, last: { type: integer }, more: { type: boolean } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: rooms, style: since, items: $.rows, key: $.number, request: { cursor: { in: query, name: since }, limit: { in: query, name: size } }, next: { cursor: $.last, more: $.more, trailing-empty-page: never }, order: { append-only: true, by: $.number, strict: true }, cursor: { resume: true }, parent: { parameter: room, missing: 404, foreign: 404 } }
components:
  schemas: { Row: { type: object, required: [number, text], properties: { number: { type: integer }, text: { type: string } } } }
  securitySchemes: { key: { type: http, scheme: bearer } }
";

/// A document of each dialect.
pub(super) const ALL: [&str; 4] = [TOKEN, PAGE, BODY, CHANGES];

/// A world without resources of its own, so that all are made up.
pub(super) fn made_up() -> Scenario {
    let bundled = Scenario::bundled().unwrap();
    bundled.limited_to(&openapi::Names::of([]))
}

/// The contract of a document, its mock as a subject, and the facts that a subject file has about that mock.
pub(super) fn mock(text: &str, scenario: &Scenario) -> (Contract, Facts, impl Subject + use<>) {
    let (contract, facts, mock) = mock_of(text, scenario);
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let subject = move |request: &Request| -> Result<Reply, Lost> { ask(&mock, request, now) };
    (contract, facts, subject)
}

/// The contract of a document, the facts that a subject file has about its mock, and that mock.
pub(super) fn mock_of(text: &str, scenario: &Scenario) -> (Contract, Facts, mock_server::Mock) {
    mock_said(text, scenario, &|_, _, card| {
        format!("events: {}", card.events)
    })
}

/// As [`mock_of`], where the subject file says something else of each resource.
pub(super) fn mock_said(
    text: &str,
    scenario: &Scenario,
    said: &dyn Fn(&mock_server::Mock, &Contract, &ResourceCard) -> String,
) -> (Contract, Facts, mock_server::Mock) {
    let document = Document::read(Source::new("rooms.yaml", text), &[]).unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let documents = std::slice::from_ref(&document);
    let plan = mock_server::Plan::of(documents, scenario.clone(), 1, now).unwrap();
    let mock = mock_server::Mock::new(plan).unwrap();
    let mut file = "callers:\n".to_owned();
    for (owner, token) in mock.world().owners() {
        let _ = writeln!(file, "  {owner}: {{ token: {token} }}");
    }
    let contracts = crate::contracts(documents).unwrap();
    let _ = writeln!(file, "timelines:\n  {}:", contracts[0].name());
    if mock.contracts().next().is_none() {
        // One answer holds the whole list, which is at the top.
        file.push_str("    - {}\n");
    }
    for card in mock.world().resources(now) {
        let path = card.path.iter();
        let path: Vec<_> = path
            .map(|(name, value)| format!("{name}: '{value}'"))
            .collect();
        let (path, owner) = (path.join(", "), &card.owner);
        if path.is_empty() {
            // A list at the top is the same for all owners.
            file.push_str("    - {}\n");
            break;
        }
        let length = said(&mock, &contracts[0], &card);
        let _ = writeln!(
            file,
            "    - {{ path: {{ {path} }}, owner: {owner}, {length} }}"
        );
    }
    let file = Source::new("subject.yaml", file);
    let (contract, facts) = Facts::of(&[document], &file).unwrap().remove(0);
    (contract, facts, mock)
}

/// The counterexample with which the liar about a law is caught, where pages have numbers and links.
pub(crate) fn caught(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(PAGE, &made_up());
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

pub(super) fn options(laws: Vec<String>) -> Options {
    Options {
        laws,
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    }
}

/// As [`caught_in`], in a world that is made up.
fn upheld_and_caught(text: &str, spared: &[&str]) -> usize {
    caught_in(&made_up(), text, spared)
}

/// Holds the mock of a document to every law, and checks that each liar is caught by its own law.
///
/// `spared` names the laws whose liars have nothing to lie about here. Returns how many laws caught theirs.
pub(super) fn caught_in(scenario: &Scenario, text: &str, spared: &[&str]) -> usize {
    let (contract, facts, honest) = mock(text, scenario);
    let judgement = judge(
        &contract,
        &facts,
        &honest,
        &options(Vec::new()),
        &mut |_| {},
    );
    let mut upheld = Vec::new();
    for finding in &judgement.findings {
        let id = finding.law.id;
        match &finding.verdict {
            Verdict::Upheld { .. } => upheld.push(id),
            Verdict::NotInForce { .. } => {}
            Verdict::Unjudged { reason } => {
                assert!(finding.level < Level::Must, "{id} is unjudged: {reason}");
            }
            other => panic!("{id} of the mock: {other:#?}"),
        }
    }
    let mut caught = 0;
    let mut free = Vec::new();
    for id in upheld {
        let law = catalogue::law(id).unwrap();
        let (_, _, honest) = mock(text, scenario);
        let liar = Liar::new(contract.clone(), law.lie, honest);
        let options = options(vec![id.to_owned()]);
        let judgement = judge(&contract, &facts, &liar, &options, &mut |_| {});
        match &judgement.findings[0].verdict {
            Verdict::Broken(_) => caught += 1,
            _ => free.push(id),
        }
    }
    assert_eq!(free, spared);
    caught
}

#[test]
fn tokens_are_judged() {
    let caught = upheld_and_caught(TOKEN, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn a_server_that_trusts_what_it_decodes_is_caught() {
    let (contract, facts, honest) = mock(TOKEN, &made_up());
    let trusts = |request: &Request| -> Result<Reply, Lost> {
        let mut reply = honest.send(request)?;
        let query = request.query();
        let token = query.iter().find(|(name, _)| *name == "token");
        let served = String::from_utf8_lossy(&reply.body).contains("\"id\"");
        if token.is_some_and(|(_, token)| token.len() == 4) && !served {
            reply.status = 500;
        }
        Ok(reply)
    };
    let law = catalogue::law("hostile-input-never-breaks-the-server").unwrap();
    let found = verdict(law, &contract, &facts, &trusts);
    assert!(matches!(found, Verdict::Broken(_)), "{found:#?}");
}

#[test]
fn page_numbers_with_links_are_judged() {
    let caught = upheld_and_caught(PAGE, &[]);
    assert!(caught > 35, "{caught}");
}

#[test]
fn changes_since_a_number_in_pages_are_judged() {
    // A negative number is refused, and an empty page without a number is no page.
    let spared = ["negative-sequence-is-handled", "unknown-resource-is-404"];
    let caught = upheld_and_caught(CHANGES, &spared);
    assert!(caught > 40, "{caught}");
}

#[test]
fn a_token_in_the_body_is_judged() {
    // A liar has no token to hand out where the honest server has none: more without a way on is moot.
    let caught = upheld_and_caught(BODY, &["has-more-only-when-more-remain"]);
    assert!(caught > 35, "{caught}");
}
