//! Lists whose items are created, changed and deleted: the judge upholds the mock of a small document for each, and
//! catches its liars.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use openapi::Contract;
use serde_json::{Map, Value, json};

use super::dialects::{made_up, mock_of};
use crate::lock::lock;
use crate::session::not_kept;
use crate::testing::{NOW, ask, described, verdict};
use crate::{Facts, Law, Liar, Lost, Reply, Request, Subject, UnsafeMethods, Verdict, catalogue};

/// Tasks of projects, which strangers must not see. Creations can be repeated safely. A request's `kind` is not the one
/// that answers show.
const TASKS: &str = "
openapi: 3.1.0
security: [{ key: [] }]
paths:
  /projects/{project}/tasks:
    parameters: [{ name: project, in: path, required: true, schema: { type: string, format: uuid } }]
    get:
      parameters: [{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [tasks, more], properties: { more: { type: boolean }, tasks: { type: array, items: { $ref: '#/components/schemas/Task' } } } } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
      x-pagination: { name: tasks, style: cursor, items: $.tasks, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.tasks[-1:].id', more: $.more }, parent: { parameter: project, missing: 404, foreign: 404 } }
    post:
      parameters: [{ name: Idempotency-Key, in: header, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewTask' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 401: { description: '' }, 404: { description: '' }, 409: { description: '' }, 422: { description: '' } }
  /projects/{project}/tasks/{task}:
    parameters: [{ name: project, in: path, required: true, schema: { type: string, format: uuid } }, { name: task, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 401: { description: '' }, 404: { description: '' } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewTask' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
    patch:
      requestBody: { required: true, content: { application/merge-patch+json: { schema: { type: object, properties: { title: { type: string, minLength: 1 }, notes: { type: string }, done: { type: boolean } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }, 401: { description: '' }, 404: { description: '' }, 422: { description: '' } }
    delete: { responses: { 204: { description: '' }, 401: { description: '' }, 404: { description: '' } } }
components:
  securitySchemes: { key: { type: http, scheme: bearer } }
  schemas:
    NewTask: { type: object, required: [title, notes, kind], properties: { kind: { type: string }, title: { type: string, minLength: 1, maxLength: 40 }, notes: { type: string }, done: { type: boolean } } }
    Task: { type: object, required: [id, title, notes, done, owner, created_at], properties: { id: { type: string, format: uuid, readOnly: true }, kind: { const: task }, title: { type: string, minLength: 1, maxLength: 40 }, notes: { type: string }, done: { type: boolean }, owner: { type: string, readOnly: true }, created_at: { type: string, format: date-time, readOnly: true } } }
";

/// Notes at the top, in numbered pages, without credentials. Bodies have the note in a property.
const NOTES: &str = "
openapi: 3.1.0
paths:
  /notes:
    get:
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [total, notes], properties: { total: { type: integer }, notes: { type: array, items: { $ref: '#/components/schemas/Note' } } } } } } }, 422: { description: '' } }
      x-pagination: { name: notes, style: page, items: $.notes, key: $.number, request: { page: { in: query, name: page }, limit: { in: query, name: size } }, totals: { items: $.total } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [note], properties: { note: { type: object, required: [text], properties: { text: { type: string }, stars: { type: integer, minimum: 0, maximum: 5 } } } } } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/One' } } } }, 422: { description: '' } }
  /notes/{number}:
    parameters: [{ name: number, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/One' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [note], properties: { note: { type: object, properties: { text: { type: string }, stars: { type: integer, minimum: 0, maximum: 5 } } } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/One' } } } }, 404: { description: '' }, 422: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  schemas:
    One: { type: object, required: [note], properties: { note: { $ref: '#/components/schemas/Note' } } }
    Note: { type: object, required: [number, text, stars], properties: { number: { type: integer, readOnly: true }, text: { type: string }, stars: { type: integer, minimum: 0, maximum: 5 } } }
";

/// Files by tokens, changed by forms.
const FILES: &str = "
openapi: 3.1.0
paths:
  /files:
    get:
      parameters: [{ name: token, in: query, schema: { type: string } }, { name: size, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [files], properties: { next: { type: string }, files: { type: array, items: { $ref: '#/components/schemas/File' } } } } } } }, 422: { description: '' } }
      x-pagination: { name: files, style: token, items: $.files, key: $.id, request: { cursor: { in: query, name: token }, limit: { in: query, name: size } }, next: { cursor: $.next } }
    post:
      requestBody: { required: true, content: { application/x-www-form-urlencoded: { schema: { type: object, required: [name], properties: { name: { type: string } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/File' } } } }, 422: { description: '' } }
  /files/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/File' } } } }, 404: { description: '' } } }
    post:
      requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { name: { type: string } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/File' } } } }, 404: { description: '' }, 422: { description: '' } }
    delete: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [id, deleted], properties: { id: { type: string }, deleted: { const: true } } } } } }, 404: { description: '' } } }
components:
  schemas:
    File: { type: object, required: [id, name], properties: { id: { type: string, pattern: '^file_[a-z0-9]{12}$' }, name: { type: string } } }
";

/// Labels, all of which come in one answer. The document says nothing of pages.
const LABELS: &str = "
openapi: 3.1.0
paths:
  /labels:
    get:
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Label' } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewLabel' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Label' } } } }, 422: { description: '' } }
  /labels/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Label' } } } }, 404: { description: '' } } }
    patch:
      requestBody: { required: true, content: { application/merge-patch+json: { schema: { type: object, properties: { name: { type: string, minLength: 1 }, colour: { type: string } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Label' } } } }, 404: { description: '' }, 422: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  schemas:
    NewLabel: { type: object, required: [name, colour], properties: { name: { type: string, minLength: 1, maxLength: 40 }, colour: { type: string } } }
    Label: { type: object, required: [id, name, colour], properties: { id: { type: string, format: uuid, readOnly: true }, name: { type: string, minLength: 1, maxLength: 40 }, colour: { type: string } } }
";

/// Every document of this kind.
const ALL: [(&str, &str); 4] = [
    ("tasks", TASKS),
    ("notes", NOTES),
    ("files", FILES),
    ("labels", LABELS),
];

/// The contract, facts that allow changes, and the mock.
fn changeable(document: &str) -> (Contract, Facts, impl Subject + use<>) {
    let (contract, facts, mock) = mock_of(document, &made_up());
    let now = jiff::Timestamp::UNIX_EPOCH + NOW;
    let subject = move |request: &Request| -> Result<Reply, Lost> { ask(&mock, request, now) };
    let facts = facts.with_unsafe_methods(UnsafeMethods::Allow);
    (contract, facts, subject)
}

/// The counterexamples with which the liar about a law is caught, in each of the documents where it is in force.
pub(crate) fn caught(law: &'static Law) -> String {
    let mut text = String::new();
    for (name, document) in ALL {
        let (contract, facts, honest) = changeable(document);
        match verdict(law, &contract, &facts, &honest) {
            Verdict::Upheld { .. } => {}
            Verdict::NotInForce { .. } => continue,
            other => panic!("the mock does not uphold {} of {name}: {other:#?}", law.id),
        }
        let liar = Liar::new(contract.clone(), law.lie, honest);
        match verdict(law, &contract, &facts, &liar) {
            Verdict::Broken(found) => {
                let _ = write!(text, "{name}: {}", described(&contract, &found));
            }
            other => panic!("the liar about {} of {name} got away: {other:#?}", law.id),
        }
    }
    assert!(!text.is_empty(), "{} is in force for no document", law.id);
    text
}

/// Whether a law is not in force for a list that only grows at its end, and whose pages are counted.
pub(crate) fn is_not_in_force_where_pages_are_counted(law: &'static Law) -> bool {
    let counted = NOTES.replace("style: page,", "style: page, order: { append-only: true },");
    let (contract, facts, honest) = changeable(&counted);
    matches!(
        verdict(law, &contract, &facts, &honest),
        Verdict::NotInForce { .. }
    )
}

/// The laws about changes.
fn laws() -> impl Iterator<Item = &'static Law> {
    let laws = catalogue::LAWS.iter().copied();
    laws.filter(|law| law.group == crate::Group::Changes)
}

#[test]
fn without_permission_nothing_is_changed() {
    for (_, document) in ALL {
        let (contract, facts, honest) = changeable(document);
        let facts = facts.with_unsafe_methods(UnsafeMethods::Refuse);
        let subject = |request: &Request| -> Result<Reply, Lost> {
            assert_eq!(request.method, "GET", "{}", request.target);
            honest.send(request)
        };
        for law in laws() {
            let found = verdict(law, &contract, &facts, &subject);
            assert!(matches!(found, Verdict::NotInForce { .. }), "{found:#?}");
        }
    }
}

#[test]
fn only_what_was_created_is_changed_and_nothing_is_left_behind() {
    for (_, document) in ALL {
        let (contract, facts, honest) = changeable(document);
        let created = Mutex::new(Vec::new());
        let sent = AtomicU64::new(0);
        let subject = |request: &Request| -> Result<Reply, Lost> {
            let reply = honest.send(request)?;
            let is_for_one = lock(&created)
                .iter()
                .any(|key: &String| request.path().ends_with(key));
            match request.method.as_str() {
                "POST" if !is_for_one => {
                    let body = reply.json().unwrap_or_default();
                    let item = body.get("note").unwrap_or(&body);
                    let key = item
                        .get("id")
                        .or(item.get("number"))
                        .and_then(openapi::key_text);
                    lock(&created).extend(key);
                }
                "POST" | "PUT" | "PATCH" | "DELETE" => {
                    // The stranger also asks for one that does not exist.
                    assert!(is_for_one || reply.status == 404, "{request:#?}");
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            }
            Ok(reply)
        };
        let list = || {
            let resource = &facts.resources()[0];
            crate::walk((&contract, &facts), resource, None, 100, &honest).unwrap()
        };
        let before = list();
        for law in laws() {
            let found = verdict(law, &contract, &facts, &subject);
            assert!(
                !matches!(found, Verdict::Broken(_)),
                "{}: {found:#?}",
                law.id
            );
        }
        assert_eq!(list(), before);
        assert!(sent.load(Ordering::Relaxed) > 5);
    }
}

#[test]
fn an_item_that_was_there_before_is_left_alone() {
    let named = AtomicU64::new(0);
    for (_, document) in ALL {
        let (contract, facts, honest) = changeable(document);
        // Each creation returns the first item of the list, as if that had been asked for before.
        let subject = |request: &Request| -> Result<Reply, Lost> {
            if request.method == "GET" {
                return honest.send(request);
            }
            let list = Request {
                method: "GET".to_owned(),
                target: request.path().to_owned(),
                body: bytes::Bytes::new(),
                ..request.clone()
            };
            let page = honest.send(&list)?;
            let body = page.json().unwrap_or_default();
            let items = contract.items(&body);
            assert!(items.is_some(), "{} {}", request.method, request.target);
            let first = items.and_then(|items| contract.key(items.first()?));
            let Some(first) = first else {
                let mut refused = page;
                refused.status = 422;
                return Ok(refused);
            };
            named.fetch_add(1, Ordering::Relaxed);
            honest.send(&Request {
                target: format!("{}/{first}", request.path()),
                ..list
            })
        };
        for law in laws() {
            let found = verdict(law, &contract, &facts, &subject);
            assert!(!matches!(found, Verdict::Broken(_)), "{found:#?}");
        }
    }
    assert!(named.load(Ordering::Relaxed) > 0);
}

#[test]
fn texts_are_compared_whatever_they_hold() {
    let text = |text: &str| Map::from_iter([("at".to_owned(), Value::from(text))]);
    let names = ["at".to_owned()];
    let differs = |sent: &str, shown: &str| not_kept(&names, &text(sent), &text(shown)).is_some();
    assert!(!differs(
        "2026-01-05T00:00:00Z",
        "2026-01-05T01:00:00+01:00"
    ));
    assert!(differs("2026-01-05T00:00:00Z", "2026-01-aé"));
}

/// A server that differs from the mock, and that no law may fail.
fn spared(
    document: &str,
    server: impl Fn(&dyn Subject, &Request) -> Result<Reply, Lost> + Send + Sync,
) {
    for law in laws() {
        let (contract, facts, honest) = changeable(document);
        let subject = |request: &Request| server(&honest, request);
        let found = verdict(law, &contract, &facts, &subject);
        assert!(
            !matches!(found, Verdict::Broken(_) | Verdict::Unreachable { .. }),
            "{}: {found:#?}",
            law.id
        );
    }
}

#[test]
fn a_server_that_refuses_read_only_values_is_spared() {
    spared(TASKS, |honest, request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let mut reply = honest.send(request)?;
        if body.get("created_at").or(body.get("owner")).is_some() {
            reply.status = 422;
        }
        Ok(reply)
    });
}

#[test]
fn a_server_that_refuses_all_changes_is_spared() {
    spared(TASKS, |honest, request| {
        if request.method == "GET" {
            return honest.send(request);
        }
        let read = Request {
            method: "GET".to_owned(),
            body: bytes::Bytes::new(),
            ..request.clone()
        };
        let mut reply = honest.send(&read)?;
        reply.status = 403;
        Ok(reply)
    });
}

/// Builds, whose state clients may set, and which go on by themselves.
const BUILDS: &str = "
openapi: 3.1.0
paths:
  /builds:
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Build' } } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewBuild' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Build' } } } }, 422: { description: '' } }
  /builds/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Build' } } } }, 404: { description: '' } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/NewBuild' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Build' } } } }, 404: { description: '' }, 422: { description: '' } }
    patch:
      requestBody: { required: true, content: { application/merge-patch+json: { schema: { type: object, properties: { name: { type: string, minLength: 1 }, buildStatus: { $ref: '#/components/schemas/Status' } } } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Build' } } } }, 404: { description: '' }, 422: { description: '' } }
    delete: { responses: { 204: { description: '' }, 404: { description: '' } } }
components:
  schemas:
    Status: { type: string, enum: [queued, running, succeeded, failed] }
    NewBuild: { type: object, required: [name, buildStatus], properties: { name: { type: string, minLength: 1, maxLength: 40 }, buildStatus: { $ref: '#/components/schemas/Status' } } }
    Build: { type: object, required: [id, name, buildStatus], properties: { id: { type: string, format: uuid, readOnly: true }, name: { type: string, minLength: 1, maxLength: 40 }, buildStatus: { $ref: '#/components/schemas/Status' } } }
";

#[test]
fn a_server_whose_items_go_on_by_themselves_is_spared() {
    let reads = AtomicU64::new(0);
    spared(BUILDS, |honest, request| {
        let reply = honest.send(request)?;
        let words = ["queued", "running", "succeeded", "failed"];
        Ok(crate::lie::edit_json(reply, |body| {
            if let Some(state) = body.get_mut("buildStatus") {
                let turn = reads.fetch_add(1, Ordering::Relaxed);
                *state = words[usize::try_from(turn).unwrap_or_default() % words.len()].into();
            }
        }))
    });
    assert!(reads.load(Ordering::Relaxed) > 10);
}

#[test]
fn a_server_that_tidies_texts_is_spared() {
    spared(TASKS, |honest, request| {
        let reply = honest.send(request)?;
        Ok(crate::lie::edit_json(reply, |body| {
            if let Some(Value::String(title)) = body.get_mut("title") {
                *title = title.to_uppercase();
            }
        }))
    });
}

#[test]
fn a_server_that_keeps_deleted_items_and_says_so_is_spared() {
    let deleted: Mutex<Vec<(Request, Value)>> = Mutex::default();
    spared(TASKS, |honest, request| {
        let mut read = request.clone();
        "GET".clone_into(&mut read.method);
        read.headers.retain(|(name, _)| name == "authorization");
        if request.method == "DELETE" {
            let mut item = honest.send(&read)?.json().unwrap_or_default();
            item["deleted_at"] = json!("2026-01-01T00:00:00Z");
            lock(&deleted).push((read.clone(), item));
        }
        let mut reply = honest.send(request)?;
        let kept = lock(&deleted)
            .iter()
            .find(|(known, item)| *known == read && item.get("id").is_some())
            .cloned();
        if let Some((_, item)) = kept.filter(|_| request.method == "GET" && reply.status == 404) {
            reply.status = 200;
            reply = reply.with_json(&item);
        }
        Ok(reply)
    });
}
