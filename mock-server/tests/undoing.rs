//! What was changed by hand is told by collection, and taken back item by item.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use fixtures::Scenario;
use http::Request;
use jiff::Timestamp;
use mock_server::{Clock, Mock, Plan, Rim};
use openapi::{Document, Operation, Source};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const SHELVES: &str = "
openapi: 3.1.0
info: { title: Library, version: '1' }
paths:
  /shelves:
    get:
      operationId: listShelves
      summary: The shelves
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Shelf' } } } } } }
    post:
      operationId: createShelf
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } } }
  /shelves/{shelf}:
    parameters: [{ $ref: '#/components/parameters/shelf' }]
    get: { operationId: getShelf, responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Shelf' } } } }, 404: { description: '' } } }
    delete: { operationId: deleteShelf, responses: { 204: { description: '' }, 404: { description: '' } } }
  /shelves/{shelf}/books:
    parameters: [{ $ref: '#/components/parameters/shelf' }]
    get:
      operationId: listBooks
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 5 } }, { name: title, in: query, schema: { type: string } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [books, total], properties: { total: { type: integer }, books: { type: array, items: { $ref: '#/components/schemas/Book' } } } } } } } }
    post:
      operationId: createBook
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewBook' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } } }
  /shelves/{shelf}/books/{book}:
    parameters: [{ $ref: '#/components/parameters/shelf' }, { name: book, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { operationId: getBook, responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, 404: { description: '' } } }
    patch:
      operationId: editBook
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewBook' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, 404: { description: '' } }
    delete: { operationId: deleteBook, responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  parameters:
    shelf: { name: shelf, in: path, required: true, schema: { type: integer } }
  schemas:
    Shelf: { type: object, required: [id, label], properties: { id: { type: integer, readOnly: true }, label: { type: string } } }
    NewBook:
      type: object
      required: [title, secret]
      properties:
        title: { type: string, description: What stands on its back }
        kind: { enum: [novel, essay, null] }
        lent: { type: [boolean, 'null'] }
        secret: { type: string, writeOnly: true }
        maker: { type: object, required: [name], properties: { name: { type: string }, born: { type: string, format: date } } }
        next: { $ref: '#/components/schemas/NewBook' }
        place: { oneOf: [{ type: object, properties: { floor: { type: integer } } }, { type: object, properties: { door: { type: string } } }] }
    Book: { type: object, required: [id, title], properties: { id: { type: string, format: uuid, readOnly: true }, title: { type: string }, kind: { type: string } } }
";

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let text = include_str!("../src/server/control/openapi.yaml");
    let document = Document::read(Source::new("openapi.yaml", text), &[]).unwrap();
    document.operations().to_vec()
});

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn router(documents: &[Document]) -> Router {
    let owners = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    let mock = Mock::new(Plan::of(documents, scenario, 1, now()).unwrap()).unwrap();
    let rim = Rim::new(Arc::new(mock), Clock::new(Arc::new(now)));
    rim.with_worlds(3).router()
}

fn library() -> Router {
    router(&[Document::read(Source::new("library.yaml", SHELVES), &[]).unwrap()])
}

/// Sends a request; an answer of the control path must be as its document says.
async fn send(router: &Router, method: &str, target: &str, body: &Value) -> (u16, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request.header("content-type", "application/json");
    let sent = match body {
        Value::Null => Body::empty(),
        body => Body::from(body.to_string()),
    };
    let answer = router.clone().oneshot(request.body(sent).unwrap()).await;
    let answer = answer.unwrap();
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").cloned();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let body = serde_json::from_slice(&body.unwrap()).unwrap_or_default();
    let path = target.split('?').next().unwrap();
    let path = path.find("/__mock/").map_or(path, |begin| &path[begin..]);
    let fits = |one: &&Operation| one.method == method && one.path.captures(path).is_some();
    if let Some(operation) = OPERATIONS
        .iter()
        .find(fits)
        .filter(|_| path.starts_with("/__mock"))
    {
        let declared = operation.response(status).expect(target);
        let media = declared.media(kind.unwrap().to_str().unwrap()).unwrap();
        let schema = media.schema.as_ref().unwrap();
        assert_eq!(schema.violations(&body), [], "{method} {target}: {body}");
    }
    (status, body)
}

async fn get(router: &Router, target: &str) -> Value {
    let (status, body) = send(router, "GET", target, &Value::Null).await;
    assert_eq!(status, 200, "{target}: {body}");
    body
}

async fn undo(router: &Router, target: &str) -> (u16, Value) {
    let target = format!("/__mock/collections/{target}");
    send(router, "DELETE", &target, &Value::Null).await
}

fn named<'v>(list: &'v Value, name: &str) -> &'v Value {
    let mut all = list.as_array().unwrap().iter();
    all.find(|one| one["name"] == name).expect(name)
}

#[tokio::test]
async fn collections_say_what_belongs_to_them() {
    let router = library();
    let told = get(&router, "/__mock/collections").await;
    let all = &told["collections"];
    assert_eq!(all.as_array().unwrap().len(), 2);
    let (shelves, books) = (named(all, "listShelves"), named(all, "listBooks"));
    assert_eq!(
        (&shelves["timeline"], &shelves["items"]),
        (&Value::Null, &json!("$"))
    );
    assert_eq!(
        (&books["timeline"], &books["items"]),
        (&json!("library/listBooks"), &json!("$.books"))
    );
    assert_eq!(
        books["path"],
        json!([{ "name": "shelf", "of": "listShelves" }])
    );
    let does = |one: &Value| {
        let operations = one["operations"].as_array().unwrap().iter();
        operations
            .map(|one| {
                format!(
                    "{} {}",
                    one["does"].as_str().unwrap(),
                    one["operation"].as_str().unwrap()
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        does(shelves),
        [
            "list listShelves",
            "create createShelf",
            "read getShelf",
            "delete deleteShelf"
        ]
    );
    assert_eq!(
        does(books),
        [
            "list listBooks",
            "create createBook",
            "read getBook",
            "patch editBook",
            "delete deleteBook"
        ]
    );
    let one = get(&router, "/__mock/collections/listBooks").await;
    let fields = one["fields"].as_array().unwrap().iter();
    assert!(
        fields
            .map(|field| &field["name"])
            .eq(["id", "title", "kind"])
    );
}

/// A library in which a book was added, one changed, and one changed and then removed; and what its list was before.
async fn edited() -> (Router, Edited) {
    let router = library();
    let shelf = get(&router, "/shelves").await[0]["id"].clone();
    let books = format!("/shelves/{shelf}/books");
    let before = get(&router, &books).await;
    let key = |place: usize| before["books"][place]["id"].as_str().unwrap().to_owned();
    let title = |title: &str| json!({ "title": title, "secret": "x" });
    let (status, made) = send(&router, "POST", &books, &title("New")).await;
    assert_eq!(status, 201, "{made}");
    for (place, text) in [(1, "Other"), (2, "Third")] {
        let target = format!("{books}/{}", key(place));
        assert_eq!(send(&router, "PATCH", &target, &title(text)).await.0, 200);
    }
    let target = format!("{books}/{}", key(1));
    assert_eq!(send(&router, "DELETE", &target, &Value::Null).await.0, 204);
    let edited = Edited {
        added: made["id"].as_str().unwrap().to_owned(),
        removed: key(1),
        changed: key(2),
        other: key(3),
        shelf: shelf.to_string(),
        books,
        before,
    };
    (router, edited)
}

/// The keys of books, and their list.
struct Edited {
    added: String,
    changed: String,
    removed: String,
    other: String,
    shelf: String,
    books: String,
    before: Value,
}

#[tokio::test]
async fn each_change_is_told() {
    let (router, edited) = edited().await;
    let told = get(&router, "/__mock/collections").await;
    let counts = &named(&told["collections"], "listBooks")["changes"];
    assert_eq!(*counts, json!({ "added": 1, "changed": 1, "removed": 1 }));
    let changes = get(&router, "/__mock/collections/listBooks/changes").await;
    assert_eq!(
        (&changes["count"], &changes["next"]),
        (&json!(3), &Value::Null)
    );
    let change = |word: &str| {
        let mut all = changes["changes"].as_array().unwrap().iter();
        let one = all.find(|one| one["change"] == word).unwrap();
        (one["key"].clone(), one["item"]["title"].clone())
    };
    assert_eq!(change("added"), (json!(edited.added), json!("New")));
    assert_eq!(change("removed"), (json!(edited.removed), json!("Other")));
    assert_eq!(change("changed"), (json!(edited.changed), json!("Third")));
    let path = json!({ "shelf": edited.shelf });
    assert_eq!(changes["changes"][0]["path"], path);
    let keys = format!("key={}&key={}", edited.changed, edited.other);
    let target = format!(
        "/__mock/collections/listBooks/changes?{keys}&path[shelf]={}",
        edited.shelf
    );
    let some = get(&router, &target).await;
    assert_eq!(
        (&some["count"], &some["changes"][0]["key"]),
        (&json!(1), &json!(edited.changed))
    );
    let elsewhere = get(
        &router,
        "/__mock/collections/listBooks/changes?path[shelf]=-1",
    )
    .await;
    assert_eq!(elsewhere["count"], 0);
}

#[tokio::test]
async fn each_change_is_taken_back() {
    let (router, edited) = edited().await;
    let (removed, shelf) = (&edited.removed, &edited.shelf);
    let said = undo(
        &router,
        &format!("listBooks/changes/{removed}?path[shelf]={shelf}"),
    )
    .await;
    // It comes back as it was: changed.
    assert_eq!(
        said,
        (200, json!({ "undone": "removed", "left": "changed" }))
    );
    let all = [
        (removed, "changed"),
        (&edited.changed, "changed"),
        (&edited.added, "added"),
    ];
    for (key, undone) in all {
        let target = format!("listBooks/changes/{key}");
        let said = undo(&router, &target).await;
        assert_eq!(said, (200, json!({ "undone": undone, "left": null })));
        let (status, said) = undo(&router, &target).await;
        assert_eq!(status, 404);
        let detail = said["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(&format!("`{key}` was not changed")),
            "{said}"
        );
    }
    assert_eq!(get(&router, &edited.books).await, edited.before);
    let told = get(&router, "/__mock/collections").await;
    let counts = &named(&told["collections"], "listBooks")["changes"];
    assert_eq!(*counts, json!({ "added": 0, "changed": 0, "removed": 0 }));
}

#[tokio::test]
async fn what_is_undone_is_found_by_filters_as_before() {
    let router = library();
    let books = "/shelves/7/books";
    let first = get(&router, books).await["books"][0].clone();
    let id = first["id"].as_str().unwrap();
    let by = |title: &str| format!("{books}?title={title}");
    let (status, _) = send(
        &router,
        "PATCH",
        &format!("{books}/{id}"),
        &json!({ "title": "Sought", "secret": "x" }),
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(get(&router, &by("Sought")).await["total"], 1);
    assert_eq!(
        undo(&router, &format!("listBooks/changes/{id}")).await.0,
        200
    );
    assert_eq!(get(&router, &by("Sought")).await["total"], 0);
}

#[tokio::test]
async fn lists_below_come_back_with_the_item_above() {
    let router = library();
    let shelf = get(&router, "/shelves").await[1]["id"].clone();
    let books = format!("/shelves/{shelf}/books");
    let before = get(&router, &books).await;
    assert_eq!(
        send(
            &router,
            "DELETE",
            &format!("/shelves/{shelf}"),
            &Value::Null
        )
        .await
        .0,
        204
    );
    assert_eq!(send(&router, "GET", &books, &Value::Null).await.0, 404);
    assert_eq!(
        undo(&router, &format!("listShelves/changes/{shelf}"))
            .await
            .0,
        200
    );
    assert_eq!(get(&router, &books).await, before);
    // The items of a created shelf are all created, and its list is changed by them only.
    let (_, made) = send(&router, "POST", "/shelves", &json!({ "label": "mine" })).await;
    let books = format!("/shelves/{}/books", made["id"]);
    let (_, book) = send(
        &router,
        "POST",
        &books,
        &json!({ "title": "One", "secret": "x" }),
    )
    .await;
    let key = book["id"].as_str().unwrap();
    assert_eq!(get(&router, &books).await["total"], 1);
    assert_eq!(
        undo(&router, &format!("listBooks/changes/{key}")).await.0,
        200
    );
    assert_eq!(get(&router, &books).await["total"], 0);
}

#[tokio::test]
async fn many_changes_are_told_page_by_page() {
    let router = library();
    for number in 0..7 {
        let (status, _) = send(
            &router,
            "POST",
            "/shelves",
            &json!({ "label": format!("{number}") }),
        )
        .await;
        assert_eq!(status, 201);
    }
    let (mut labels, mut after) = (Vec::new(), json!(0));
    while after != Value::Null {
        let page = get(
            &router,
            &format!("/__mock/collections/listShelves/changes?limit=3&after={after}"),
        )
        .await;
        assert_eq!(page["count"], 7);
        let page_labels = page["changes"].as_array().unwrap().iter();
        labels.extend(page_labels.map(|one| one["item"]["label"].as_str().unwrap().to_owned()));
        after = page["next"].clone();
    }
    assert_eq!(labels, ["0", "1", "2", "3", "4", "5", "6"]);
}

#[tokio::test]
async fn a_wrong_question_names_its_place_and_the_cure() {
    let router = library();
    let wrong = [
        (
            "GET",
            "collections/books",
            404,
            "no collection is named `books`",
        ),
        (
            "GET",
            "collections/listBooks/changes?limit=0",
            400,
            "`limit` is `0`, not a number from 1 to 1000",
        ),
        (
            "GET",
            "collections/listBooks/changes?limit=1001",
            400,
            "`limit` is `1001`",
        ),
        (
            "GET",
            "collections/listBooks/changes?after=x",
            400,
            "`after` is `x`",
        ),
        (
            "GET",
            "collections/listBooks/changes?shelf=1",
            400,
            "`shelf` is not a known query",
        ),
        (
            "DELETE",
            "collections/listBooks/changes/1?limit=3",
            400,
            "`after`, `limit` and `key`",
        ),
        (
            "DELETE",
            "collections/listBooks/changes/1",
            404,
            "`1` was not changed by hand",
        ),
        ("GET", "forms", 400, "`operation` is missing"),
        ("GET", "forms?operation=x", 404, "`operation` is `x`"),
    ];
    for (method, target, status, words) in wrong {
        let (got, said) = send(&router, method, &format!("/__mock/{target}"), &Value::Null).await;
        assert_eq!(got, status, "{target}: {said}");
        assert!(
            said["detail"].as_str().unwrap().starts_with(words),
            "{target}: {said}"
        );
        assert!(!said["cure"].as_str().unwrap().is_empty());
    }
    let keys = "key=1&".repeat(1001);
    let target = format!("/__mock/collections/listBooks/changes?{keys}");
    let (status, said) = send(&router, "GET", &target, &Value::Null).await;
    assert_eq!(status, 400);
    assert!(
        said["detail"]
            .as_str()
            .unwrap()
            .starts_with("`key` is there more than"),
        "{said}"
    );
}

#[tokio::test]
async fn a_key_that_was_changed_in_several_lists_is_taken_back_in_the_one_that_is_named() {
    // Here clients choose the keys.
    let text = SHELVES.replace(", readOnly: true }, title", " }, title").replace(
        "        title: { type: string, description",
        "        id: { type: string, format: uuid }\n        title: { type: string, description",
    );
    let document = Document::read(Source::new("library.yaml", text), &[]).unwrap();
    let router = router(&[document]);
    let key = "0a000000-0000-4000-8000-00000000cafe";
    let book = json!({ "id": key, "title": "One", "secret": "x" });
    for shelf in [1, 2] {
        let books = format!("/shelves/{shelf}/books");
        let (status, made) = send(&router, "POST", &books, &book).await;
        assert_eq!((status, &made["id"]), (201, &json!(key)));
    }
    let target = format!("listBooks/changes/{key}");
    let (status, said) = undo(&router, &target).await;
    assert_eq!(status, 409, "{said}");
    let detail = said["detail"].as_str().unwrap();
    assert!(detail.starts_with(&format!("`{key}` was changed in several")));
    let (status, _) = undo(&router, &format!("{target}?path[shelf]=2")).await;
    assert_eq!(status, 200);
    let left = get(&router, "/__mock/collections/listBooks/changes").await;
    assert_eq!(left["count"], 1);
    assert_eq!(left["changes"][0]["path"], json!({ "shelf": "1" }));
}

#[tokio::test]
async fn forms_are_read_from_schemas_and_have_an_end() {
    let router = library();
    let told = get(&router, "/__mock/forms?operation=createBook").await;
    let form = &told["forms"][0];
    assert_eq!(
        (&form["path"], form["values"]["shelf"].is_string()),
        (&json!("/shelves/{shelf}/books"), true)
    );
    assert_eq!(
        (&form["body"]["media"], &form["body"]["required"]),
        (&json!("application/json"), &json!(true))
    );
    assert!(form["body"]["sample"]["secret"].is_string());
    let fields = &form["body"]["field"]["properties"];
    let (title, kind, lent) = (
        named(fields, "title"),
        named(fields, "kind"),
        named(fields, "lent"),
    );
    assert_eq!(
        (&title["required"], &title["type"]),
        (&json!(true), &json!("string"))
    );
    assert_eq!(title["description"], "What stands on its back");
    assert_eq!(named(fields, "secret")["required"], true);
    assert_eq!(kind["enum"], json!(["novel", "essay", null]));
    assert_eq!(
        (&lent["type"], &lent["nullable"]),
        (&json!("boolean"), &json!(true))
    );
    assert_eq!(
        named(&named(fields, "maker")["properties"], "born")["format"],
        "date"
    );
    assert_eq!(
        named(fields, "place").get("properties"),
        None,
        "a choice is written as JSON"
    );
    let mut next = named(fields, "next");
    let mut depth = 1;
    while let Some(inner) = next.get("properties") {
        next = named(inner, "next");
        depth += 1;
    }
    assert_eq!(depth, 4, "a schema that leads to itself has an end");
    let told = get(&router, "/__mock/forms?operation=listBooks").await;
    let parameters = &told["forms"][0]["parameters"];
    let does = |name: &str| named(parameters, name)["does"].clone();
    assert_eq!(
        [does("page"), does("per_page"), does("title"), does("shelf")],
        [json!("place"), json!("limit"), json!("filter"), Value::Null]
    );
}

#[tokio::test]
async fn to_look_at_an_operation_changes_nothing() {
    let router = library();
    let before = get(&router, "/shelves").await;
    let told = get(&router, "/__mock/operations?operation=createShelf").await;
    assert_eq!(told["operations"][0]["status"], 201);
    let told = get(&router, "/__mock/operations?operation=deleteShelf").await;
    assert_eq!(told["operations"][0]["status"], 204);
    assert_eq!(get(&router, "/shelves").await, before);
}

#[tokio::test]
async fn lists_with_one_name_in_two_documents_are_told_apart() {
    let read = |name: &str| Document::read(Source::new(name, SHELVES), &[]).unwrap();
    let other = SHELVES.replace("/shelves", "/other");
    let other = Document::read(Source::new("other.yaml", other), &[]).unwrap();
    let router = router(&[read("library.yaml"), other]);
    let told = get(&router, "/__mock/collections").await;
    let all = told["collections"].as_array().unwrap();
    let names: Vec<_> = all
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "listShelves",
            "listBooks",
            "other/listShelves",
            "other/listBooks"
        ]
    );
    let one = get(&router, "/__mock/collections/other%2FlistBooks").await;
    assert_eq!(
        (&one["document"], &one["path"][0]["of"]),
        (&json!("other"), &json!("other/listShelves"))
    );
}

#[tokio::test]
async fn a_change_in_a_world_is_told_and_taken_back_there() {
    let router = library();
    let world = "/__worlds/one";
    let (status, made) = send(
        &router,
        "POST",
        &format!("{world}/shelves"),
        &json!({ "label": "mine" }),
    )
    .await;
    assert_eq!(status, 201);
    let count =
        |told: Value| named(&told["collections"], "listShelves")["changes"]["added"].clone();
    assert_eq!(count(get(&router, "/__mock/collections").await), 0);
    assert_eq!(
        count(get(&router, &format!("{world}/__mock/collections")).await),
        1
    );
    assert_eq!(
        get(&router, "/__mock/worlds").await,
        json!({ "worlds": [{ "name": "one", "path": world }], "most": 3 })
    );
    let key = &made["id"];
    let path = format!("/__mock/collections/listShelves/changes/{key}");
    assert_eq!(send(&router, "DELETE", &path, &Value::Null).await.0, 404);
    assert_eq!(
        send(&router, "DELETE", &format!("{world}{path}"), &Value::Null)
            .await
            .0,
        200
    );
    assert_eq!(
        count(get(&router, &format!("{world}/__mock/collections")).await),
        0
    );
}

#[tokio::test]
async fn pages_of_other_sites_take_nothing_back() {
    let router = library();
    for (name, value) in [
        ("origin", "https://elsewhere.example"),
        ("host", "elsewhere.example"),
    ] {
        for (method, path) in [
            ("DELETE", "collections/listShelves/changes/1"),
            ("GET", "collections"),
            ("GET", "worlds"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(format!("/__mock/{path}"));
            let request = request.header(name, value).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status().as_u16(), 403, "{name} {path}");
        }
    }
}
