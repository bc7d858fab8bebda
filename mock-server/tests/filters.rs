//! Lists that requests filter, search and sort, by computed and by changed items.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::{Value, json};

/// A list of tasks that pages as `PAGING` says, and whose requests have more parameters.
fn document(paging: &str) -> String {
    format!(
        "
openapi: 3.1.0
info: {{ title: Tasks, version: '1' }}
paths:
  /tasks:
    get:
      operationId: listTasks
      parameters: [{{ name: limit, in: query, schema: {{ type: integer, minimum: 1, maximum: 100, default: 5 }} }},
        {{ name: done, in: query, schema: {{ type: boolean }} }},
        {{ name: status, in: query, schema: {{ type: array, items: {{ type: string }} }} }},
        {{ name: min_size, in: query, schema: {{ type: integer }} }},
        {{ name: created_before, in: query, schema: {{ type: string, format: date-time }} }},
        {{ name: q, in: query, schema: {{ type: string }} }},
        {{ name: sort, in: query, schema: {{ type: string }} }},
        {{ name: order, in: query, schema: {{ enum: [asc, desc] }} }}, {paging}
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }} }}
    post:
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Fields' }} }} }} }}
      responses: {{ 201: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Task' }} }} }} }} }}
  /tasks/{{id}}:
    parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]
    get: {{ responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Task' }} }} }} }}, 404: {{ description: '' }} }} }}
    patch:
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Fields' }} }} }} }}
      responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Task' }} }} }} }}, 404: {{ description: '' }} }}
    delete: {{ responses: {{ 204: {{ description: '' }}, 404: {{ description: '' }} }} }}
components:
  schemas:
    Page: {{ type: object, required: [items, total], properties: {{ total: {{ type: integer }}, next: {{ type: [string, 'null'] }}, items: {{ type: array, items: {{ $ref: '#/components/schemas/Task' }} }} }} }}
    Fields: {{ type: object, properties: {{ title: {{ type: string }}, done: {{ type: boolean }}, status: {{ enum: [open, closed, held] }}, size: {{ type: integer, minimum: 0, maximum: 1000 }} }} }}
    Task:
      type: object
      required: [id, title, done, status, size, created_at]
      properties: {{ id: {{ type: string, format: uuid, readOnly: true }}, title: {{ type: string }}, done: {{ type: boolean }}, status: {{ enum: [open, closed, held] }}, size: {{ type: integer, minimum: 0, maximum: 1000 }}, created_at: {{ type: string, format: date-time, readOnly: true }} }}
"
    )
}

/// Pages by an offset.
const OFFSET: &str = "{ name: offset, in: query, schema: { type: integer, minimum: 0 } }]
      x-pagination: { name: tasks, style: offset, items: $.items, key: $.id, request: { offset: { in: query, name: offset }, limit: { in: query, name: limit } }, totals: { items: $.total } }";

/// Pages by a token.
const TOKEN: &str = "{ name: token, in: query, schema: { type: string } }]
      x-pagination: { name: tasks, style: token, items: $.items, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: limit } }, next: { cursor: $.next }, totals: { items: $.total } }";

/// Pages by the key of the last item, the newest first.
const KEY: &str = "{ name: after, in: query, schema: { type: string } }]
      x-pagination: { name: tasks, style: cursor, items: $.items, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: $.next }, order: { direction: descending }, totals: { items: $.total } }";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

/// A mock whose list has so many items.
fn mock(paging: &str, items: u64) -> Mock {
    mock_of(&document(paging), items)
}

/// A mock of a document whose list has so many items.
fn mock_of(document: &str, items: u64) -> Mock {
    let document = Document::read(Source::new("tasks.yaml", document), &[]).unwrap();
    let scenario = format!(
        "{{ owners: [{{ name: mia, token: mia-1 }}], timelines: {{ tasks: {{ life: {{ first: {{}}, steps: [{{}}], ends: {{}} }}, pace: {{ every: 1s }}, jobs: [{{ owner: mia, events: {items} }}] }} }} }}"
    );
    let scenario = Scenario::read(Source::new("s.yaml", scenario)).unwrap();
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

/// A mock of a document whose list is made up.
fn made_up(document: &str) -> Mock {
    let document = Document::read(Source::new("tasks.yaml", document), &[]).unwrap();
    let scenario = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", scenario)).unwrap();
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn send(mock: &Mock, method: &str, target: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request.header("content-type", "application/json");
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let answer = answer(mock, &request.body(body).unwrap(), now());
    let status = answer.status;
    (
        status,
        serde_json::from_slice(&answer.into_bytes()).unwrap_or_default(),
    )
}

fn get(mock: &Mock, query: &str) -> Value {
    let (status, page) = send(mock, "GET", &format!("/tasks?{query}"), &Value::Null);
    assert_eq!(status, 200, "{query}: {page}");
    page
}

/// All items, page by page. Each page has the same total, which is their number.
fn walk(mock: &Mock, paging: &str, query: &str) -> Vec<Value> {
    let (mut items, mut place) = (Vec::new(), String::new());
    loop {
        let page = get(mock, &format!("{query}{place}"));
        let some = page["items"].as_array().unwrap();
        items.extend(some.iter().cloned());
        let total = page["total"].as_u64().unwrap();
        if some.len() < 5 {
            assert_eq!(total, items.len() as u64, "{query}");
            return items;
        }
        place = match (paging, page["next"].as_str()) {
            (OFFSET, _) => format!("&offset={}", items.len()),
            (TOKEN, Some(next)) => format!("&token={next}"),
            (KEY, Some(next)) => format!("&after={next}"),
            _ => {
                assert_eq!(total, items.len() as u64, "{query}");
                return items;
            }
        };
    }
}

/// A change, a query, and what must hold for the items of its list.
type Case = (&'static str, fn(&Value) -> bool);

const FILTERS: [Case; 8] = [
    ("done=true", |item| item["done"] == true),
    ("done=false", |item| item["done"] == false),
    ("status=open", |item| item["status"] == "open"),
    ("status=open&status=held", |item| item["status"] != "closed"),
    ("min_size=500", |item| item["size"].as_u64().unwrap() >= 500),
    ("created_before=2026-01-05T08:59:00.500Z", |item| {
        item["created_at"].as_str().unwrap() < "2026-01-05T08:59:00.500Z"
    }),
    ("status=closed&min_size=500&done=true", |item| {
        item["status"] == "closed" && item["size"].as_u64().unwrap() >= 500 && item["done"] == true
    }),
    ("status=", |_| true),
];

/// Changes some items of a list.
fn change(mock: &Mock) {
    let page = get(mock, "limit=40");
    for (index, item) in page["items"].as_array().unwrap().iter().enumerate() {
        let target = format!("/tasks/{}", item["id"].as_str().unwrap());
        let (method, body) = match index % 4 {
            0 => ("DELETE", Value::Null),
            1 => (
                "PATCH",
                json!({ "done": true, "size": 501, "title": "Water the Garden" }),
            ),
            2 => ("PATCH", json!({ "status": "open" })),
            _ => continue,
        };
        assert!(send(mock, method, &target, &body).0.is_success());
    }
    for size in [0, 600, 1000] {
        let body =
            json!({ "title": "garden gate", "done": true, "status": "closed", "size": size });
        assert_eq!(send(mock, "POST", "/tasks", &body).0, 201);
    }
}

#[test]
fn each_page_of_a_filtered_list_has_the_wanted_items_and_all_pages_have_them_once() {
    for paging in [OFFSET, TOKEN, KEY] {
        let mock = mock(paging, 300);
        for changed in [false, true] {
            if changed {
                change(&mock);
            }
            let all = walk(&mock, paging, "limit=5");
            for (query, holds) in FILTERS {
                let expect: Vec<_> = all.iter().filter(|item| holds(item)).cloned().collect();
                assert!(
                    !expect.is_empty() && (expect.len() < all.len() || query == "status="),
                    "{query}"
                );
                assert_eq!(
                    walk(&mock, paging, &format!("{query}&limit=5")),
                    expect,
                    "{query}"
                );
            }
        }
        mock.reset();
        assert_eq!(walk(&mock, paging, "limit=5").len(), 300);
        assert!(walk(&mock, paging, "q=garden+gate&limit=5").is_empty());
    }
}

#[test]
fn a_list_is_searched_and_sorted() {
    for paging in [OFFSET, TOKEN, KEY] {
        let mock = mock(paging, 300);
        change(&mock);
        let found = walk(&mock, paging, "q=GARDEN+gate&limit=5");
        assert_eq!(found.len(), 3);
        let sizes = |query: &str| -> Vec<u64> {
            let items = walk(&mock, paging, &format!("{query}&limit=5"));
            items
                .iter()
                .map(|item| item["size"].as_u64().unwrap())
                .collect()
        };
        assert_eq!(sizes("q=garden+gate&sort=size"), [0, 600, 1000]);
        assert_eq!(sizes("q=garden+gate&sort=-size"), [1000, 600, 0]);
        assert_eq!(sizes("q=garden+gate&sort=size&order=desc"), [1000, 600, 0]);
        assert!(sizes("sort=size").is_sorted());
        assert!(sizes("sort=size:desc").iter().rev().is_sorted());
        let pairs = walk(&mock, paging, "sort=status,-size&limit=5");
        let keys = pairs.iter().map(|item| {
            (
                item["status"].as_str().unwrap(),
                std::cmp::Reverse(item["size"].as_u64()),
            )
        });
        assert!(keys.is_sorted());
        // The list's own order, turned round.
        let plain = walk(&mock, paging, "order=asc&limit=5");
        let mut turned = walk(&mock, paging, "order=desc&limit=5");
        turned.reverse();
        assert_eq!(turned, plain);
    }
}

#[test]
fn what_changes_during_a_walk_takes_nothing_else_from_it() {
    for paging in [TOKEN, KEY] {
        let mock = mock(paging, 100);
        let all = walk(&mock, paging, "done=false&sort=title&limit=5");
        let page = get(&mock, "done=false&sort=title&limit=5");
        let items = page["items"].as_array().unwrap();
        // The item that the cursor names is deleted, or is no longer wanted.
        for (method, body, gone) in [
            ("DELETE", Value::Null, &items[4]),
            ("PATCH", json!({ "done": true }), &items[3]),
        ] {
            let target = format!("/tasks/{}", gone["id"].as_str().unwrap());
            assert!(send(&mock, method, &target, &body).0.is_success());
        }
        let name = if paging == TOKEN { "token" } else { "after" };
        let next = page["next"].as_str().unwrap();
        let page = get(
            &mock,
            &format!("done=false&sort=title&limit=5&{name}={next}"),
        );
        assert_eq!(page["items"].as_array().unwrap()[..], all[5..10]);
    }
}

#[test]
fn bounds_of_what_orders_a_list_hold_at_any_length() {
    let by = "order: { by: $.created_at";
    let ascending = OFFSET.replace("request:", &format!("{by} }}, request:"));
    let descending = KEY.replace("order: {", &format!("{by},"));
    for paging in [&ascending, &descending] {
        let newest_first = *paging == descending;
        let mock = mock(paging, 200_000);
        let all = get(&mock, "limit=3");
        let made = json!({ "title": "Mine", "done": false, "status": "open", "size": 1 });
        assert_eq!(send(&mock, "POST", "/tasks", &made).0, 201);
        let at = |place: usize| format!("/tasks/{}", all["items"][place]["id"].as_str().unwrap());
        assert_eq!(send(&mock, "DELETE", &at(1), &Value::Null).0, 204);
        let title = json!({ "title": "Other" });
        assert_eq!(send(&mock, "PATCH", &at(2), &title).0, 200);
        let bound = all["items"][0]["created_at"].as_str().unwrap();
        let before = get(&mock, &format!("created_before={bound}"));
        assert_eq!(before["total"], if newest_first { 199_998 } else { 0 });
        let whole = get(&mock, "limit=100");
        assert_eq!(whole["total"], 200_000);
        assert_eq!(
            get(&mock, "created_before=2100-01-01T00:00:00Z&limit=100"),
            whole
        );
        let none = get(&mock, "created_before=1900-01-01T00:00:00Z");
        assert_eq!((&none["total"], &none["items"]), (&json!(0), &json!([])));
        if newest_first {
            continue;
        }
        let middle = get(&mock, "offset=150000&limit=1");
        let bound = middle["items"][0]["created_at"].as_str().unwrap();
        let tail = get(
            &mock,
            &format!("created_before={bound}&offset=149990&limit=100"),
        );
        assert_eq!(tail["total"], 150_000);
        assert_eq!(tail["items"], get(&mock, "offset=149990&limit=10")["items"]);
    }
}

#[test]
fn few_values_are_found_at_any_length() {
    let by = OFFSET.replace("request:", "order: { by: $.created_at }, request:");
    let mock = mock(&by, 1_000_000);
    let plain = |offset: u64| {
        let pages =
            (0..5).map(|page| get(&mock, &format!("limit=100&offset={}", offset + page * 100)));
        let items = pages.flat_map(|page| page["items"].as_array().unwrap().clone());
        items.collect::<Vec<_>>()
    };
    let total = |query: &str| get(&mock, query)["total"].as_u64().unwrap();
    // An item that was changed, one that was removed, and a new one.
    let first = plain(0);
    let open = |item: &&Value| item["status"] == "open";
    let at = |item: &Value| format!("/tasks/{}", item["id"].as_str().unwrap());
    let mut opened = first.iter().filter(open);
    let (one, other) = (opened.next().unwrap(), opened.next().unwrap());
    let before = total("status=open");
    assert_eq!(
        send(&mock, "PATCH", &at(one), &json!({ "status": "held" })).0,
        200
    );
    assert_eq!(send(&mock, "DELETE", &at(other), &Value::Null).0, 204);
    let made = json!({ "title": "Mine", "done": true, "status": "open", "size": 1 });
    assert_eq!(send(&mock, "POST", "/tasks", &made).0, 201);
    assert_eq!(total("status=open"), before - 1);
    let totals = ["open", "held", "closed"].map(|status| total(&format!("status={status}")));
    assert_eq!(totals.iter().sum::<u64>(), 1_000_000);
    assert_eq!(total("status=open&status=held"), totals[0] + totals[1]);
    assert_eq!(total("done=true") + total("done=false"), 1_000_000);
    assert_eq!(total("status=unknown"), 0);
    for (query, is) in [
        ("status=open", json!({ "status": "open" })),
        (
            "status=held&done=true",
            json!({ "status": "held", "done": true }),
        ),
    ] {
        let is = is.as_object().unwrap();
        let length = total(query);
        let wanted = |items: Vec<Value>| {
            items
                .into_iter()
                .filter(|item| is.iter().all(|(name, value)| item[name] == *value))
                .collect::<Vec<_>>()
        };
        let found = |offset: u64| {
            let page = get(&mock, &format!("{query}&limit=20&offset={offset}"));
            assert_eq!(page["total"], length, "{query}");
            page["items"].as_array().unwrap().clone()
        };
        assert_eq!(found(0), wanted(plain(0))[..20], "{query}");
        let tail = wanted(plain(999_500));
        assert_eq!(found(length - 20), tail[tail.len() - 20..], "{query}");
        // In the middle, and with a bound of what orders the list.
        let middle = plain(500_000);
        let moment = middle[0]["created_at"].as_str().unwrap();
        let earlier = total(&format!("{query}&created_before={moment}"));
        assert_eq!(found(earlier), wanted(middle)[..20], "{query}");
        // The newest first.
        let newest = get(&mock, &format!("{query}&sort=-created_at&limit=20"));
        let mut newest = newest["items"].as_array().unwrap().clone();
        newest.reverse();
        assert_eq!(newest, found(length - 20), "{query}");
    }
}

#[test]
fn arithmetic_and_an_index_find_the_same() {
    // The short list is read item by item.
    let (long, short) = (mock(OFFSET, 200_000), mock(OFFSET, 60_000));
    for query in ["status=held", "done=true&status=open", "limit=100"] {
        let told = |mock: &Mock| {
            let mut page = get(mock, query);
            let items = page["items"].as_array_mut().unwrap();
            // The long list began earlier.
            let timeless = items.iter_mut().map(|item| {
                item["created_at"].take();
                item.take()
            });
            timeless.collect::<Vec<_>>()
        };
        assert_eq!(told(&long), told(&short), "{query}");
    }
}

#[test]
fn a_list_that_is_too_long_says_so_and_is_served_without_filters() {
    let mock = mock(OFFSET, 100_001);
    let (status, body) = send(&mock, "GET", "/tasks?q=garden", &Value::Null);
    assert_eq!(status, 501);
    assert!(body.to_string().contains("up to 100000 items"), "{body}");
    assert_eq!(get(&mock, "")["total"], 100_001);
    assert_eq!(get(&mock, "order=desc")["total"], 100_001);
}

#[test]
fn a_value_that_no_item_has_leaves_an_empty_list() {
    let mock = mock(OFFSET, 30);
    let page = get(&mock, "status=unknown");
    assert_eq!((&page["items"], &page["total"]), (&json!([]), &json!(0)));
}

#[test]
fn a_documented_default_chooses_what_comes_without_the_parameter() {
    let defaults = document(OFFSET)
        .replace(
            "name: done, in: query, schema: { type: boolean",
            "name: done, in: query, schema: { type: boolean, default: false",
        )
        .replace(
            "name: order, in: query, schema: { enum: [asc, desc]",
            "name: order, in: query, schema: { enum: [asc, desc], default: desc",
        );
    assert_ne!(defaults, document(OFFSET));
    let mock = mock_of(&defaults, 40);
    let plain = get(&mock, "");
    for query in ["done=false", "order=desc", "done=false&order=desc"] {
        assert_eq!(get(&mock, query), plain, "{query}");
    }
    assert_ne!(get(&mock, "done=true"), plain);
    // The order of the parameter holds where the request names what to sort by.
    let sorted = get(&mock, "sort=size");
    assert_eq!(get(&mock, "sort=size&order=desc"), sorted);
    assert_ne!(get(&mock, "sort=size&order=asc"), sorted);
}

#[test]
fn an_answer_shows_the_properties_that_a_request_names() {
    let required = "required: [id, title, done, status, size, created_at]";
    let fields = "parameters: [{ name: fields, in: query, schema: FIELDS }, { name";
    for (schema, ask) in [
        ("{ type: string }", "fields=size,nothing"),
        (
            "{ type: array, items: { type: string } }",
            "fields=size&fields=nothing",
        ),
    ] {
        let text = document(OFFSET)
            .replace(required, "required: [id, title]")
            .replace("parameters: [{ name", &fields.replace("FIELDS", schema));
        let mock = made_up(&text);
        let whole = get(&mock, "limit=20");
        let page = get(&mock, &format!("limit=20&{ask}"));
        assert_eq!(page["total"], whole["total"]);
        let items = |page: &Value| page["items"].as_array().unwrap().clone();
        let some = |whole: &Value| {
            let mut item = whole.clone();
            let properties = item.as_object_mut().unwrap();
            properties.retain(|name, _| ["id", "title", "size"].contains(&name.as_str()));
            item
        };
        for (item, whole) in items(&page).iter().zip(items(&whole)) {
            assert_eq!(*item, some(&whole));
            let target = format!("/tasks/{}", whole["id"].as_str().unwrap());
            let alone = send(&mock, "GET", &target, &Value::Null).1;
            let one = send(&mock, "GET", &format!("{target}?{ask}"), &Value::Null).1;
            assert_eq!(one, some(&alone));
            assert!(alone.as_object().unwrap().len() > 3);
        }
        let shown = items(&page);
        assert!(shown.iter().any(|item| item["size"].is_number()));
        assert!(shown != items(&whole));
        // What names no property leaves nothing out.
        assert_eq!(get(&mock, "limit=20&fields=nothing"), whole);
        assert_eq!(get(&mock, "limit=20&fields="), whole);
    }
    // A default is what comes without the parameter.
    let text = document(OFFSET)
        .replace(required, "required: [id, title]")
        .replace(
            "parameters: [{ name",
            &fields.replace("FIELDS", "{ type: string, default: size }"),
        );
    let mock = made_up(&text);
    assert_eq!(get(&mock, "fields=size"), get(&mock, ""));
}
