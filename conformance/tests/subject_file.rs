//! What a wrong subject file is told.

use conformance::Facts;
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
fn a_wrong_subject_file_is_told_where_and_what_to_do() {
    check(
        "callers: { ann: { token: env:ANN } }\ntimelines: {}",
        "subject.yaml:1:19: the environment variable `ANN` is not set\n  help: set it before the run: `export ANN=...`",
    );
    check(
        "callers: { ann: { token: 'a b' } }\ntimelines: {}",
        "subject.yaml:1:19: a token must be visible ASCII characters, at least one\n  help: check for spaces or line breaks around it",
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
        "subject.yaml:5:9: the resource `a` stands here twice\n  help: take one of them out",
    );
    check(
        &format!("{CALLERS}timelines: {{ job-timeline: [] }}"),
        "subject.yaml:2:14: a timeline needs at least one resource\n  help: add `- { id: ..., owner: ... }`",
    );
}

#[test]
fn an_unknown_key_is_told_with_those_that_are_known() {
    let told = problem(&format!("{CALLERS}timelines: {{}}\nhokks: {{}}"));
    assert!(
        told.starts_with("subject.yaml:3:1: unknown field `hokks`, expected one of `callers`"),
        "{told}"
    );
}

#[test]
fn a_law_that_a_document_states_cannot_be_lowered() {
    let told = problem(&format!(
        "{CALLERS}timelines: {{}}\nlevels: {{ cursor-is-exclusive: {{ level: INFO, reason: slow }} }}"
    ));
    assert!(
        told.contains("is stated by the document, so it cannot be lowered"),
        "{told}"
    );
}
