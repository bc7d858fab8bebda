//! A server is judged by its document, a token and its URL alone.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use conformance::report::{Form, Report, Style};
use conformance::{
    Caller, Discovered, Facts, Judgement, Level, Liar, Lost, Options, Outlook, Reply, Request,
    Service, Subject, Verdict, catalogue, contracts, discover, judge_all, outlook,
};
use fixtures::Scenario;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Contract, Document, Names, Source};
use serde_json::{Value, json};

/// The search may take any time.
const NO_LIMIT: Duration = Duration::MAX;

/// The time of the stopped clocks of mock and judge.
const NOW: Duration = Duration::from_hours(24 * 20_454);

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + NOW
}

/// Boards at the top, pins below them, and notes below what no list hands out.
const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Boards, version: '1' }
security: [{ key: [] }]
paths:
  /boards:
    get: { operationId: boards, parameters: [{ $ref: '#/components/parameters/after' }, { $ref: '#/components/parameters/limit' }], responses: { $ref: '#/components/x-answers' } }
  /boards/{board}/pins:
    get: { operationId: pins, parameters: [{ name: board, in: path, required: true, schema: { type: string } }, { $ref: '#/components/parameters/after' }, { $ref: '#/components/parameters/limit' }], responses: { $ref: '#/components/x-answers' } }
  /walls/{wall}/notes:
    get: { operationId: notes, parameters: [{ name: wall, in: path, required: true, schema: { type: string } }, { $ref: '#/components/parameters/after' }, { $ref: '#/components/parameters/limit' }], responses: { $ref: '#/components/x-answers' } }
components:
  securitySchemes: { key: { type: http, scheme: bearer } }
  parameters:
    after: { name: after, in: query, schema: { type: string } }
    limit: { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
";

/// The document; each operation has its own answers, because `responses` takes no `$ref`.
fn document() -> Document {
    document_with("")
}

/// The document; its pages have these properties, too.
fn document_with(properties: &str) -> Document {
    let page = "{ 200: { description: '', content: { application/json: { schema: { type: object, required: [data, has_more], properties: { data: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, has_more: { type: boolean } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }";
    let page = page.replace(
        "has_more: { type",
        &format!("{properties}has_more: {{ type"),
    );
    let text = DOCUMENT.replace("{ $ref: '#/components/x-answers' }", &page);
    Document::read(Source::new("boards.yaml", text), &[]).unwrap()
}

fn mock() -> Arc<dyn Subject> {
    mock_of(document())
}

fn mock_of(document: Document) -> Arc<dyn Subject> {
    Arc::new(Service::new(router_of(document)).unwrap())
}

fn router_of(document: Document) -> axum::Router {
    let scenario = Scenario::bundled().unwrap().limited_to(&Names::of(&[]));
    let plan = Plan::of(&[document], scenario, 1, now()).unwrap();
    let mock = Mock::new(plan).unwrap();
    Rim::new(Arc::new(mock), Clock::new(Arc::new(now))).router()
}

fn found(subject: &dyn Subject, doubtful: &[Contract]) -> Discovered {
    found_by(&document(), subject, doubtful)
}

fn found_by(document: &Document, subject: &dyn Subject, doubtful: &[Contract]) -> Discovered {
    let sure = contracts(std::slice::from_ref(document)).unwrap();
    let callers = [("caller", "env:TOKEN"), ("stranger", "token-of-grace")];
    let callers = callers.map(|(name, token)| Caller {
        name,
        token: token.to_owned(),
    });
    let variable = |name: &str| (name == "TOKEN").then(|| "token-of-ada".to_owned());
    discover(&sure, doubtful, &callers, subject, &variable, NO_LIMIT).unwrap()
}

fn judged(found: &Discovered, subject: &dyn Subject) -> Vec<Judgement> {
    let options = Options {
        cases: 4,
        clock: || SystemTime::UNIX_EPOCH + NOW,
        ..Options::default()
    };
    let pairs: Vec<_> = found
        .judged
        .iter()
        .map(|(contract, facts)| (contract, facts))
        .collect();
    judge_all(&pairs, subject, &options, &mut |_| {})
}

/// The ids of the broken laws.
fn broken(judgements: &[Judgement]) -> Vec<&'static str> {
    let findings = judgements.iter().flat_map(|one| &one.findings);
    let broken = findings.filter(|one| matches!(one.verdict, Verdict::Broken(_)));
    broken.map(|one| one.law.id).collect()
}

#[test]
fn an_honest_server_is_upheld_and_a_liar_is_caught() {
    let mock = mock();
    let found = found(&*mock, &[]);
    let names: Vec<_> = found
        .judged
        .iter()
        .map(|(contract, _)| contract.name())
        .collect();
    assert_eq!(
        names,
        ["boards/boards", "boards/pins"],
        "{:?}",
        found.left_out
    );
    let judgements = judged(&found, &*mock);
    let broken = broken(&judgements);
    assert_eq!(outlook(&judgements, false), Outlook::Upheld, "{broken:?}");

    let law = catalogue::law("cursor-is-exclusive").unwrap();
    let contract = found.judged[0].0.clone();
    let honest = Arc::clone(&mock);
    let honest = move |request: &Request| honest.send(request);
    let liar = Liar::new(contract, law.lie, honest);
    let judgements = judged(&found, &liar);
    assert_eq!(outlook(&judgements, false), Outlook::Broken);
    let mut findings = judgements.iter().flat_map(|one| &one.findings);
    let finding = findings.find(|one| one.law.id == law.id).unwrap();
    assert!(matches!(finding.verdict, Verdict::Broken(_)), "{finding:?}");
}

#[test]
fn every_report_says_what_was_assumed() {
    let mock = mock();
    let found = found(&*mock, &[]);
    let judgements = judged(&found, &*mock);
    let pairs = found.judged.iter().zip(judgements);
    let pairs = pairs.map(|((contract, facts), judgement)| (contract, facts, judgement));
    let report = Report::new(
        "http://localhost",
        1,
        false,
        pairs.collect(),
        Duration::ZERO,
    );
    let report = report.with_assumed(["not judged: GET /walls".to_owned()]);
    for (name, form) in Form::ALL {
        let text = report.written(*form);
        for said in ["pages as it seems to", "not judged: GET /walls"] {
            assert!(text.contains(said), "{name} does not say `{said}`:\n{text}");
        }
    }
    let terminal = report.terminal(Style::default());
    assert!(terminal.contains("assumed: "), "{terminal}");
}

#[test]
fn a_total_that_nobody_explained_is_only_reported() {
    let document = document_with("total: { type: integer }, ");
    let mock = mock_of(document.clone());
    let capped = |request: &Request| {
        let mut reply = mock.send(request)?;
        if let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body)
            && let Some(total) = body.get_mut("total")
        {
            *total = json!(total.as_u64().unwrap_or(0).min(3));
            reply.body = body.to_string().into();
        }
        Ok(reply)
    };
    let found = found_by(&document, &capped, &[]);
    let judgements = judged(&found, &capped);
    let broken = broken(&judgements);
    assert_eq!(outlook(&judgements, false), Outlook::Upheld, "{broken:?}");
    let findings = judgements.iter().flat_map(|one| &one.findings);
    let mut of_total = findings.filter(|one| one.law.id == "total-counts-every-item");
    assert!(
        of_total.any(|one| matches!(one.verdict, Verdict::Broken(_)) && one.level == Level::Info)
    );
}

/// A server with three boards, of which each has five pins: `b1` to `b3`, and `b1-1` and so on.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a server that is asked by a function may lose a request"
)]
fn boards(request: &Request) -> Result<Reply, Lost> {
    let path: Vec<_> = request
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let query = request.query();
    let value = |name: &str| {
        query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    let ids: Vec<String> = match path.as_slice() {
        ["boards"] => (1..=3).map(|place| format!("b{place}")).collect(),
        ["boards", board, "pins"] if board.starts_with('b') => {
            (1..=5).map(|place| format!("{board}-{place}")).collect()
        }
        _ => return Ok(answer(404, &json!({}))),
    };
    let start = value("after").and_then(|after| ids.iter().position(|id| *id == after));
    let limit = value("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10_usize);
    let rest = &ids[start.map_or(0, |start| start + 1)..];
    let page: Vec<_> = rest
        .iter()
        .take(limit)
        .map(|id| json!({ "id": id }))
        .collect();
    Ok(answer(
        200,
        &json!({ "has_more": rest.len() > page.len(), "data": page }),
    ))
}

fn answer(status: u16, body: &Value) -> Reply {
    Reply {
        status,
        headers: http::HeaderMap::new(),
        body: body.to_string().into(),
    }
}

#[test]
fn ids_of_nested_lists_are_those_of_the_items_above() {
    let found = found(&boards, &[]);
    let named = |name: &str| {
        let mut judged = found.judged.iter();
        judged.find(|(contract, _)| contract.name() == name)
    };
    let (_, facts) = named("boards/pins").unwrap();
    let resources: Vec<_> = facts
        .resources()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(resources, ["b1", "b2"]);
    assert!(facts.stranger_to(&facts.resources()[0]).is_some());
    assert!(named("boards/notes").is_none());
    let [left_out] = found.left_out.as_slice() else {
        panic!("{:?}", found.left_out);
    };
    assert!(
        left_out.contains("no list that was read hands out values of `wall`"),
        "{left_out}"
    );

    // The file says the same without a search.
    let variable = |_: &str| Some("token-of-ada".to_owned());
    let sure = contracts(&[document()]).unwrap();
    let again = Facts::read(&found.subject_file, &sure, variable).unwrap();
    assert_eq!(again.len(), found.judged.len());
    assert!(
        !found.subject_file.text().contains("token-of-ada"),
        "the token stays where it is"
    );
}

#[test]
fn doubts_are_settled_by_the_second_page() {
    // Taken for doubtful, the boards page as they seem to.
    let callers: [Caller; 0] = [];
    let variable = |_: &str| None;
    let open = Document::read(
        Source::new(
            "boards.yaml",
            document()
                .source()
                .text()
                .replace("security: [{ key: [] }]", "security: []"),
        ),
        &[],
    )
    .unwrap();
    let doubtful = contracts(&[open]).unwrap();
    let found = discover(&[], &doubtful, &callers, &boards, &variable, NO_LIMIT).unwrap();
    assert_eq!(
        found.settled,
        ["GET /boards: the page behind the first 2 items has 1 others"]
    );
    let deaf = |request: &Request| boards(&request.with_query(&[]));
    let error = discover(&[], &doubtful, &callers, &deaf, &variable, NO_LIMIT).unwrap_err();
    assert!(
        format!("{error:?}").contains("how it pages is a guess"),
        "{error:?}"
    );
}

#[test]
fn a_document_whose_lists_are_posts_is_told_the_flag() {
    let text = "
openapi: 3.1.0
paths:
  /notes/search:
    post:
      operationId: searchNotes
      requestBody: { content: { application/json: { schema: { type: object, properties: { cursor: { type: string }, limit: { type: integer, minimum: 1, maximum: 50, default: 10 } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [data, has_more], properties: { data: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, next_cursor: { type: string }, has_more: { type: boolean } } } } } } }
";
    let document = Document::read(Source::new("notes.yaml", text.to_owned()), &[]).unwrap();
    let error = format!("{:?}", contracts(&[document]).unwrap_err());
    assert!(
        error.contains("--assume-posts") && error.contains("(1 operations)"),
        "{error}"
    );
    let nothing = Document::read(
        Source::new("none.yaml", "openapi: 3.1.0\npaths: {}\n".to_owned()),
        &[],
    );
    let error = format!("{:?}", contracts(&[nothing.unwrap()]).unwrap_err());
    assert!(!error.contains("--assume-posts"), "{error}");
}

#[test]
fn a_search_without_time_asks_nothing_and_says_why() {
    let sure = contracts(&[document()]).unwrap();
    let never = |request: &Request| -> Result<Reply, Lost> { panic!("{}", request.target) };
    let error = discover(&sure, &[], &[], &never, &|_| None, Duration::ZERO).unwrap_err();
    let text = format!("{error:?}");
    for list in ["/boards", "/boards/{board}/pins", "/walls/{wall}/notes"] {
        let line = format!(
            "GET {list}: the time for the search is used up; what would let it: a longer --time-limit"
        );
        assert!(text.contains(&line), "{text}");
    }
}

/// The mock of a document behind a socket: its URL.
fn served(document: Document) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router_of(document)).await.unwrap();
        });
    });
    url
}

/// The laws that the program upholds for each timeline; nothing may be broken.
fn upheld_by_the_program(arguments: &[&str], report: &Path) -> BTreeSet<(String, String)> {
    let mut check = Command::new(env!("CARGO_BIN_EXE_conformance"));
    check.arg("check").args(arguments).args(["--cases", "4"]);
    check
        .arg("--report")
        .arg(format!("json={}", report.display()));
    let output = check.env("TOKEN", "token-of-ada").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let report: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let timelines = report["timelines"].as_array().unwrap().iter();
    let upheld = timelines.flat_map(|timeline| {
        let findings = timeline["findings"].as_array().unwrap().iter();
        let upheld = findings.filter(|one| one["verdict"] == "upheld");
        upheld.map(|one| (timeline["name"].to_string(), one["law"].to_string()))
    });
    upheld.collect()
}

#[test]
fn what_is_saved_repeats_the_run_over_a_socket() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("saved");
    fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    fs::write(path("boards.yaml"), document().source().text()).unwrap();
    let url = served(document());
    let (boards, overlay, subject) = (
        path("boards.yaml"),
        path("boards.overlay.yaml"),
        path("subject.yaml"),
    );
    let saving = [
        "--token",
        "env:TOKEN",
        "--save",
        &folder.display().to_string(),
    ];
    let by_document = [&url, "--document", &boards];
    let first = upheld_by_the_program(&[&by_document[..], &saving].concat(), &folder.join("first"));
    let saved = fs::read_to_string(&subject).unwrap();
    assert!(
        saved.contains("env:TOKEN") && !saved.contains("token-of-ada"),
        "{saved}"
    );

    let with_files = ["--overlay", &overlay, "--subject", &subject];
    let arguments = [&by_document[..], &with_files].concat();
    let again = upheld_by_the_program(&arguments, &folder.join("again"));
    let lost: Vec<_> = first.difference(&again).collect();
    assert!(first.len() > 60 && lost.is_empty(), "{lost:?}");
}

/// A document of walls, which do not page, and of notes below them. `wall` is what the path of the notes takes, and
/// `links` stands beside the answer with the walls.
fn walls(wall: &str, links: &str) -> Document {
    let text = format!(
        "
openapi: 3.1.0
info: {{ title: Walls, version: '1' }}
paths:
  /surfaces:
    get: {{ operationId: surfaces, responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: array, items: {{ type: object, properties: {{ id: {{ type: integer }}, code: {{ $ref: '#/components/schemas/Code' }} }} }} }} }} }}{links} }} }} }}
  /walls/{{wall}}/notes:
    get: {{ operationId: notes, parameters: [{{ name: wall, in: path, required: true, schema: {wall} }}, {{ name: after, in: query, schema: {{ type: string }} }}, {{ name: limit, in: query, schema: {{ type: integer, minimum: 1, maximum: 50, default: 10 }} }}], responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [data, has_more], properties: {{ data: {{ type: array, items: {{ type: object, required: [id], properties: {{ id: {{ type: string }} }} }} }}, has_more: {{ type: boolean }} }} }} }} }} }}, 404: {{ description: '' }} }} }}
components:
  schemas: {{ Code: {{ type: string }} }}
"
    );
    Document::read(Source::new("walls.yaml", text), &[]).unwrap()
}

/// A server with two walls, each with a note.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a server that is asked by a function may lose a request"
)]
fn surfaces(request: &Request) -> Result<Reply, Lost> {
    Ok(match request.path() {
        "/surfaces" => answer(
            200,
            &json!([{ "id": 1, "code": "north" }, { "id": 2, "code": "east" }]),
        ),
        "/walls/north/notes" | "/walls/east/notes" => answer(
            200,
            &json!({ "has_more": false, "data": [{ "id": request.path() }] }),
        ),
        _ => answer(404, &json!({})),
    })
}

#[test]
fn ids_are_taken_by_links_and_by_schemas_from_lists_that_do_not_page() {
    const LINK: &str = ", links: { Notes: { operationId: notes, parameters: { wall: '$response.body#/0/code' } } }";
    let code = "{ $ref: '#/components/schemas/Code' }";
    for (wall, links, expected) in [
        ("{ type: string }", LINK, vec!["north", "east"]),
        (code, "", vec!["north", "east"]),
        ("{ type: string }", "", vec![]),
    ] {
        let document = walls(wall, links);
        let sure = contracts(std::slice::from_ref(&document)).unwrap();
        let found = discover(&sure, &[], &[], &surfaces, &|_| None, NO_LIMIT);
        let names = found.map(|found| {
            let (_, facts) = &found.judged[0];
            let names = facts.resources().iter();
            names.map(|one| one.name.clone()).collect::<Vec<_>>()
        });
        assert_eq!(names.unwrap_or_default(), expected, "{wall} {links}");
    }
}
