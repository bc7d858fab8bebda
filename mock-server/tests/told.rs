//! Items that a scenario tells: they are listed, read, filtered and changed as others are.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use miette::Diagnostic;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Problem, Source};
use serde_json::{Value, json};

const SHELVES: &str = "
openapi: 3.1.0
info: { title: Shelves, version: '1' }
paths:
  /shelves:
    get: { operationId: listShelves, responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Shelf' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } } }
  /shelves/{shelf}:
    parameters: [{ name: shelf, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } }, 404: { description: '' } } }
  /shelves/{shelf}/books:
    parameters: [{ name: shelf, in: path, required: true, schema: { type: string } }]
    get:
      operationId: listBooks
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 50 } }, { name: kind, in: query, schema: { type: string } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items, total], properties: { total: { type: integer }, items: { type: array, items: { $ref: '#/components/schemas/Book' } } } } } } }, 404: { description: '' } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, 404: { description: '' } }
  /shelves/{shelf}/books/{id}:
    parameters: [{ name: shelf, in: path, required: true, schema: { type: string } }, { name: id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, 404: { description: '' } } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  schemas:
    Shelf: { type: object, required: [id, name], properties: { id: { type: string }, name: { type: string, minLength: 1 } } }
    Book: { type: object, required: [id, title, kind], properties: { id: { type: integer, readOnly: true }, title: { type: string, minLength: 1 }, kind: { enum: [novel, atlas] }, note: { type: string } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock(items: &str) -> Result<Mock, Problem> {
    let document = Document::read(Source::new("shelves.yaml", SHELVES), &[]).unwrap();
    let text = format!(
        "owners: [{{ name: mia, token: mia-1 }}, {{ name: leo, token: leo-1 }}]\nitems:\n{items}"
    );
    let scenario = Scenario::read(Source::new("world.yaml", text))?;
    Mock::new(Plan::of(&[document], scenario, 1, now())?)
}

fn send(mock: &Mock, method: &str, target: &str) -> (u16, Value) {
    let request = Request::builder().method(method).uri(target);
    let answer = answer(mock, &request.body(Bytes::new()).unwrap(), now());
    let status = answer.status.as_u16();
    let body = serde_json::from_slice(&answer.into_bytes()).unwrap_or_default();
    (status, body)
}

fn get(mock: &Mock, target: &str) -> Value {
    let (status, body) = send(mock, "GET", target);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

const TOLD: &str = "
- { list: listShelves, only: true, told: [{ id: maps, name: Maps }] }
- list: listBooks
  path: { shelf: maps }
  told:
  - { id: 7, title: Rivers, kind: atlas }
  - { title: Fog, note: thick }
";

#[test]
fn told_items_are_listed_in_their_order_read_alone_and_filtered() {
    let mock = mock(TOLD).unwrap();
    let shelf = json!({ "id": "maps", "name": "Maps" });
    assert_eq!(get(&mock, "/shelves"), json!([shelf]));
    assert_eq!(get(&mock, "/shelves/maps"), shelf);
    let books = get(&mock, "/shelves/maps/books");
    let rivers = json!({ "id": 7, "title": "Rivers", "kind": "atlas" });
    // The list of a told item has what is told.
    assert_eq!(books["total"], 2);
    assert_eq!(books["items"][0], rivers);
    assert_eq!(books["items"][1]["title"], "Fog");
    assert_eq!(get(&mock, "/shelves/maps/books/7"), rivers);
    let own = format!("/shelves/maps/books/{}", books["items"][1]["id"]);
    assert_eq!(get(&mock, &own), books["items"][1]);
    let atlases = get(&mock, "/shelves/maps/books?kind=atlas");
    assert!(atlases["items"].as_array().unwrap().contains(&rivers));
    let novels = get(&mock, "/shelves/maps/books?kind=novel");
    assert!(!novels["items"].as_array().unwrap().contains(&rivers));
}

#[test]
fn told_items_come_behind_computed_ones() {
    let mock = mock("- { list: /shelves, told: [{ name: Maps }] }").unwrap();
    let shelves = get(&mock, "/shelves");
    let shelves = shelves.as_array().unwrap();
    assert!(shelves.len() > 1);
    assert_eq!(shelves.last().unwrap()["name"], "Maps");
}

#[test]
fn the_list_of_a_told_item_has_only_what_is_told_whichever_request_comes_first() {
    let mock = mock(TOLD).unwrap().at_base("http://localhost:4010");
    assert_eq!(get(&mock, "/shelves/maps/books")["total"], 2);
}

#[test]
fn a_reset_brings_back_what_is_told() {
    let mock = mock(TOLD).unwrap();
    let before = get(&mock, "/shelves/maps/books");
    assert_eq!(send(&mock, "DELETE", "/shelves/maps/books/7").0, 204);
    assert_eq!(get(&mock, "/shelves/maps/books")["total"], 1);
    mock.reset();
    assert_eq!(get(&mock, "/shelves/maps/books"), before);
}

#[test]
fn what_does_not_suit_is_told_with_its_place_and_cure() {
    // The word whose place is told; the last one in the text.
    for (items, word, message, cure) in [
        (
            "- { list: listPens, told: [{}] }",
            "list:",
            "`list` is `listPens`, and no collection has it",
            "write one of listShelves, listBooks",
        ),
        (
            "- { list: listShelves, owner: eve, told: [{}] }",
            "owner:",
            "`owner` is `eve`, which is not among `owners`",
            "name one of `owners`, or leave it out",
        ),
        (
            "- { list: listBooks, told: [{}] }",
            "{ list",
            "`path` has no `shelf`, which the path of the list has",
            "write `path: { shelf: ... }`",
        ),
        (
            "- { list: listShelves, path: { shelf: a }, told: [{}] }",
            "shelf:",
            "`shelf` is no parameter in the path of the list",
            "take it out",
        ),
        (
            "- { list: listShelves, told: [{ name: '' }] }",
            "name:",
            "the item does not suit the document: at /name: \"\" is shorter than 1 character (#/components/schemas/Shelf/properties/name/minLength)",
            "correct it, or leave it out to have it made up",
        ),
        (
            "- { list: listShelves, told: [{ id: a }, { id: a }] }",
            "id:",
            "`id` is `a`, and another item of the list has it",
            "give each item a key of its own",
        ),
        (
            "- { list: listShelves, told: [] }",
            "told:",
            "`told` is empty",
            "name an item, or take the list out",
        ),
    ] {
        let problem = mock(items).unwrap_err();
        let column = items.rfind(word).unwrap() + 1;
        assert_eq!(
            problem.to_string(),
            format!("world.yaml:3:{column}: {message}")
        );
        let help = Diagnostic::help(&problem).map(|help| help.to_string());
        assert_eq!(help.as_deref(), Some(cure), "{items}");
    }
}
