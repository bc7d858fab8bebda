//! A timeline has one name, and its document's stem is a short form while it is unambiguous.

use openapi::{Contract, Document, Names, Problem, Source};

const PAGES: &str = "{ parameters: [{ name: from, in: query, schema: {} }], responses: { 200: { content: { application/json: { schema: { properties: { items: { items: { properties: { id: {} } } } } } } } } }, operationId: ID, x-pagination: { NAME style: cursor, items: $.items, key: $.id, request: { cursor: { in: query, name: from } }, next: { cursor: '$.items[-1:].id' } } }";

/// A document with a paged operation for each pair of an `operationId` and a `name`.
fn document(file: &str, operations: &[(&str, &str)]) -> Document {
    let mut text = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n".to_owned();
    for (place, (id, name)) in operations.iter().enumerate() {
        let name = if name.is_empty() {
            String::new()
        } else {
            format!("name: {name},")
        };
        let pages = PAGES.replace("ID", id).replace("NAME", &name);
        text += &format!("  /{file}/{place}: {{ get: {pages} }}\n");
    }
    Document::read(Source::new(format!("{file}.yaml"), text), &[]).unwrap()
}

fn contracts(documents: &[Document]) -> Result<Vec<Contract>, Problem> {
    let mut contracts = Vec::new();
    for document in documents {
        contracts.extend(document.contracts()?);
    }
    openapi::check_distinct(&contracts)?;
    Ok(contracts)
}

fn names(contracts: &[Contract]) -> Vec<String> {
    contracts.iter().map(Contract::name).collect()
}

#[test]
fn a_name_does_not_change_when_a_second_operation_pages() {
    let one = contracts(&[document("d", &[("list", "")])]).unwrap();
    let two = contracts(&[document("d", &[("list", ""), ("more", "")])]).unwrap();
    assert_eq!(names(&one), ["d/list"]);
    assert_eq!(names(&two), ["d/list", "d/more"]);
}

#[test]
fn a_stem_is_a_short_form_while_one_operation_pages() {
    let one = contracts(&[
        document("d", &[("list", "")]),
        document("e", &[("list", "e")]),
    ])
    .unwrap();
    let names = Names::of(&one);
    assert_eq!(names.find("d"), Ok(0));
    assert_eq!(names.find("d/list"), Ok(0));
    assert_eq!(names.find("e"), Ok(1));
    assert_eq!((names.short(0), names.short(1)), (Some("d"), Some("e")));
    let unknown = names.find("e/list").unwrap_err();
    assert_eq!(
        unknown.message,
        "`e/list` is no name of timelines in these documents"
    );
    assert_eq!(unknown.cure, "write one of d/list, e");

    assert!(one[0].is_named("d") && one[0].is_named("d/list") && !one[0].is_named("e"));

    let two = contracts(&[document("d", &[("list", ""), ("more", "")])]).unwrap();
    assert!(two[0].is_named("d/list") && !two[0].is_named("d"));
    let names = Names::of(&two);
    assert_eq!(names.find("d/more"), Ok(1));
    assert_eq!(
        names.find("d").unwrap_err().message,
        "`d` names several timelines"
    );
}

#[test]
fn two_timelines_with_one_name_are_an_error_at_the_second() {
    let problem = contracts(&[document("d", &[("list", "a"), ("more", "a")])]).unwrap_err();
    assert_eq!(problem.message(), "the name `a` belongs to two timelines");
    assert!(
        problem.place().unwrap().starts_with("d.yaml:5:"),
        "{problem}"
    );
    let problem = contracts(&[
        document("d", &[("list", "e")]),
        document("e", &[("list", "e")]),
    ]);
    assert!(
        problem
            .unwrap_err()
            .place()
            .unwrap()
            .starts_with("e.yaml:4:")
    );
}
