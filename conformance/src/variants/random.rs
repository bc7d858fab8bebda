//! Small random documents: the mock serves each validly, and the judge upholds it.
//!
//! A validator that knows nothing but JSON Schema looks at the bodies, too. If the reader of documents took one
//! wrongly, mock and judge would take it wrongly together.

mod parts;
mod proxied;

use std::sync::Mutex;

use openapi::{Document, Source};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use self::parts::{Asked, PARTS, name, reference};
use super::dialects::{self, made_up, mock, options};
use crate::lock::lock;
use crate::{Level, Options, Reply, Request, Subject, Verdict, judge};

/// The number of documents, unless `PROPTEST_CASES` says another.
const DOCUMENTS: u32 = 24;

/// The operations of a thing, beside the list.
const THING: &str = "/things/{thing}";

/// A random document, and the request for its thing.
#[derive(Debug, Clone)]
struct Random {
    document: Value,
    asked: Asked,
}

/// A document with a list that pages, and a thing that is read and written.
fn random() -> impl Strategy<Value = Random> {
    let dialect = proptest::sample::select(&dialects::ALL[..]);
    let parts = (0..PARTS).map(|number| parts::schema(number + 1));
    let parts = parts.collect::<Vec<_>>();
    let drawn = (dialect, any::<bool>(), parts, parts::asked());
    drawn.prop_map(|(dialect, is_declared, parts, asked)| {
        let mut document = Source::new("rooms.yaml", dialect).parse().unwrap();
        let content = json!({ "application/json": { "schema": { "$ref": reference(0) } } });
        let responses = json!({
            "200": { "description": "A thing", "content": content },
            "400": { "description": "Wrong" },
        });
        let thing = json!({
            "name": "thing", "in": "path", "required": true, "schema": { "type": "string" },
        });
        document["paths"][THING] = json!({
            "parameters": [thing],
            "get": { "parameters": [asked.parameter], "responses": responses },
            "put": { "requestBody": { "required": true, "content": content }, "responses": responses },
        });
        let schemas = &mut document["components"]["schemas"];
        for (number, part) in parts.into_iter().enumerate() {
            schemas[name(number)] = part;
        }
        let row = &mut schemas["Row"];
        row["properties"]["extra"] = json!({ "$ref": reference(0) });
        let required = row["required"].as_array_mut().unwrap();
        required.push("extra".into());
        if !is_declared {
            let undeclared = without_paging(&document);
            if !read(&undeclared).assumed().is_empty() {
                document = undeclared;
            }
        }
        Random { document, asked }
    })
}

fn read(document: &Value) -> Document {
    Document::read(Source::new("rooms.yaml", document.to_string()), &[]).unwrap()
}

/// The document without `x-pagination`.
fn without_paging(document: &Value) -> Value {
    let mut document = document.clone();
    let paths = document["paths"].as_object_mut().unwrap();
    let operations = paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flatten();
    for (_, operation) in operations {
        if let Some(operation) = operation.as_object_mut() {
            operation.remove("x-pagination");
        }
    }
    document
}

/// A validator of the schema `name`, which knows nothing of OpenAPI.
fn validator(document: &Value, name: &str) -> jsonschema::Validator {
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// What breaks the schema, if anything does.
fn broken(validator: &jsonschema::Validator, value: &Value) -> Option<String> {
    let error = validator.iter_errors(value).next()?;
    Some(format!("{error} at {} of {value}", error.instance_path()))
}

fn request(method: &str, target: &str, body: &Value) -> Request {
    let has_body = !body.is_null();
    let json = ("content-type".to_owned(), "application/json".to_owned());
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: has_body.then_some(json).into_iter().collect(),
        body: if has_body {
            body.to_string().into()
        } else {
            bytes::Bytes::new()
        },
    }
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

fn check(random: &Random) -> Result<(), TestCaseError> {
    let Random { document, asked } = random;
    let (contract, facts, mock) = mock(&document.to_string(), &made_up());
    things_are_served_and_taken(document, asked, &mock)?;

    let rows = validator(document, "Row");
    let wrong = Mutex::new(Vec::new());
    let items = Mutex::new(0);
    let watched = |request: &Request| {
        let reply = mock.send(request)?;
        if reply.status == 200 && !request.target.starts_with("/things/") {
            let page = json_of(&reply);
            let found = contract.items(&page).unwrap_or_default();
            *lock(&items) += found.len();
            lock(&wrong).extend(found.iter().find_map(|item| broken(&rows, item)));
        }
        Ok(reply)
    };
    let options = Options {
        cases: 4,
        ..options(Vec::new())
    };
    let judgement = judge(&contract, &facts, &watched, &options, &mut |_| {});
    for finding in &judgement.findings {
        let id = finding.law.id;
        match &finding.verdict {
            Verdict::Upheld { .. } | Verdict::NotInForce { .. } => {}
            Verdict::Unjudged { reason } => {
                prop_assert!(
                    finding.level < Level::Must,
                    "{} is unjudged: {}",
                    id,
                    reason
                );
            }
            other => prop_assert!(false, "{} of the mock: {:#?}", id, other),
        }
    }
    prop_assert!(lock(&wrong).is_empty(), "{:?}", lock(&wrong));
    prop_assert!(*lock(&items) > 0, "no item was served");
    Ok(())
}

/// The thing is valid. What is sent back is accepted if it is valid, and refused if it is not.
fn things_are_served_and_taken(
    document: &Value,
    asked: &Asked,
    mock: &dyn Subject,
) -> Result<(), TestCaseError> {
    let thing = validator(document, &name(0));
    let reply = mock
        .send(&request("GET", asked.target, &Value::Null))
        .unwrap();
    let served = json_of(&reply);
    prop_assert_eq!(reply.status, 200, "{}: {}", asked.target, served);
    prop_assert_eq!(broken(&thing, &served), None);
    for wrong in asked.wrong {
        let reply = mock.send(&request("GET", wrong, &Value::Null)).unwrap();
        prop_assert_eq!(reply.status, 400, "{}", wrong);
    }
    let others = [
        json!(true),
        json!("?"),
        json!(-99),
        json!([[[]]]),
        json!({ "z": 1 }),
        json!({}),
    ];
    for body in std::iter::once(served)
        .chain(others)
        .filter(|body| !body.is_null())
    {
        let reply = mock.send(&request("PUT", "/things/a", &body)).unwrap();
        let expect = if thing.is_valid(&body) { 200 } else { 400 };
        prop_assert_eq!(reply.status, expect, "{}: {}", body, json_of(&reply));
        if expect == 200 {
            prop_assert_eq!(broken(&thing, &json_of(&reply)), None);
        }
    }
    Ok(())
}

#[test]
fn the_mock_of_a_random_document_is_upheld() {
    for_each(DOCUMENTS, check);
}

/// Checks this number of random documents, or the number that `PROPTEST_CASES` says.
fn for_each(documents: u32, check: impl Fn(&Random) -> Result<(), TestCaseError>) {
    let usual = Config::default();
    let is_asked_for = std::env::var_os("PROPTEST_CASES").is_some();
    let config = Config {
        cases: if is_asked_for { usual.cases } else { documents },
        failure_persistence: None,
        ..usual
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let run = runner.run(&random(), |random| check(&random));
    run.unwrap_or_else(|error| panic!("{error}"));
}
