//! Schemas with OpenAPI's own keywords: `nullable`, `readOnly`, `writeOnly`, `discriminator`, and bounds of 3.0.
//!
//! The mock is upheld, liars are caught, and servers that take the keywords as usual are spared.

use serde_json::{Value, json};

use super::declared::{AS_400, breach, document, spared};
use super::dialects::{caught_in, made_up, mock};
use crate::lie::Lied;
use crate::testing::{described, verdict};
use crate::{Law, Liar, Lost, Reply, Request, Verdict};

/// A list whose items have all of these keywords.
fn with_keywords() -> String {
    let row = "Row: { type: object, required: [id, text, password, size, pet, boss], properties: {
      id: { type: string, format: uuid }, text: { type: string, readOnly: true }, password: { $ref: '#/components/schemas/Secret' },
      size: { type: integer, minimum: 0, exclusiveMinimum: true, maximum: 2 }, pet: { $ref: '#/components/schemas/Pet' },
      boss: { nullable: true, allOf: [{ $ref: '#/components/schemas/Boss' }] }, deputy: { $ref: '#/components/schemas/Boss', nullable: true },
      state: { type: string, nullable: true, enum: [on, off] } } }
    Secret: { type: string, writeOnly: true }
    Boss: { type: object, required: [name], properties: { name: { type: string } } }
    Pet: { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }], discriminator: { propertyName: kind, mapping: { meow: '#/components/schemas/Cat', woof: Dog } } }
    Cat: { type: object, required: [kind], properties: { kind: { type: string }, lives: { type: integer } } }
    Dog: { type: object, required: [kind], properties: { kind: { type: string }, lives: { type: string } } }
    Error:";
    let document = document("application/json", AS_400);
    let (before, behind) = document.split_once("Row: {").unwrap();
    let (_, behind) = behind.split_once("Error:").unwrap();
    format!("{before}{row}{behind}")
}

/// The counterexample with which the liar about a law is caught.
pub(crate) fn caught(law: &'static Law) -> String {
    let (contract, facts, honest) = mock(&with_keywords(), &made_up());
    let liar = Liar::new(contract.clone(), law.lie, honest);
    match verdict(law, &contract, &facts, &liar) {
        Verdict::Broken(found) => described(&contract, &found),
        other => panic!("the liar about {} got away: {other:#?}", law.id),
    }
}

/// The honest answer, with these fields in each item.
fn with(lied: &Lied<'_>, request: &Request, fields: &Value) -> Result<Reply, Lost> {
    lied.edit_items(request, |items| {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            item.extend(fields.as_object().cloned().unwrap_or_default());
        }
    })
}

fn nulls(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(
        lied,
        request,
        &json!({ "boss": null, "deputy": null, "state": null }),
    )
}

fn dogs(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(lied, request, &json!({ "pet": { "kind": "woof" } }))
}

fn cats_like_dogs(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(
        lied,
        request,
        &json!({ "pet": { "kind": "meow", "lives": "nine" } }),
    )
}

fn cows(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(lied, request, &json!({ "pet": { "kind": "moo" } }))
}

fn nameless(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(lied, request, &json!({ "deputy": { "name": 7 } }))
}

fn zeros(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    with(lied, request, &json!({ "size": 0 }))
}

#[test]
fn keywords_of_openapi_are_judged() {
    let document = with_keywords();
    let caught = caught_in(&made_up(), &document, &[]);
    assert!(caught > 40, "{caught}");
    spared(&document, nulls);
    spared(&document, dogs);
    let newer = document.replace("openapi: 3.0.3", "openapi: 3.1.0");
    let newer = newer.replace("minimum: 0, exclusiveMinimum: true", "exclusiveMinimum: 0");
    spared(&newer, dogs);
}

#[test]
fn keywords_of_openapi_do_not_hide_what_is_wrong() {
    let document = with_keywords();
    let law = "answers-match-their-schema";
    for lie in [cats_like_dogs, cows, nameless, zeros] {
        assert!(breach(&document, law, lie).is_some());
    }
}
