//! Lists whose document does not say how they page.

use bytes::Bytes;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::Value;

const BOARDS: &str = "
openapi: 3.1.0
info: { title: Boards, version: '1' }
paths:
  /boards/{board}/pins:
    get:
      parameters:
        - { name: board, in: path, required: true, schema: { type: string } }
        - { name: after, in: query, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
      responses:
        200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Pins' } } } }
components:
  schemas:
    Pins: { type: object, required: [data, has_more], properties: { has_more: { type: boolean }, data: { type: array, items: { $ref: '#/components/schemas/Pin' } }, url: { type: string, maxLength: 500, pattern: ^/boards/ }, site: { type: object, required: [key], properties: { key: { type: string } } }, meta: { type: object, required: [key, page_size], properties: { key: { type: string }, page_size: { type: integer } } } } }
    Pin: { type: object, required: [id], properties: { id: { type: string, format: uuid }, colour: { enum: [red, blue] } } }
";

/// Lists about which the document says little: no limit, a limit that is a text, no key, and a path with a parameter
/// that is not declared.
const SHELVES: &str = "
openapi: 3.1.0
info: { title: Shelves, version: '1' }
paths:
  /books:
    get: { parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } } } }
  /films:
    get: { parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: string } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } } } }
  /shelves/{shelf}/books:
    get: { parameters: [{ name: shelf, in: path, required: true, schema: { type: string, example: oak } }, { name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } } } }
  /rooms/{room}/books:
    get: { parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } } } } }
components:
  schemas:
    Page: { type: object, required: [items, total_pages], properties: { items: { type: array, items: { $ref: '#/components/schemas/Book' } }, total_pages: { type: integer } } }
    Book: { type: object, required: [colour, wordInTitle], properties: { colour: { enum: [red, blue] }, wordInTitle: { type: string } } }
";

/// A list of groups, each of which is a list of films, and another list of objects beside it.
const EVENINGS: &str = "
openapi: 3.1.0
info: { title: Evenings, version: '1' }
paths:
  /evenings:
    get: { parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }], responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items, total_pages], properties: { guests: { type: array, items: { type: object, required: [id], properties: { id: { type: string } } } }, items: { type: array, items: { type: array, maxItems: 4, items: { type: object, required: [hall, number, title], properties: { hall: { enum: [big, small] }, number: { type: string, pattern: '^(0|[1-9][0-9]*)$', format: place }, title: { type: string } } } } }, total_pages: { type: integer } } } } } } } }
";

/// A list of which each page has an item.
const SHIFTS: &str = "
openapi: 3.1.0
info: { title: Shifts, version: '1' }
paths:
  /crews/{crew}/shifts:
    get:
      parameters:
        - { name: crew, in: path, required: true, schema: { type: string } }
        - { name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }
        - { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
      responses:
        200: { description: '', content: { application/json: { schema: { type: object, required: [items, total_pages], properties: { total_pages: { type: integer }, items: { type: array, minItems: 1, items: { type: object, required: [id], properties: { id: { type: string, format: uuid } } } } } } } } }
        default: { description: '', content: { application/json: { schema: { type: object, required: [error], properties: { error: { type: string } } } } } }
";

/// Lists whose tokens are no texts of any kind.
const TRUCKS: &str = "
openapi: 3.1.0
info: { title: Trucks, version: '1' }
paths:
  /trucks: { get: { parameters: [{ name: cursor, in: query, schema: { type: string } }, { $ref: '#/components/parameters/Limit' }], responses: { 200: { description: '', content: { application/json: { schema: { allOf: [{ $ref: '#/components/schemas/Page' }, { type: object, properties: { next_cursor: { anyOf: [{ type: string, format: uuid }, { type: 'null' }] } } }] } } } } } } }
  /loads: { get: { parameters: [{ name: cursor, in: query, schema: { type: string, pattern: '^[a-f]{9}-[0-9]{9}$' } }, { $ref: '#/components/parameters/Limit' }], responses: { 200: { description: '', content: { application/json: { schema: { allOf: [{ $ref: '#/components/schemas/Page' }, { type: object, properties: { next_cursor: { type: [string, 'null'], maxLength: 19 } } }] } } } } } } }
components:
  parameters:
    Limit: { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 10 } }
  schemas:
    Page: { type: object, required: [items, next_cursor], properties: { items: { type: array, items: { type: object, required: [id], properties: { id: { type: string, format: uuid } } } } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock() -> Mock {
    mock_of(BOARDS)
}

fn mock_of(document: &str) -> Mock {
    served(Document::read(Source::new("boards.yaml", document), &[]).unwrap())
}

fn served(document: Document) -> Mock {
    let owners = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn get(mock: &Mock, target: &str) -> Answer {
    let request = Request::get(target).body(Bytes::new()).unwrap();
    answer(mock, &request, now())
}

/// All items of a board, page by page, and the number of pages.
fn walk(mock: &Mock, board: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages) = (Vec::new(), 0);
    let mut after = String::new();
    loop {
        let answer = get(mock, &format!("/boards/{board}/pins?limit=7{after}"));
        assert_eq!(answer.status, 200);
        let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
        items.extend(page["data"].as_array().unwrap().iter().cloned());
        pages += 1;
        if page["has_more"] == false {
            return (items, pages);
        }
        after = format!("&after={}", items.last().unwrap()["id"].as_str().unwrap());
    }
}

#[test]
fn a_board_of_any_name_is_paged() {
    let mock = mock();
    let walks = (0..12).map(|number| walk(&mock, &format!("b{number}")));
    let walks: Vec<_> = walks.collect();
    assert!(
        walks.iter().any(|(_, pages)| *pages > 2),
        "no board is long"
    );
    for (items, pages) in &walks {
        assert_eq!(*pages, items.len().div_ceil(7).max(1));
    }
    let mut keys: Vec<_> = walks
        .iter()
        .flat_map(|(items, _)| items)
        .map(|item| item["id"].to_string())
        .collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count, "an item is repeated");
    assert_eq!(walk(&mock, "b3"), walks[3]);
}

#[test]
fn a_page_names_its_list_and_the_property_with_the_items() {
    let mock = mock();
    for board in ["b3", "b%203", "%C3%A4"] {
        let path = format!("/boards/{board}/pins");
        let answer = get(&mock, &path);
        let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
        assert_eq!(page["url"], path);
        assert_eq!(page["meta"]["key"], "data");
        // A key that is not about pages is any text.
        assert_ne!(page["site"]["key"], "data");
    }
}

/// The items of a list whose pages have numbers, page by page.
fn numbered(mock: &Mock, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let answer = get(mock, &format!("{path}?page={}", pages.len() + 1));
        assert_eq!(answer.status, 200, "{path}");
        let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
        let items = page["items"].as_array().unwrap().iter();
        let items: Vec<_> = items.map(ToString::to_string).collect();
        if items.is_empty() {
            assert_eq!(page["total_pages"], pages.len(), "{path}");
            return pages;
        }
        pages.push(items);
    }
}

#[test]
fn lists_about_which_little_is_said_have_pages_too() {
    let mock = mock_of(SHELVES);
    let lists = ["/books", "/films", "/shelves/oak/books", "/rooms/7/books"];
    for path in lists {
        let pages = numbered(&mock, path);
        assert!(pages.len() > 1, "{path} has {} pages", pages.len());
    }
}

#[test]
fn keys_with_more_digits_than_numbers_have_are_cursors_too() {
    let document = BOARDS
        .replace(
            "name: after, in: query, schema: { type: string }",
            "name: after, in: query, schema: { type: integer, minimum: 0 }",
        )
        .replace(
            "id: { type: string, format: uuid }",
            "id: { type: string, pattern: '^[1-9][0-9]{30}$' }",
        );
    let document = Document::read(Source::new("boards.yaml", document), &[]).unwrap();
    let mock = of_likely(document);
    let walks = (0..12).map(|number| walk(&mock, &format!("b{number}")));
    assert!(walks.map(|(_, pages)| pages).max() > Some(2));
}

/// A mock that also pages lists of which the document says only what makes it likely.
fn of_likely(document: Document) -> Mock {
    let likely = openapi::Assume {
        least: openapi::Certainty::Likely,
        ..openapi::Assume::default()
    };
    served(document.assuming(likely))
}

#[test]
fn items_without_a_key_differ_from_each_other() {
    let mock = mock_of(SHELVES);
    let mut items: Vec<_> = numbered(&mock, "/books").into_iter().flatten().collect();
    assert!(items[0].contains("word in title "), "{}", items[0]);
    let count = items.len();
    items.sort_unstable();
    items.dedup();
    assert_eq!(items.len(), count, "items are the same");
}

#[test]
fn groups_differ_from_each_other() {
    let document = Document::read(Source::new("evenings.yaml", EVENINGS), &[]).unwrap();
    let mock = of_likely(document);
    let pages = numbered(&mock, "/evenings");
    assert!(pages.len() > 1, "{pages:?}");
    let mut groups: Vec<_> = pages.into_iter().flatten().collect();
    assert!(groups[0].starts_with("[{"), "{}", groups[0]);
    let count = groups.len();
    groups.sort_unstable();
    groups.dedup();
    assert_eq!(groups.len(), count, "groups are the same");
}

#[test]
fn a_list_that_cannot_be_empty_ends_with_its_last_item() {
    let mock = mock_of(SHIFTS);
    let mut longest = 0;
    for crew in 0..40 {
        let page = |number: usize| {
            let answer = get(&mock, &format!("/crews/{crew}/shifts?page={number}"));
            let status = answer.status;
            let body: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
            (status, body)
        };
        let (status, first) = page(1);
        assert_eq!(status, 200);
        let pages = usize::try_from(first["total_pages"].as_u64().unwrap()).unwrap();
        longest = longest.max(pages);
        let (status, last) = page(pages);
        assert_eq!(status, 200);
        assert!(!last["items"].as_array().unwrap().is_empty());
        let (status, behind) = page(pages + 1);
        assert_eq!(status, 404);
        assert!(behind["error"].is_string(), "{behind}");
    }
    assert!(longest > 1, "no list has several pages");
}

#[test]
fn tokens_suit_the_schemas_of_their_places() {
    let mock = mock_of(TRUCKS);
    for (path, length) in [("/trucks", 36), ("/loads", 19)] {
        let (mut keys, mut pages, mut cursor) = (Vec::new(), 0, String::new());
        loop {
            let answer = get(&mock, &format!("{path}?limit=3{cursor}"));
            assert_eq!(answer.status, 200, "{path}");
            let page: Value = serde_json::from_slice(&answer.into_bytes()).unwrap();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3, "{page}");
            keys.extend(items.iter().map(|item| item["id"].to_string()));
            pages += 1;
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            assert_eq!(next.len(), length, "{next}");
            cursor = format!("&cursor={next}");
        }
        assert!(pages > 3, "{path} has {pages} pages");
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count, "{path} repeats items");
    }
}
