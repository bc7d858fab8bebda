//! Lists whose shortest page holds all of their items. No law about the way on is left unjudged: it is not in force.

use fixtures::Scenario;
use openapi::Source;

use super::dialects::mock;
use super::unsaid::all_are_judged;
use crate::testing::verdict;
use crate::{Verdict, catalogue};

/// A list with these parameters, whose pages have these properties, which pages as `pagination` says.
fn document(parameters: &str, properties: &str, pagination: &str) -> String {
    format!(
        "
openapi: 3.1.0
info: {{ title: Notes, version: '1' }}
paths:
  /notes:
    get:
      parameters: [{parameters}]
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ type: object, required: [rows], properties: {{ rows: {{ type: array, items: {{ type: object, required: [id, state], properties: {{ id: {{ type: string }}, state: {{ enum: [open, done] }} }} }} }}, {properties} }} }} }} }} }}, 400: {{ description: '' }} }}
      x-pagination: {{ name: notes, items: $.rows, key: $.id, {pagination} }}
"
    )
}

/// A world in which the list has this many items.
fn world(items: u64) -> Scenario {
    let text = format!(
        "owners: [{{ name: ada, token: token-of-ada }}, {{ name: grace, token: token-of-grace }}]
timelines:
  notes:
    life: {{ first: {{}}, steps: [{{}}], ends: {{}} }}
    pace: {{ every: 1s }}
    jobs: [{{ owner: ada, events: {items} }}]
"
    );
    Scenario::read(Source::new("notes.yaml", text)).unwrap()
}

const STATE: &str = "{ name: state, in: query, schema: { enum: [open, done] } }";
const TOKEN: &str = "{ name: token, in: query, schema: { type: string } }";
const NEXT: &str = "next: { type: [string, 'null'] }, pages: { type: integer }";

/// The document of each dialect whose way on may be missing. A page of 20 is the shortest.
fn documents() -> [String; 3] {
    let size = "{ name: size, in: query, schema: { type: integer, minimum: 20, maximum: 50, default: 20 } }";
    let pages = "totals: { pages: $.pages }";
    [
        document(
            STATE,
            NEXT,
            &format!("style: follow, next: {{ url: $.next }}, {pages}"),
        ),
        document(
            &format!("{TOKEN}, {STATE}"),
            NEXT,
            &format!(
                "style: token, request: {{ cursor: {{ in: query, name: token }} }}, next: {{ cursor: $.next }}, {pages}"
            ),
        ),
        document(
            &format!("{TOKEN}, {STATE}, {size}"),
            NEXT,
            &format!(
                "style: token, request: {{ cursor: {{ in: query, name: token }}, limit: {{ in: query, name: size }} }}, next: {{ cursor: $.next }}, cursor: {{ carries: [limit, filters] }}, {pages}"
            ),
        ),
    ]
}

#[test]
fn laws_about_the_way_on_are_not_in_force_where_a_list_has_one_page() {
    for text in documents() {
        let (contract, facts, honest) = mock(&text, &world(8));
        all_are_judged(&contract, &facts, &honest);
    }
}

#[test]
fn they_are_in_force_where_the_same_list_has_more() {
    for (text, id) in documents().into_iter().zip([
        "next-url-reads-the-next-page",
        "forged-token-never-restarts",
        "token-keeps-its-limit",
    ]) {
        let (contract, facts, honest) = mock(&text, &world(60));
        let law = catalogue::law(id).unwrap();
        let found = verdict(law, &contract, &facts, &honest);
        assert!(matches!(found, Verdict::Upheld { .. }), "{id}: {found:#?}");
    }
}
