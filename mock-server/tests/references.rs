//! References: a property that names an item of another list names one that is there.

use bytes::Bytes;
use fixtures::Scenario;
use http::{Request, StatusCode};
use jiff::Timestamp;
use mock_server::{Mock, Plan, answer};
use openapi::{Document, Source};
use serde_json::{Value, json};

/// Customers page and orders page; teams come whole. `ORDER` has the properties of an order that refer to something,
/// and `REFUSALS` what an operation that takes an order declares beside its success.
const SHOP: &str = "
openapi: 3.1.0
info: { title: Shop, version: '1' }
components:
  securitySchemes: { bearer: { type: http, scheme: bearer } }
  schemas:
    Customer: { type: object, required: [id, name], properties: { id: { type: string, format: uuid, readOnly: true }, name: { type: string }, team_id: { type: integer } } }
    Order: { type: object, required: [id, size, customer_id], properties: { id: { type: string, format: uuid, readOnly: true }, size: { type: integer }, ORDER } }
    NewOrder: { type: object, properties: { size: { type: integer }, ORDER } }
    Team: { type: object, required: [id, name], properties: { id: { type: integer, readOnly: true }, name: { type: string }, captain: { type: object, required: [id], properties: { id: { type: string } } } } }
    Line: { type: object, required: [id, order_id], properties: { id: { type: integer, readOnly: true }, order_id: { type: string, format: uuid }, text: { type: string } } }
security: [{ bearer: [] }]
paths:
  /v1/customers:
    get:
      operationId: listCustomers
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 5 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items], properties: { items: { type: array, items: { $ref: '#/components/schemas/Customer' } } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Customer' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Customer' } } } } }
  /v1/customers/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Customer' } } } }, 404: { description: '' } } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
  /v1/orders:
    get:
      operationId: listOrders
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 5 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items], properties: { items: { type: array, items: { $ref: '#/components/schemas/Order' } } } } } } } }
    post:
      operationId: createOrder
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewOrder' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }, REFUSALS }
  /v1/orders/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewOrder' } }, application/json-patch+json: { schema: { type: array, items: { type: object } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }, 404: { description: '' }, REFUSALS }
  /v1/orders/{order_id}/lines:
    parameters: [{ name: order_id, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Line' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { text: { type: string } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Line' } } } } }
  /v1/teams:
    get: { operationId: listTeams, responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Team' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { name: { type: string } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Team' } } } } }
  /v1/teams/{team_id}:
    parameters: [{ name: team_id, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Team' } } } }, 404: { description: '' } } }
";

/// The references of an order, as most documents have them.
const ORDER: &str = "customer_id: { type: string, format: uuid }, team: { type: object, properties: { id: { type: integer } } }";

/// A refusal that says what is wrong, as FastAPI does.
const FASTAPI: &str = "422: { description: '', content: { application/json: { schema: { type: object, properties: { detail: { type: array, items: { type: object, properties: { loc: { type: array, items: {} }, msg: { type: string }, type: { type: string } } } } } } } } }";

fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().unwrap()
}

fn document(order: &str, refusals: &str) -> String {
    SHOP.replace("ORDER", order).replace("REFUSALS", refusals)
}

fn mock_of(document: &str, overlay: &str, more: &str) -> Mock {
    let overlay = (!overlay.is_empty()).then(|| {
        let head = "overlay: 1.0.0\ninfo: { title: o, version: '1' }\nactions:\n";
        Source::new("o.yaml", format!("{head}{overlay}"))
    });
    let overlays: Vec<_> = overlay.into_iter().collect();
    let document = Document::read(Source::new("shop.yaml", document), &overlays).unwrap();
    let scenario =
        format!("owners: [{{ name: mia, token: mia-1 }}, {{ name: leo, token: leo-1 }}]\n{more}");
    let scenario = Scenario::read(Source::new("s.yaml", scenario)).unwrap();
    Mock::new(Plan::of(&[document], scenario, 1, now()).unwrap()).unwrap()
}

fn mock(refusals: &str) -> Mock {
    mock_of(&document(ORDER, refusals), "", "")
}

fn send_as(
    mock: &Mock,
    token: &str,
    (method, target): (&str, &str),
    (media_type, body): (&str, &Value),
) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(target);
    let request = request
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", media_type);
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let answer = answer(mock, &request.body(body).unwrap(), now());
    let status = answer.status;
    let body = serde_json::from_slice(&answer.into_bytes());
    (status, body.unwrap_or_default())
}

fn send(mock: &Mock, method: &str, target: &str, body: &Value) -> (StatusCode, Value) {
    send_as(mock, "mia-1", (method, target), ("application/json", body))
}

fn get_as(mock: &Mock, token: &str, target: &str) -> Value {
    let none = ("application/json", &Value::Null);
    let (status, body) = send_as(mock, token, ("GET", target), none);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

fn get(mock: &Mock, target: &str) -> Value {
    get_as(mock, "mia-1", target)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The items of the first pages of a list.
fn items(mock: &Mock, token: &str, list: &str) -> Vec<Value> {
    let page = get_as(mock, token, &format!("{list}?per_page=50"));
    let items = if page.is_array() {
        page
    } else {
        page["items"].clone()
    };
    items.as_array().unwrap().clone()
}

#[test]
fn a_computed_item_names_items_that_its_owner_has() {
    let mock = mock("422: { description: '' }");
    let mut named = Vec::new();
    for token in ["mia-1", "leo-1"] {
        let orders = items(&mock, token, "/v1/orders");
        assert!(orders.len() > 5);
        let mut keys = Vec::new();
        for order in &orders {
            let key = text(&order["customer_id"]);
            let customer = get_as(&mock, token, &format!("/v1/customers/{key}"));
            assert_eq!(customer["id"], order["customer_id"]);
            // The team comes whole, and a customer names one, too.
            get_as(&mock, token, &format!("/v1/teams/{}", order["team"]["id"]));
            get_as(&mock, token, &format!("/v1/teams/{}", customer["team_id"]));
            keys.push(key);
        }
        keys.sort_unstable();
        keys.dedup();
        assert!(keys.len() > 1, "all orders are of one customer");
        named.push(keys);
    }
    // No order of one owner names a customer of the other one.
    assert!(named[0].iter().all(|key| !named[1].contains(key)));
    let again = self::mock("422: { description: '' }");
    assert_eq!(
        items(&again, "mia-1", "/v1/orders"),
        items(&mock, "mia-1", "/v1/orders")
    );
}

#[test]
fn what_belongs_to_an_item_names_it() {
    let mock = mock("422: { description: '' }");
    for order in items(&mock, "mia-1", "/v1/orders").iter().take(3) {
        let list = format!("/v1/orders/{}/lines", text(&order["id"]));
        for line in get(&mock, &list).as_array().unwrap() {
            assert_eq!(line["order_id"], order["id"]);
        }
        let (_, made) = send(&mock, "POST", &list, &json!({ "text": "Bread" }));
        assert_eq!(made["order_id"], order["id"]);
    }
    // The path may have what the schema of the property does not take.
    for line in get(&mock, "/v1/orders/7/lines").as_array().unwrap() {
        assert_eq!(text(&line["order_id"]).len(), 36);
    }
}

#[test]
fn a_body_that_names_nothing_is_refused_as_the_document_declares() {
    let foreign = |mock: &Mock| items(mock, "leo-1", "/v1/customers")[0]["id"].clone();
    for (refusals, status) in [
        (FASTAPI, 422),
        ("400: { description: '' }", 400),
        ("404: { description: '' }", 404),
        ("409: { description: '' }", 201),
    ] {
        let mock = mock_of(
            &document(ORDER, refusals).replace(", 404: { description: '' }, 404", ", 404"),
            "",
            "",
        );
        let own = items(&mock, "mia-1", "/v1/customers")[2]["id"].clone();
        let (made, order) = send(
            &mock,
            "POST",
            "/v1/orders",
            &json!({ "size": 1, "customer_id": own }),
        );
        assert_eq!((made.as_u16(), &order["customer_id"]), (201, &own));
        let before = items(&mock, "mia-1", "/v1/orders").len();
        let missing = json!("00000000-0000-4000-8000-000000000000");
        let mut bodies = Vec::new();
        for wrong in [missing, foreign(&mock)] {
            let (refused, body) = send(
                &mock,
                "POST",
                "/v1/orders",
                &json!({ "size": 1, "customer_id": wrong }),
            );
            assert_eq!(refused.as_u16(), status, "{refusals}: {body}");
            bodies.push(body);
        }
        if status == 201 {
            continue;
        }
        assert_eq!(items(&mock, "mia-1", "/v1/orders").len(), before);
        if status == 422 {
            let error = &bodies[0]["detail"][0];
            assert_eq!(error["loc"], json!(["body", "customer_id"]));
            assert_eq!(error["msg"], bodies[1]["detail"][0]["msg"]);
        }
        let (refused, _) = send(
            &mock,
            "POST",
            "/v1/orders",
            &json!({ "size": 1, "team": { "id": 987_654 } }),
        );
        assert_eq!(refused.as_u16(), status);
    }
}

#[test]
fn a_change_is_held_to_the_same_and_what_stays_is_not() {
    let mock = mock("422: { description: '' }");
    let order = items(&mock, "mia-1", "/v1/orders")[1].clone();
    let target = format!("/v1/orders/{}", text(&order["id"]));
    let wrong = json!({ "customer_id": "00000000-0000-4000-8000-000000000000" });
    assert_eq!(send(&mock, "PATCH", &target, &wrong).0, 422);
    let steps = json!([{ "op": "replace", "path": "/customer_id", "value": wrong["customer_id"] }]);
    let patch = |steps: &Value| {
        let media = "application/json-patch+json";
        send_as(&mock, "mia-1", ("PATCH", &target), (media, steps)).0
    };
    assert_eq!(patch(&steps), 422);
    assert_eq!(get(&mock, &target), order);
    // What the path does not name comes first.
    let nowhere = "/v1/orders/00000000-0000-4000-8000-000000000000";
    assert_eq!(send(&mock, "PATCH", nowhere, &wrong).0, 404);
    // A customer may be deleted, and the order is changed all the same.
    let customer = format!("/v1/customers/{}", text(&order["customer_id"]));
    assert_eq!(send(&mock, "DELETE", &customer, &Value::Null).0, 204);
    let same = json!({ "size": 3, "customer_id": order["customer_id"] });
    let (status, changed) = send(&mock, "PATCH", &target, &same);
    assert_eq!((status.as_u16(), &changed["size"]), (200, &json!(3)));
    let made = json!({ "size": 1, "customer_id": order["customer_id"] });
    assert_eq!(send(&mock, "POST", "/v1/orders", &made).0, 422);
    // One that was just created may be named.
    let (_, new) = send(
        &mock,
        "POST",
        "/v1/customers",
        &json!({ "id": "00000000-0000-4000-8000-000000000000", "name": "Ada" }),
    );
    let named = json!({ "customer_id": new["id"] });
    assert_eq!(send(&mock, "PATCH", &target, &named).0, 200);
}

#[test]
fn a_sample_of_a_request_names_what_is_there() {
    let order = format!(
        "{ORDER}, customer_ids: {{ type: array, minItems: 1, items: {{ type: string, format: uuid }} }}"
    );
    let text = document(&order, "422: { description: '' }").replace(
        "NewOrder: { type: object,",
        "NewOrder: { type: object, required: [customer_id, customer_ids],",
    );
    let mock = mock_of(&text, "", "");
    let mut operations = mock.operations();
    let create = operations
        .find(|one| one.operation().id == "createOrder")
        .unwrap();
    let sample = create.request(now()).unwrap();
    let body: Value = serde_json::from_slice(&sample.body.unwrap()).unwrap();
    for key in [&body["customer_id"], &body["customer_ids"][0]] {
        get(&mock, &format!("/v1/customers/{}", self::text(key)));
    }
    assert_eq!(send(&mock, "POST", "/v1/orders", &body).0, 201);
}

#[test]
fn an_overlay_and_links_say_what_a_name_does_not() {
    let order = "customer_id: { type: string }, buyer: { type: string, format: uuid }, payer_ref: { type: string, format: uuid }";
    let linked = document(order, "422: { description: '' }")
        .replace("operationId: createOrder", "operationId: createOrder\n      x-note: linked")
        .replace(
            "/v1/customers/{id}:\n    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n    get: {",
            "/v1/customers/{id}:\n    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n    get: { operationId: readCustomer,",
        )
        .replace(
            "201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }",
            "201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }, links: { payer: { operationId: readCustomer, parameters: { id: '$response.body#/payer_ref' } } } }",
        );
    assert!(linked.contains("operationId: readCustomer, p") || linked.contains("links: { payer"));
    let overlay = "- target: $.paths['/v1/orders'].get\n  update: { x-collection: { does: list, refers: { buyer: listCustomers } } }\n";
    let mock = mock_of(&linked, overlay, "");
    for order in items(&mock, "mia-1", "/v1/orders") {
        for name in ["customer_id", "buyer", "payer_ref"] {
            get(&mock, &format!("/v1/customers/{}", text(&order[name])));
        }
    }
}

#[test]
fn an_array_of_ids_names_items_that_are_there_each_once() {
    let order = "customer_ids: { type: array, minItems: 1, items: { type: string, format: uuid } }, teams: { type: array, items: { type: string } }, customer_id: { type: string }";
    let mock = mock_of(&document(order, FASTAPI), "", "");
    let mut counts = Vec::new();
    for order in items(&mock, "mia-1", "/v1/orders") {
        let keys: Vec<_> = order["customer_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect();
        for key in &keys {
            get(&mock, &format!("/v1/customers/{key}"));
        }
        let mut once = keys.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), keys.len(), "{order}");
        counts.push(keys.len());
    }
    assert!(counts.contains(&1) && counts.contains(&3), "{counts:?}");
    assert!(counts.iter().all(|count| (1..=3).contains(count)));

    let own = items(&mock, "mia-1", "/v1/customers")[2]["id"].clone();
    let create = |customers: &Value| {
        let body = json!({ "size": 1, "customer_ids": customers });
        send(&mock, "POST", "/v1/orders", &body)
    };
    let (status, made) = create(&json!([own]));
    assert_eq!((status.as_u16(), &made["customer_ids"][0]), (201, &own));
    let wrong = "00000000-0000-4000-8000-000000000000";
    let (status, problem) = create(&json!([own, wrong]));
    assert_eq!(status, 422);
    let place = json!(["body", "customer_ids", 1]);
    assert_eq!(problem["detail"][0]["loc"], place, "{problem}");
    // What an item names already may stay, when another one is added.
    let target = format!("/v1/orders/{}", text(&made["id"]));
    let deleted = send(
        &mock,
        "DELETE",
        &format!("/v1/customers/{}", text(&own)),
        &Value::Null,
    );
    assert_eq!(deleted.0, 204);
    let other = items(&mock, "mia-1", "/v1/customers")[1]["id"].clone();
    let patch = |customers: Value| {
        send(
            &mock,
            "PATCH",
            &target,
            &json!({ "customer_ids": customers }),
        )
        .0
    };
    assert_eq!(patch(json!([own, other])), 200);
    assert_eq!(patch(json!([own, other, wrong])), 422);
}

#[test]
fn a_wrong_reference_in_an_overlay_is_an_error_with_its_place() {
    let overlay = Source::new(
        "o.yaml",
        "overlay: 1.0.0\ninfo: { title: o, version: '1' }\nactions:\n- target: $.paths['/v1/orders'].get\n  update: { x-collection: { does: list, refers: { size: listNothing } } }\n",
    );
    let text = document(ORDER, "422: { description: '' }");
    let document = Document::read(Source::new("shop.yaml", text), &[overlay]).unwrap();
    let problem = document.check_collections().unwrap_err().to_string();
    assert!(problem.contains("`size` is `listNothing`"), "{problem}");
    assert!(problem.contains("o.yaml:5"), "{problem}");
}

#[test]
fn items_that_a_scenario_tells_are_named_where_a_list_has_no_others() {
    let told = "items: [{ list: listCustomers, only: true, told: [{ id: 82827d90-aa38-437d-918b-5d4a697be6a9, name: Ada }, { name: Bob }] }]\n";
    let mock = mock_of(&document(ORDER, "422: { description: '' }"), "", told);
    let customers = items(&mock, "mia-1", "/v1/customers");
    assert_eq!(customers.len(), 2);
    for order in items(&mock, "mia-1", "/v1/orders") {
        let mut keys = customers.iter().map(|one| &one["id"]);
        assert!(keys.any(|key| *key == order["customer_id"]), "{order}");
    }
}

#[test]
fn the_orders_of_a_customer_are_found_however_many_there_are() {
    let orders = document(ORDER, "422: { description: '' }").replace(
        "operationId: listOrders\n      parameters: [",
        "operationId: listOrders\n      x-pagination: { name: orders, style: page, items: $.items, key: $.id, request: { page: { in: query, name: page }, limit: { in: query, name: per_page } } }\n      parameters: [{ name: customer_id, in: query, schema: { type: string } }, ",
    );
    let events = "timelines: { orders: { life: { first: {}, steps: [{}], ends: {} }, pace: { every: 1s }, jobs: [{ owner: mia, events: 300000 }] } }";
    let mock = mock_of(&orders, "", events);
    let customers = items(&mock, "mia-1", "/v1/customers");
    let customer = text(&customers[1]["id"]);
    let of_customer = |page: u64| {
        let target = format!("/v1/orders?per_page=50&customer_id={customer}&page={page}");
        get(&mock, &target)["items"].as_array().unwrap().clone()
    };
    let plain = |page: u64| {
        let target = format!("/v1/orders?per_page=50&page={page}");
        get(&mock, &target)["items"].as_array().unwrap().clone()
    };
    let first: Vec<_> = (1..40).flat_map(plain).collect();
    let wanted: Vec<_> = first
        .into_iter()
        .filter(|one| one["customer_id"] == *customer)
        .collect();
    assert!(wanted.len() > 5);
    assert_eq!(of_customer(1)[..5], wanted[..5]);
    for order in of_customer(100) {
        assert_eq!(order["customer_id"], *customer);
    }
    let target = "/v1/orders?customer_id=00000000-0000-4000-8000-000000000000";
    assert_eq!(get(&mock, target)["items"], json!([]));
}
