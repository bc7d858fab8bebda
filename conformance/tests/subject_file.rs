//! The subject file: the values that it gives, and the messages about its mistakes.

use std::time::Duration;

use conformance::report::Report;
use conformance::{Facts, Lost, Options, Outlook, Reply, Request, judge};
use openapi::{Contract, Document, Source};

fn problem(text: &str) -> String {
    let documents = Document::bundled().unwrap();
    let contracts: Vec<Contract> = documents
        .iter()
        .flat_map(|one| one.contracts().unwrap())
        .collect();
    let problem =
        Facts::read(&Source::new("subject.yaml", text), &contracts, |_| None).unwrap_err();
    let help = miette::Diagnostic::help(&problem).map(|help| help.to_string());
    format!(
        "{problem}\n  help: {}",
        help.expect("every problem names its cure")
    )
}

fn check(text: &str, expect: &str) {
    assert_eq!(problem(text), expect, "{text}");
}

const CALLERS: &str = "callers: { ann: { token: secret } }\n";

#[test]
fn a_problem_of_a_subject_file_has_a_place_and_a_cure() {
    check(
        "callers: { ann: { token: env:ANN } }\ntimelines: {}",
        "subject.yaml:1:19: the environment variable `ANN` is not set\n  help: set it before the run: `export ANN=...`",
    );
    check(
        "callers: { ann: { token: 'a b' } }\ntimelines: {}",
        "subject.yaml:1:19: a token must be visible ASCII characters, at least one\n  help: check for spaces or line breaks around it",
    );
    check(
        "callers: { ann: { token: { command: [no-such-program] } } }\ntimelines: {}",
        "subject.yaml:1:28: `token.command` of `ann`: `no-such-program` cannot be started: No such file or directory (os error 2)\n  help: write a program that prints the token and ends: `[vault, read, ...]`",
    );
    check(
        "callers: { ann: { token: { command: ['true'] } } }\ntimelines: {}",
        "subject.yaml:1:28: `token.command` of `ann`: `true` printed nothing\n  help: write a program that prints the token and ends: `[vault, read, ...]`",
    );
    check(
        "callers: { ann: { token: { command: ['false'] } } }\ntimelines: {}",
        "subject.yaml:1:28: `token.command` of `ann`: `false` failed with exit status: 1\n  help: write a program that prints the token and ends: `[vault, read, ...]`",
    );
    check(
        &format!("{CALLERS}timelines: {{ lunch: [{{ id: a, owner: ann }}] }}"),
        "subject.yaml:2:14: `lunch` is no name of timelines in these documents\n  help: write one of wandb-training, job-timeline",
    );
    check(
        &format!("{CALLERS}timelines:\n  job-timeline:\n    - {{ id: a, owner: bob }}"),
        "subject.yaml:4:16: no caller is called `bob`\n  help: the callers are `ann`",
    );
    check(
        &format!(
            "{CALLERS}timelines:\n  job-timeline:\n    - {{ id: a, owner: ann }}\n    - {{ id: a, owner: ann }}"
        ),
        "subject.yaml:5:9: the resource `a` is listed twice\n  help: remove one of them",
    );
    check(
        &format!("{CALLERS}timelines: {{ job-timeline: [] }}"),
        "subject.yaml:2:14: a timeline needs at least one resource\n  help: add `- { id: ..., owner: ... }`",
    );
}

#[test]
fn a_problem_of_an_unknown_key_lists_the_known_keys() {
    let message = problem(&format!("{CALLERS}timelines: {{}}\nhokks: {{}}"));
    assert!(
        message.starts_with("subject.yaml:3:1: unknown field `hokks`, expected one of `callers`"),
        "{message}"
    );
}

#[test]
fn a_law_that_a_document_states_cannot_be_lowered() {
    let message = problem(&format!(
        "{CALLERS}timelines: {{}}\nlevels: {{ cursor-is-exclusive: {{ level: INFO, reason: slow }} }}"
    ));
    assert!(
        message.contains("is stated by the document, so it cannot be lowered"),
        "{message}"
    );
}

/// A document whose requests need more than an id. The schema of `depot` is `schema`.
fn depots(schema: &str) -> Document {
    let text = format!(
        "
openapi: 3.1.0
paths:
  /depots/{{depot}}/parcels/{{id}}/scans:
    get:
      parameters:
        - {{ name: depot, in: path, required: true, schema: {schema} }}
        - {{ name: id, in: path, required: true, schema: {{ type: string }} }}
        - {{ name: Currency, in: header, required: true, schema: {{ type: string, enum: [eur, usd] }} }}
        - {{ name: language, in: query, schema: {{ type: string }} }}
        - {{ name: after, in: query, schema: {{ type: string }} }}
      responses: {{ '200': {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [rows], properties: {{ rows: {{ type: array, items: {{ type: object, required: [id], properties: {{ id: {{ type: string }} }} }} }} }} }} }} }} }} }}
      x-pagination: {{ style: cursor, items: $.rows, key: $.id, request: {{ cursor: {{ in: query, name: after }} }}, next: {{ cursor: $.next }}, parent: {{ parameter: id }} }}
"
    );
    let text = text.replace("$.next", "'$.rows[-1:].id'");
    Document::read(Source::new("depots.yaml", text), &[]).unwrap()
}

fn facts(schema: &str, timeline: &str) -> Result<(Contract, Facts), String> {
    let file = format!("{CALLERS}timelines:\n  depots:\n{timeline}");
    let read = Facts::of(&[depots(schema)], &Source::new("subject.yaml", file));
    read.map(|mut found| found.remove(0)).map_err(|problem| {
        let help = miette::Diagnostic::help(&problem).map(|help| help.to_string());
        format!("{problem}\n  help: {}", help.unwrap_or_default())
    })
}

const TEXT: &str = "{ type: string }";

#[test]
fn a_resource_has_path_values_and_parameters() {
    let timeline = "    parameters: { currency: usd, language: de }
    resources:
    - { path: { depot: d/1, id: 17 }, owner: ann }
    - { path: { depot: d2 }, id: '17', owner: ann, parameters: { language: fr } }
";
    let (_, facts) = facts(TEXT, timeline).unwrap();
    let [one, other] = facts.resources() else {
        panic!("{facts:?}");
    };
    assert_eq!(
        (one.name.as_str(), other.name.as_str()),
        ("d%2F1/17", "d2/17")
    );
    assert_eq!(one.path, ["d/1", "17"]);
    let sent = |one: &conformance::Resource| {
        let sent = one.parameters.iter();
        sent.map(|sent| format!("{}={}", sent.name, sent.text))
            .collect::<Vec<_>>()
    };
    assert_eq!(sent(one), ["Currency=usd", "language=de"]);
    assert_eq!(sent(other), ["Currency=usd", "language=fr"]);
    assert!(facts.taken().is_empty() && facts.lacking().is_none());
}

#[test]
fn lists_and_objects_are_sent_in_their_style() {
    let text = "
openapi: 3.1.0
paths:
  /scans:
    get:
      parameters:
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: sizes, in: query, style: pipeDelimited, schema: { type: array, items: { type: integer } } }
        - { name: filter, in: query, style: deepObject, schema: { type: object } }
        - { name: Kinds, in: header, schema: { type: array, items: { type: string } } }
        - { name: after, in: query, schema: { type: string } }
      responses: { '200': { description: '', content: { application/json: { schema: { type: object, required: [rows], properties: { rows: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } } } } } } } }
      x-pagination: { style: cursor, items: $.rows, key: $.id, request: { cursor: { in: query, name: after } }, next: { cursor: '$.rows[-1:].id' } }
";
    let document = Document::read(Source::new("scans.yaml", text), &[]).unwrap();
    let read = |parameters: &str| {
        let file = format!(
            "{CALLERS}timelines: {{ scans: {{ parameters: {parameters}, resources: [{{ id: a }}] }} }}\n"
        );
        Facts::of(
            std::slice::from_ref(&document),
            &Source::new("subject.yaml", file),
        )
    };
    let given = "{ tags: [a b, c], sizes: [1, 2], filter: { state: { not: new } }, Kinds: [x, y] }";
    let (_, facts) = read(given).unwrap().remove(0);
    let sent = facts.resources()[0].parameters.iter();
    let sent: Vec<_> = sent
        .map(|sent| format!("{}={}", sent.name, sent.text))
        .collect();
    let expect = [
        "tags=a b",
        "tags=c",
        "sizes=1|2",
        "filter[state][not]=new",
        "Kinds=x,y",
    ];
    assert_eq!(sent, expect);
    let problem = read("{ tags: [] }").unwrap_err().to_string();
    assert_eq!(
        problem,
        "subject.yaml:2:37: `tags` cannot be sent as this value"
    );
}

#[test]
fn a_required_value_that_is_not_given_comes_from_the_document() {
    let (_, facts) = facts(
        "{ type: string, example: d1 }",
        "    - { id: '17', owner: ann }",
    )
    .unwrap();
    assert_eq!(facts.resources()[0].name, "d1/17");
    let taken: Vec<_> = facts.taken().iter().map(ToString::to_string).collect();
    assert_eq!(
        taken,
        [
            "path parameter `depot` is `d1`, its `example`",
            "header parameter `Currency` is `eur`, its `enum`"
        ]
    );
}

#[test]
fn nothing_is_sent_where_a_required_value_is_missing() {
    let (contract, facts) = facts(TEXT, "    - { id: '17', owner: ann }").unwrap();
    let subject = |request: &Request| -> Result<Reply, Lost> { panic!("{request:?} was sent") };
    let options = Options::default();
    let judgement = judge(&contract, &facts, &subject, &options, &mut |_| {});
    assert_eq!(judgement.requests, 0);
    let judged = vec![(&contract, &facts, judgement)];
    let report = Report::new("http://localhost", 1, false, judged, Duration::ZERO);
    assert_eq!(report.outlook(), Outlook::NotJudged);
    let text = report.terminal(conformance::report::Style::default());
    let reason = "the path parameter `depot` is required and has no value: write `path: { depot: ... }` in the \
                  subject file";
    assert!(text.contains(reason), "{text}");
}

#[test]
fn a_wrong_name_or_a_second_value_is_a_problem_at_its_place() {
    let check =
        |timeline: &str, expect: &str| assert_eq!(facts(TEXT, timeline).unwrap_err(), expect);
    check(
        "    - { path: { depto: d1, id: '17' }, owner: ann }",
        "subject.yaml:4:17: `depto` is no parameter of the path\n  help: it has `depot`, `id`",
    );
    check(
        "    - { id: '17', owner: ann, parameters: { curency: eur } }",
        "subject.yaml:4:45: `curency` is no parameter of the operation\n  help: it has `depot`, `id`, `Currency`, \
         `language`, `after`",
    );
    check(
        "    - { id: '17', owner: ann, parameters: { after: a } }",
        "subject.yaml:4:45: `after` says which page is asked for, and the judge varies it\n  help: take it out",
    );
    check(
        "    - { id: '17', path: { depot: d1, id: '18' }, owner: ann }",
        "subject.yaml:4:9: `id` is `17`, and `path.id` is `18`\n  help: remove one of them",
    );
    check(
        "    - { path: { depot: d1 }, owner: ann }",
        "subject.yaml:4:7: `id` is missing: the value of the path's parameter `id`\n  help: write `id: ...`",
    );
}
