//! Collections: what is created, changed and deleted stays so.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Answer, Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::{Value, json};

/// A to-do application.
const TODO: &str = "
openapi: 3.1.0
info: { title: To do, version: '1' }
paths:
  /projects:
    get:
      operationId: listProjects
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Project' } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewProject' } } } }
      responses:
        201: { description: '', headers: { Location: { schema: { type: string } } }, content: { application/json: { schema: { $ref: '#/components/schemas/ProjectDetail' } } } }
        422: { description: '' }
  /projects/{project_id}:
    parameters: [{ name: project_id, in: path, required: true, schema: { type: integer } }]
    get:
      responses:
        200: { description: '', headers: { ETag: { schema: { type: string } } }, content: { application/json: { schema: { $ref: '#/components/schemas/ProjectDetail' } } } }
        404: { description: '' }
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewProject' } } } }
      responses: { 200: { description: '', headers: { ETag: { schema: { type: string } } }, content: { application/json: { schema: { $ref: '#/components/schemas/ProjectDetail' } } } }, 404: { description: '' }, 412: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
  /projects/{project_id}/tasks:
    parameters: [{ name: project_id, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 5 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items, total], properties: { total: { type: integer }, items: { type: array, items: { $ref: '#/components/schemas/Task' } } } } } } }, 404: { description: '' } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/TaskPatch' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { type: object, required: [data], properties: { data: { $ref: '#/components/schemas/Task' } } } } } }, 404: { description: '' } }
  /projects/{project_id}/tasks/{task_id}:
    parameters: [{ name: project_id, in: path, required: true, schema: { type: integer } }, { name: task_id, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/merge-patch+json: { schema: { type: object } }, application/json: { schema: { $ref: '#/components/schemas/TaskPatch' } }, application/json-patch+json: { schema: { type: array, items: { type: object } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 404: { description: '' }, 409: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' }, 410: { description: '' } } }
components:
  schemas:
    NewProject: { type: object, required: [name], properties: { name: { type: string, minLength: 1 }, colour: { enum: [red, blue] }, notes: { type: string } } }
    Project: { type: object, required: [id, name, created_at], properties: { id: { type: integer }, name: { type: string }, colour: { enum: [red, blue] }, created_at: { type: string, format: date-time } } }
    ProjectDetail:
      allOf:
        - { $ref: '#/components/schemas/Project' }
        - { type: object, required: [task_count, updated_at], properties: { notes: { type: string }, task_count: { type: integer, minimum: 0 }, archived: { type: boolean }, updated_at: { type: string, format: date-time } } }
    Task:
      type: object
      required: [id, title, done]
      properties: { id: { type: string, format: uuid, readOnly: true }, project_id: { type: integer, readOnly: true }, title: { type: string, minLength: 1 }, done: { type: boolean, default: false }, due: { type: [string, 'null'], format: date }, labels: { type: array, items: { type: string } } }
    TaskPatch: { type: object, properties: { title: { type: string, minLength: 1 }, done: { type: boolean }, due: { type: [string, 'null'] }, labels: { type: array, items: { type: string } } } }
";

/// A list whose clients choose the keys of items.
const SHOP: &str = "
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /coupons:
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Coupon' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Coupon' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Coupon' } } } }, 409: { description: '' } }
  /coupons/{code}:
    parameters: [{ name: code, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Coupon' } } } }, 404: { description: '' } } }
    delete: { responses: { 204: { description: '' } } }
components:
  schemas:
    Coupon: { type: object, required: [code, percent], properties: { code: { type: string, minLength: 3 }, percent: { type: integer, minimum: 1, maximum: 90 } } }
";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn mock_of(document: &str) -> Mock {
    let document = Document::read(Source::new("todo.yaml", document), &[]).unwrap();
    let owners = "owners: [{ name: mia, token: mia-1 }]";
    let scenario = Scenario::read(Source::new("s.yaml", owners)).unwrap();
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn mock() -> Mock {
    mock_of(TODO)
}

fn sent(mock: &Mock, method: &str, target: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Value::Null => Bytes::new(),
        body => {
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                request = request.header("content-type", "application/json");
            }
            body.to_string().into()
        }
    };
    answer(mock, &request.body(body).unwrap(), now())
}

fn json_of(answer: Answer) -> Value {
    serde_json::from_slice(&answer.into_bytes()).unwrap_or_default()
}

/// The status and the body of an answer.
fn send(mock: &Mock, method: &str, target: &str, body: &Value) -> (StatusCode, Value) {
    let answer = sent(mock, method, target, &[], body);
    (answer.status, json_of(answer))
}

fn get(mock: &Mock, target: &str) -> Value {
    let (status, body) = send(mock, "GET", target, &Value::Null);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn create(mock: &Mock, list: &str, body: &Value) -> Value {
    let (status, made) = send(mock, "POST", list, body);
    assert_eq!(status, 201, "{made}");
    made
}

#[test]
fn what_is_created_is_listed_and_read_and_has_what_the_server_adds() {
    let mock = mock();
    let before = get(&mock, "/projects");
    let body = json!({ "name": "Garden", "notes": "in spring", "id": 7 });
    let answer = sent(&mock, "POST", "/projects", &[], &body);
    assert_eq!(answer.status, 201);
    let place = answer.headers["location"].to_str().unwrap().to_owned();
    let made = json_of(answer);
    let id = &made["id"];
    assert!(place.ends_with(&format!("/projects/{id}")), "{place}");
    // The request declares no `id`, so that it is the server's.
    assert_ne!(*id, 7);
    assert_eq!(made["name"], "Garden");
    assert_eq!(made["notes"], "in spring");
    assert_eq!(made.get("colour"), None);
    assert_eq!(made["task_count"], 0);
    assert_eq!(made["archived"], false);
    assert_eq!(made["updated_at"], "2026-01-05T09:00:00Z");
    let alone = get(&mock, &format!("/projects/{id}"));
    assert_eq!(alone, made);
    let after = get(&mock, "/projects");
    let (before, after) = (before.as_array().unwrap(), after.as_array().unwrap());
    assert_eq!(after.len(), before.len() + 1);
    let listed = after.iter().find(|one| one["id"] == *id).unwrap();
    assert_eq!(listed["name"], "Garden");
    assert_eq!(listed["created_at"], made["created_at"]);
    assert_eq!(listed.get("notes"), None);
}

#[test]
fn what_is_listed_reads_the_same_alone() {
    let mock = mock();
    for project in get(&mock, "/projects").as_array().unwrap() {
        let alone = get(&mock, &format!("/projects/{}", project["id"]));
        for (name, value) in project.as_object().unwrap() {
            assert_eq!(alone[name], *value);
        }
        assert!(alone["task_count"].is_u64());
    }
    let tasks = get(&mock, "/projects/3/tasks?per_page=50");
    for task in tasks["items"].as_array().unwrap() {
        let target = format!("/projects/3/tasks/{}", text(&task["id"]));
        assert_eq!(get(&mock, &target), *task);
    }
}

#[test]
fn an_unknown_key_is_missing_where_the_document_says_so() {
    let mock = mock();
    assert_eq!(send(&mock, "GET", "/projects/987654", &Value::Null).0, 404);
    let silent = mock_of(
        &TODO
            .replace(", 404: { description: '' }", "")
            .replace("        404: { description: '' }\n", ""),
    );
    assert_eq!(
        send(&silent, "GET", "/projects/987654", &Value::Null).0,
        200
    );
}

#[test]
fn an_item_is_patched_in_all_ways_and_only_what_is_named_changes() {
    let mock = mock();
    let list = "/projects/3/tasks";
    let made = create(
        &mock,
        list,
        &json!({ "title": "Dig", "labels": ["out"], "due": "2026-02-01" }),
    );
    let made = &made["data"];
    assert_eq!(made["done"], false);
    assert_eq!(made["project_id"], 3);
    let target = format!("{list}/{}", text(&made["id"]));
    let other = "00000000-0000-4000-8000-000000000000";
    let patches = [
        (
            "application/json",
            json!({ "done": true }),
            json!({ "done": true }),
        ),
        (
            "application/merge-patch+json",
            json!({ "due": null, "id": other }),
            json!({ "due": null }),
        ),
        (
            "application/json-patch+json",
            json!([{ "op": "add", "path": "/labels/-", "value": "wet" }, { "op": "replace", "path": "/title", "value": "Dig!" }]),
            json!({ "labels": ["out", "wet"], "title": "Dig!" }),
        ),
    ];
    let mut expect = made.clone();
    for (media_type, patch, changed) in patches {
        let answer = sent(
            &mock,
            "PATCH",
            &target,
            &[("content-type", media_type)],
            &patch,
        );
        assert_eq!(answer.status, 200);
        for (name, value) in changed.as_object().unwrap() {
            expect[name] = value.clone();
        }
        assert_eq!(json_of(answer), expect, "{media_type}");
        assert_eq!(get(&mock, &target), expect);
    }
    let page = get(&mock, &format!("{list}?per_page=50"));
    assert!(page["items"].as_array().unwrap().contains(&expect));
    let wrong = json!([{ "op": "test", "path": "/title", "value": "Sow" }]);
    let headers = [("content-type", "application/json-patch+json")];
    assert_eq!(sent(&mock, "PATCH", &target, &headers, &wrong).status, 409);
    let (status, _) = send(&mock, "PATCH", &target, &json!({ "title": "" }));
    assert!(status.is_client_error());
    assert_eq!(get(&mock, &target), expect);
}

#[test]
fn a_computed_item_changes_too_and_a_replacement_leaves_out_what_it_does_not_say() {
    let mock = mock();
    let projects = get(&mock, "/projects");
    let id = &projects[4]["id"];
    let target = format!("/projects/{id}");
    let old = get(&mock, &target);
    let (status, new) = send(&mock, "PUT", &target, &json!({ "name": "New" }));
    assert_eq!(status, 200);
    assert_eq!(new["name"], "New");
    assert_eq!((new.get("colour"), new.get("notes")), (None, None));
    assert_eq!(
        (&new["id"], &new["created_at"]),
        (&old["id"], &old["created_at"])
    );
    assert_eq!(new["task_count"], old["task_count"]);
    assert_eq!(get(&mock, &target), new);
    let after = get(&mock, "/projects");
    assert_eq!(
        after.as_array().unwrap().len(),
        projects.as_array().unwrap().len()
    );
    assert_eq!(after[4]["name"], "New");
    mock.reset();
    assert_eq!(get(&mock, "/projects"), projects);
    assert_eq!(get(&mock, &target), old);
}

#[test]
fn what_is_deleted_is_gone_from_the_list_and_totals_follow() {
    let mock = mock();
    let list = "/projects/3/tasks";
    let first = get(&mock, list);
    let total = first["total"].as_u64().unwrap();
    assert!(total > 6, "{total}");
    let id = text(&first["items"][1]["id"]);
    let target = format!("{list}/{id}");
    assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 204);
    assert_eq!(send(&mock, "GET", &target, &Value::Null).0, 404);
    assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 410);
    assert_eq!(
        send(&mock, "PATCH", &target, &json!({ "done": true })).0,
        404
    );
    let after = get(&mock, list);
    assert_eq!(after["total"], total - 1);
    let items = after["items"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    assert!(items.iter().all(|item| item["id"] != id.as_str()));
    assert_eq!(items[1], first["items"][2]);
}

#[test]
fn lists_end_with_the_item_that_they_belong_to_and_begin_empty_with_a_new_one() {
    let mock = mock();
    let made = create(&mock, "/projects", &json!({ "name": "Garden" }));
    let tasks = format!("/projects/{}/tasks", made["id"]);
    assert_eq!(get(&mock, &tasks)["total"], 0);
    let task = create(&mock, &tasks, &json!({ "title": "Dig" }));
    let page = get(&mock, &tasks);
    assert_eq!(page["total"], 1);
    assert_eq!(page["items"][0], task["data"]);
    let target = format!("{tasks}/{}", text(&task["data"]["id"]));
    assert_eq!(get(&mock, &target), task["data"]);
    // A task of another project is not here.
    let elsewhere = target.replace(&format!("/projects/{}/", made["id"]), "/projects/3/");
    assert_eq!(send(&mock, "GET", &elsewhere, &Value::Null).0, 404);
    let project = format!("/projects/{}", made["id"]);
    assert_eq!(send(&mock, "DELETE", &project, &Value::Null).0, 204);
    for (method, target, body) in [
        ("GET", &project, Value::Null),
        ("GET", &tasks, Value::Null),
        ("GET", &target, Value::Null),
        ("POST", &tasks, json!({ "title": "Sow" })),
    ] {
        assert_eq!(
            send(&mock, method, target, &body).0,
            404,
            "{method} {target}"
        );
    }
}

#[test]
fn a_wrong_body_is_refused_before_anything_changes() {
    let mock = mock();
    let before = get(&mock, "/projects");
    assert_eq!(
        send(&mock, "POST", "/projects", &json!({ "name": "" })).0,
        422
    );
    assert_eq!(send(&mock, "POST", "/projects", &json!({})).0, 422);
    // The body comes before the key.
    assert_eq!(send(&mock, "PUT", "/projects/987654", &json!({})).0, 422);
    assert_eq!(get(&mock, "/projects"), before);
}

#[test]
fn tags_change_with_the_item_and_conditions_hold() {
    let mock = mock();
    let id = get(&mock, "/projects")[0]["id"].clone();
    let target = format!("/projects/{id}");
    let tag = |answer: &Answer| answer.headers["etag"].to_str().unwrap().to_owned();
    let first = tag(&sent(&mock, "GET", &target, &[], &Value::Null));
    let known = sent(
        &mock,
        "GET",
        &target,
        &[("if-none-match", &first)],
        &Value::Null,
    );
    assert_eq!(known.status, 304);
    assert_eq!(tag(&known), first);
    let name = json!({ "name": "New" });
    let changed = sent(&mock, "PUT", &target, &[("if-match", &first)], &name);
    assert_eq!(changed.status, 200);
    let second = tag(&changed);
    assert_ne!(second, first);
    assert_eq!(
        sent(&mock, "PUT", &target, &[("if-match", &first)], &name).status,
        412
    );
    let again = sent(
        &mock,
        "GET",
        &target,
        &[("if-none-match", &first)],
        &Value::Null,
    );
    assert_eq!((again.status, tag(&again)), (StatusCode::OK, second));
}

#[test]
fn a_client_may_choose_the_key_where_the_body_has_it() {
    let mock = mock_of(SHOP);
    let coupon = json!({ "code": "SPRING", "percent": 20 });
    assert_eq!(create(&mock, "/coupons", &coupon), coupon);
    assert_eq!(send(&mock, "POST", "/coupons", &coupon).0, 409);
    assert_eq!(get(&mock, "/coupons/SPRING"), coupon);
    let listed = get(&mock, "/coupons");
    assert!(listed.as_array().unwrap().contains(&coupon));
    assert_eq!(
        send(&mock, "DELETE", "/coupons/SPRING", &Value::Null).0,
        204
    );
    // Only the success is declared.
    assert_eq!(
        send(&mock, "DELETE", "/coupons/SPRING", &Value::Null).0,
        204
    );
    assert_eq!(send(&mock, "GET", "/coupons/SPRING", &Value::Null).0, 404);
    assert_eq!(create(&mock, "/coupons", &coupon), coupon);
}

#[test]
fn the_key_is_the_servers_where_no_conflict_is_declared() {
    let mock = mock_of(&SHOP.replace(", 409: { description: '' }", ""));
    let coupon = json!({ "code": "SPRING", "percent": 20 });
    assert_eq!(create(&mock, "/coupons", &coupon), coupon);
    let second = create(&mock, "/coupons", &coupon);
    assert_ne!(second["code"], "SPRING");
    assert_eq!(
        get(&mock, &format!("/coupons/{}", text(&second["code"]))),
        second
    );
}

#[test]
fn a_request_with_an_idempotency_key_creates_once() {
    let declared = "    post:\n      parameters: [{ name: idempotency-key, in: header, schema: { type: string } }]\n";
    let mock = mock_of(&TODO.replacen("    post:\n", declared, 1));
    let before = get(&mock, "/projects").as_array().unwrap().len();
    let send = |key: &str, name: &str| {
        let headers = [("Idempotency-Key", key)];
        let answer = sent(
            &mock,
            "POST",
            "/projects",
            &headers,
            &json!({ "name": name }),
        );
        (answer.status, json_of(answer))
    };
    let first = send("a", "Garden");
    assert_eq!(first.0, 201);
    assert_eq!(send("a", "Garden"), first);
    assert_eq!(send("a", "House").0, 409);
    assert_ne!(send("b", "Garden").1["id"], first.1["id"]);
    let after = get(&mock, "/projects").as_array().unwrap().len();
    assert_eq!(after, before + 2);
    // Where no header is declared, it means nothing.
    let silent = mock_of(TODO);
    let headers = [("Idempotency-Key", "a")];
    let body = json!({ "name": "Garden" });
    let twice = [(); 2].map(|()| json_of(sent(&silent, "POST", "/projects", &headers, &body)));
    assert_ne!(twice[0]["id"], twice[1]["id"]);
}

#[test]
fn an_answer_of_several_shapes_shows_the_item_in_one_that_can() {
    let one = "responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Coupon' } } } }, 409";
    let several = "responses: { 201: { description: '', content: { application/json: { schema: { oneOf: [{ type: object, required: [coupons], properties: { coupons: { type: array } } }, { type: object, required: [coupon], properties: { coupon: { $ref: '#/components/schemas/Coupon' } } }] } } } }, 409";
    let document = SHOP.replace(one, several);
    assert_ne!(document, SHOP);
    let mock = mock_of(&document);
    let coupon = json!({ "code": "SPRING", "percent": 20 });
    assert_eq!(create(&mock, "/coupons", &coupon)["coupon"], coupon);
    assert_eq!(get(&mock, "/coupons/SPRING"), coupon);
}

#[test]
fn an_example_is_answered_to_those_who_prefer_one_and_changes_nothing() {
    let mock = mock();
    let before = get(&mock, "/projects");
    let body = json!({ "name": "Garden" });
    let answer = sent(&mock, "POST", "/projects", &[("prefer", "code=201")], &body);
    assert_eq!(answer.status, 201);
    assert_eq!(get(&mock, "/projects"), before);
}

/// The to-do application, whose tasks are read, changed and deleted without their project.
fn short() -> String {
    let long = "  /projects/{project_id}/tasks/{task_id}:\n    parameters: [{ name: project_id, in: path, required: true, schema: { type: integer } }, { name";
    let short = TODO.replace(long, "  /tasks/{task_id}:\n    parameters: [{ name");
    assert_ne!(short, TODO);
    short.replace("responses: { 201: { description: '', content: { application/json: { schema: { type: object, required: [data]", "responses: { 201: { description: '', headers: { Location: { schema: { type: string } } }, content: { application/json: { schema: { type: object, required: [data]")
}

#[test]
fn a_parameter_that_takes_no_key_of_an_item_gets_an_example() {
    let uuid = "name: task_id, in: path, required: true, schema: { type: string, format: uuid }";
    let other = "name: task_id, in: path, required: true, schema: { type: string, pattern: '^t-' }";
    for document in [short(), TODO.to_owned()] {
        let at = if document == TODO {
            "/projects/3/tasks"
        } else {
            "/tasks"
        };
        let unknown = "00000000-0000-4000-8000-000000000000";
        let asked = send(
            &mock_of(&document),
            "GET",
            &format!("{at}/{unknown}"),
            &Value::Null,
        );
        assert_eq!(asked.0, 404, "{at}");
        let mock = mock_of(&document.replace(uuid, other));
        get(&mock, &format!("{at}/t-1"));
    }
}

#[test]
fn an_item_is_found_whichever_list_has_it() {
    let numbers = |document: String| {
        document
            .replace(
                "id: { type: string, format: uuid, readOnly: true }",
                "id: { type: integer, readOnly: true }",
            )
            .replace(
                "name: task_id, in: path, required: true, schema: { type: string, format: uuid }",
                "name: task_id, in: path, required: true, schema: { type: integer }",
            )
    };
    for document in [short(), numbers(short())] {
        let mock = mock_of(&document);
        let projects = get(&mock, "/projects");
        let ids = projects
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].clone());
        let lists: Vec<_> = ids.map(|id| format!("/projects/{id}/tasks")).collect();
        let mut seen = std::collections::HashSet::new();
        for list in &lists {
            for task in get(&mock, &format!("{list}?per_page=50"))["items"]
                .as_array()
                .unwrap()
            {
                let target = format!("/tasks/{}", text(&task["id"]));
                assert!(seen.insert(target.clone()), "{target} is in two lists");
                assert_eq!(get(&mock, &target), *task);
            }
        }
        assert!(seen.len() > lists.len());
        let made = sent(&mock, "POST", &lists[1], &[], &json!({ "title": "Dig" }));
        assert_eq!(made.status, 201);
        let place = made.headers["location"].to_str().unwrap().to_owned();
        let made = json_of(made)["data"].clone();
        let target = format!("/tasks/{}", text(&made["id"]));
        assert!(place.ends_with(&target), "{place}");
        assert_eq!(get(&mock, &target), made);
        let (status, done) = send(&mock, "PATCH", &target, &json!({ "done": true }));
        assert_eq!((status, &done["done"]), (StatusCode::OK, &json!(true)));
        let page = get(&mock, &format!("{}?per_page=50", lists[1]));
        assert!(page["items"].as_array().unwrap().contains(&done));
        assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 204);
        assert_eq!(send(&mock, "GET", &target, &Value::Null).0, 404);
        assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 410);
        let page = get(&mock, &format!("{}?per_page=50", lists[1]));
        assert!(!page["items"].as_array().unwrap().contains(&done));
    }
}

#[test]
fn an_item_ends_with_the_item_that_its_list_belongs_to() {
    let mock = mock_of(&short());
    let made = create(&mock, "/projects", &json!({ "name": "Garden" }));
    let project = format!("/projects/{}", made["id"]);
    let task = create(
        &mock,
        &format!("{project}/tasks"),
        &json!({ "title": "Dig" }),
    );
    let target = format!("/tasks/{}", text(&task["data"]["id"]));
    assert_eq!(get(&mock, &target), task["data"]);
    assert_eq!(send(&mock, "DELETE", &project, &Value::Null).0, 204);
    assert_eq!(send(&mock, "GET", &target, &Value::Null).0, 404);
}

/// The same with comments, whose list names its task without the project, and which are named without the task.
fn deep() -> String {
    short().replace(
        "components:\n",
        "  /tasks/{task_id}/comments:
    parameters: [{ name: task_id, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Comment' } } } } }, 404: { description: '' } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [text], properties: { text: { type: string } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Comment' } } } }, 404: { description: '' } }
  /comments/{comment_id}:
    parameters: [{ name: comment_id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Comment' } } } }, 404: { description: '' } } }
components:
",
    ).replacen("  schemas:\n", "  schemas:\n    Comment: { type: object, required: [id, text], properties: { id: { type: integer }, text: { type: string } } }\n", 1)
}

#[test]
fn what_belongs_to_an_item_ends_with_it_at_every_depth() {
    let mock = mock_of(&deep());
    // Of a new project.
    let made = create(&mock, "/projects", &json!({ "name": "Garden" }));
    let project = format!("/projects/{}", made["id"]);
    let task = create(
        &mock,
        &format!("{project}/tasks"),
        &json!({ "title": "Dig" }),
    );
    let id = |task: &Value| text(&task["id"]);
    let comments = format!("/tasks/{}/comments", id(&task["data"]));
    assert_eq!(get(&mock, &comments), json!([]));
    let comment = create(&mock, &comments, &json!({ "text": "Deep" }));
    let own = format!("/comments/{}", comment["id"]);
    assert_eq!(get(&mock, &own), comment);
    assert_eq!(get(&mock, &comments), json!([comment]));
    // Of a computed one, with tasks that were not changed.
    let projects = get(&mock, "/projects");
    let first = format!("/projects/{}", projects[0]["id"]);
    let other = get(&mock, &format!("{first}/tasks"))["items"][0].clone();
    let others = format!("/tasks/{}/comments", id(&other));
    let computed = get(&mock, &others);
    assert!(!computed.as_array().unwrap().is_empty());
    assert_eq!(
        get(&mock, &format!("/comments/{}", computed[0]["id"])),
        computed[0]
    );
    let gone = |target: &str| {
        let (status, _) = send(&mock, "GET", target, &Value::Null);
        assert_eq!(status, 404, "{target}");
    };
    assert_eq!(send(&mock, "DELETE", &project, &Value::Null).0, 204);
    gone(&comments);
    gone(&own);
    assert_eq!(get(&mock, &others), computed);
    assert_eq!(send(&mock, "DELETE", &first, &Value::Null).0, 204);
    gone(&others);
    gone(&format!("/comments/{}", computed[0]["id"]));
    // Of a task alone.
    let second = get(&mock, &format!("/projects/{}/tasks", projects[1]["id"]))["items"][0].clone();
    let others = format!("/tasks/{}/comments", id(&second));
    assert_ne!(get(&mock, &others), json!([]));
    let target = format!("/tasks/{}", id(&second));
    assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 204);
    gone(&others);
}

#[test]
fn an_act_sets_the_state_that_its_name_means() {
    let close = "  /projects/{project_id}/tasks/{task_id}/complete:\n    parameters: [{ name: project_id, in: path, required: true, schema: { type: integer } }, { name: task_id, in: path, required: true, schema: { type: string, format: uuid } }]\n    post: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 404: { description: '' } } }\ncomponents:\n";
    let state = "properties: { status: { enum: [open, completed] }, completed_at: { type: [string, 'null'], format: date-time }, id: { type: string, format: uuid";
    let document = TODO
        .replace("components:\n", close)
        .replace("properties: { id: { type: string, format: uuid", state);
    let mock = mock_of(&document);
    let made = create(&mock, "/projects/3/tasks", &json!({ "title": "Dig" }));
    let target = format!("/projects/3/tasks/{}", text(&made["data"]["id"]));
    let done = format!("{target}/complete");
    let (status, task) = send(&mock, "POST", &done, &Value::Null);
    assert_eq!(status, 200, "{task}");
    assert_eq!(task["status"], "completed");
    assert_eq!(task["completed_at"], "2026-01-05T09:00:00Z");
    assert_eq!(task["title"], "Dig");
    assert_eq!(get(&mock, &target), task);
    assert_eq!(send(&mock, "DELETE", &target, &Value::Null).0, 204);
    assert_eq!(send(&mock, "POST", &done, &Value::Null).0, 404);
}

/// Wallets whose schema requires a property that nothing describes, and which are created alone or together.
const WALLETS: &str = "
openapi: 3.1.0
info: { title: Wallets, version: '1' }
paths:
  /wallets:
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [wallets], properties: { wallets: { type: array, items: { $ref: '#/components/schemas/Wallet' } } } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { oneOf: [{ type: object, required: [wallet], properties: { wallet: { $ref: '#/components/schemas/New' } } }, { type: object, required: [wallets], properties: { wallets: { type: array, items: { $ref: '#/components/schemas/New' } } } }] } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { oneOf: [{ type: object, required: [wallet], properties: { wallet: { $ref: '#/components/schemas/Wallet' } } }, { type: object, required: [wallets], properties: { wallets: { type: array, items: { $ref: '#/components/schemas/Wallet' } } } }] } } } }, 409: { description: '' } }
  /wallets/{code}:
    parameters: [{ name: code, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [wallet], properties: { wallet: { $ref: '#/components/schemas/Wallet' } } } } } }, 404: { description: '' } } }
components:
  schemas:
    New: { type: object, required: [code, name], properties: { code: { type: string }, name: { type: string } } }
    Wallet: { type: object, required: [code, name, balance], properties: { code: { type: string }, name: { type: string } } }
";

#[test]
fn an_item_has_what_its_schema_requires_and_does_not_describe() {
    let mock = mock_of(WALLETS);
    let body = json!({ "wallet": { "code": "w", "name": "Mine" } });
    let (status, made) = send(&mock, "POST", "/wallets", &body);
    assert_eq!(status, StatusCode::OK);
    assert_eq!(made["wallet"]["name"], "Mine");
    assert!(made["wallet"].get("balance").is_some(), "{made}");
    assert_eq!(get(&mock, "/wallets/w"), made);
    let listed = get(&mock, "/wallets");
    let listed = listed["wallets"].as_array().unwrap();
    assert_eq!(listed.last(), Some(&made["wallet"]));
}

#[test]
fn several_items_are_created_in_one_request_or_none_of_them() {
    let mock = mock_of(WALLETS);
    let before = get(&mock, "/wallets")["wallets"].as_array().unwrap().len();
    let body = json!({ "wallets": [{ "code": "a", "name": "A" }, { "code": "b", "name": "B" }] });
    let (status, made) = send(&mock, "POST", "/wallets", &body);
    assert_eq!(status, StatusCode::OK);
    assert_eq!(made["wallets"][1]["name"], "B");
    let listed = get(&mock, "/wallets");
    assert_eq!(
        listed["wallets"].as_array().unwrap()[before..],
        made["wallets"].as_array().unwrap()[..]
    );
    // The second one has a key that is taken.
    let body = json!({ "wallets": [{ "code": "c", "name": "C" }, { "code": "a", "name": "A" }] });
    assert_eq!(
        send(&mock, "POST", "/wallets", &body).0,
        StatusCode::CONFLICT
    );
    assert_eq!(get(&mock, "/wallets"), listed);
}
