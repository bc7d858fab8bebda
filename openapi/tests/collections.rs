//! Which operations share a collection, and what `x-collection` says of it.

use openapi::{Act, Collection, Document, Source};
use serde_json::json;

/// A to-do application: a list that pages, one that does not, and one below the items of another.
const TODO: &str = "
openapi: 3.1.0
info: { title: To do, version: '1' }
paths:
  /projects:
    get:
      operationId: listProjects
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Project' } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/NewProject' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Project' } } } } }
  /projects/{projectId}/:
    parameters: [{ name: projectId, in: path, required: true, schema: { type: integer } }]
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, properties: { project: { $ref: '#/components/schemas/Project' }, server: { type: string } } } } } } } }
    put:
      requestBody: { content: { application/json: { schema: { type: object, properties: { project: { $ref: '#/components/schemas/NewProject' } } } } } }
      responses: { 204: { description: '' } }
    delete: { responses: { 204: { description: '' } } }
  /projects/{project}/tasks:
    parameters: [{ name: project, in: path, required: true, schema: { type: integer } }]
    get:
      parameters: [{ name: page, in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: per_page, in: query, schema: { type: integer, maximum: 50 } }]
      responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [items, total], properties: { total: { type: integer }, items: { type: array, items: { $ref: '#/components/schemas/Task' } } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } } }
  /projects/{project}/tasks/{taskId}:
    parameters: [{ name: project, in: path, required: true, schema: { type: integer } }, { name: taskId, in: path, required: true, schema: { type: string } }]
    patch:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } }
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } } }
  /projects/{project}/tasks/{taskId}/close:
    post:
      operationId: closeTask
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Task' } } } } }
  /search:
    get: { operationId: search, responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Task' } } } } } } }
components:
  schemas:
    NewProject: { type: object, required: [name], properties: { name: { type: string } } }
    Project: { type: object, required: [id, name], properties: { id: { type: integer }, name: { type: string } } }
    Task: { type: object, required: [id, title], properties: { id: { type: string, readOnly: true }, title: { type: string }, done: { type: boolean } } }
";

fn read(text: &str, overlay: &str) -> Document {
    let overlay = (!overlay.is_empty()).then(|| {
        let text =
            format!("overlay: 1.0.0\ninfo: {{ title: o, version: '1' }}\nactions:\n{overlay}");
        Source::new("o.yaml", text)
    });
    let overlays: Vec<_> = overlay.into_iter().collect();
    Document::read(Source::new("todo.yaml", text.to_owned()), &overlays).unwrap()
}

fn collections(document: &Document) -> Vec<Collection> {
    document.collections(&document.assumed())
}

/// A collection as text: its key, and what its operations do.
fn shown(document: &Document, collection: &Collection) -> String {
    let members = collection.members.iter().map(|member| {
        let operation = &document.operations()[member.operation];
        let place = |place: &Option<openapi::Selector>| {
            place.as_ref().map_or("-".to_owned(), ToString::to_string)
        };
        let (act, method) = (member.act.word(), &operation.method);
        let (item, body) = (place(&member.item), place(&member.body));
        format!("{act}={method}({item},{body})")
    });
    let members: Vec<_> = members.collect();
    let whole = if collection.is_whole { " whole" } else { "" };
    format!("{}{whole}: {}", collection.key, members.join(" "))
}

fn check(document: &Document, expect: &[&str]) {
    let found = collections(document);
    let found: Vec<_> = found.iter().map(|one| shown(document, one)).collect();
    assert_eq!(found, expect);
}

#[test]
fn operations_share_a_collection_by_the_shape_of_their_paths_and_the_key_of_its_items() {
    let document = read(TODO, "");
    check(
        &document,
        &[
            "id whole: list=GET(-,-) create=POST($,$) read=GET($.project,-) replace=PUT(-,$.project) delete=DELETE(-,-)",
            "id: list=GET(-,-) create=POST($,$) patch=PATCH($,$)",
        ],
    );
    let found = collections(&document);
    assert_eq!(found[0].parent, None);
    assert_eq!(found[1].parent, Some(0));
    assert!(
        found
            .iter()
            .all(|one| one.is_changeable() && one.member(Act::Create).is_some())
    );
    assert!(
        found
            .iter()
            .flat_map(|one| &one.members)
            .all(|member| !member.reason.is_empty())
    );
}

#[test]
fn a_parameter_that_cannot_be_the_key_names_no_item() {
    let by_name = TODO
        .replace("{projectId}", "{name}")
        .replace("name: projectId", "name: name");
    // The list is whole, so that its items may be told apart by their name.
    let by_text = by_name.replace(
        "required: true, schema: { type: integer } }]\n    get: { resp",
        "required: true, schema: { type: string } }]\n    get: { resp",
    );
    let found = collections(&read(&by_text, ""));
    assert_eq!(found[0].key, "name");
    assert!(found[0].member(Act::Read).is_some());
    let dated = TODO.replace(
        "name: taskId, in: path, required: true, schema: { type: string }",
        "name: taskId, in: path, required: true, schema: { type: integer }",
    );
    let found = collections(&read(&dated, ""));
    assert!(found[1].member(Act::Patch).is_none());
}

#[test]
fn an_overlay_says_what_an_operation_does_and_what_does_nothing() {
    let overlay = "
  - target: $.paths['/projects/{project}/tasks'].post
    update: { x-collection: { does: nothing } }
  - target: $.paths['/search'].get
    update: { x-collection: { does: list, key: title } }
  - target: $.paths['/projects/{project}/tasks/{taskId}/close'].post
    update: { x-collection: { does: delete, list: search } }
";
    check(
        &read(TODO, overlay),
        &[
            "id whole: list=GET(-,-) create=POST($,$) read=GET($.project,-) replace=PUT(-,$.project) delete=DELETE(-,-)",
            "id: list=GET(-,-) patch=PATCH($,$)",
            "title whole: list=GET(-,-) delete=POST($,-)",
        ],
    );
}

#[test]
fn words_of_vendors_say_what_paths_do_not() {
    let (speakeasy, fern) = (
        |does: &str| {
            format!("x-speakeasy-entity-operation: {{ terraform-resource: ['Lamp#{does}#1'] }}")
        },
        |does: &str| {
            format!("x-fern-sdk-group-name: [lamps]\n      x-fern-sdk-method-name: {does}")
        },
    );
    let text = "
openapi: 3.1.0
info: { title: Lamps, version: '1' }
components:
  schemas:
    Lamp: { type: object, required: [id, colour], properties: { id: { type: integer }, colour: { type: string } } }
paths:
  /lamps:
    get:
      operationId: lamps
      READ
      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Lamp' } } } } } }
  /lamp/new:
    post:
      CREATE
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Lamp' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Lamp' } } } } }
  /lamp/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
    get:
      READ
      responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Lamp' } } } } }
    delete:
      DELETE
      responses: { 204: { description: '' } }
";
    let said = |word: &dyn Fn(&str) -> String| {
        let words = [("CREATE", "create"), ("DELETE", "delete"), ("READ", "read")];
        words.iter().fold(text.to_owned(), |text, (mark, does)| {
            text.replace(mark, &word(does))
        })
    };
    for text in [
        said(&speakeasy),
        said(&fern).replace("name: read", "name: get"),
    ] {
        let document = read(&text, "");
        check(
            &document,
            &["id whole: list=GET(-,-) create=POST($,$) read=GET($,-) delete=DELETE(-,-)"],
        );
        let found = collections(&document);
        let create = found[0].member(Act::Create).unwrap();
        assert!(create.reason.starts_with("`x-"), "{}", create.reason);
        assert!(document.check_collections().is_ok());
    }
    // Neither says it if no word stands there, or if two lists may be meant.
    check(&read(&said(&|_: &str| "summary: none".to_owned()), ""), &[]);
    let two = said(&speakeasy).replace("  /lamp/new:", "  /torches:\n    get:\n      operationId: torches\n      x-speakeasy-entity-operation: Lamp#read\n      responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Lamp' } } } } } }\n  /lamp/new:");
    check(&read(&two, ""), &[]);
}

#[test]
fn a_draft_says_the_same_collections() {
    let document = read(TODO, "");
    let draft = document.draft(openapi::Draft::of(&document));
    assert!(
        draft.contains("its path is the list's with a key behind it"),
        "{draft}"
    );
    let overlay = Source::new("draft.yaml", draft);
    let said = Document::read(Source::new("todo.yaml", TODO), &[overlay]).unwrap();
    assert!(said.check_collections().is_ok());
    let shapes = |document: &Document, found: &[Collection]| {
        let shown = found.iter().map(|one| shown(document, one));
        shown.collect::<Vec<_>>()
    };
    let found = collections(&document);
    let again = said.collections(&said.contracts().unwrap());
    assert_eq!(shapes(&said, &again), shapes(&document, &found));
    assert_eq!(again[1].parent, Some(0));
}

#[test]
fn what_an_overlay_says_wrongly_is_told_with_its_place_and_cure() {
    for (role, message, cure) in [
        (
            "{ does: make }",
            "unknown variant `make`",
            "take it out, or spell it as one of those",
        ),
        (
            "{ does: read, list: searching }",
            "`list` is `searching`, which is no GET operation",
            "name the `operationId` of the list",
        ),
        (
            "{ does: list, list: search }",
            "`list` stands beside `does: list`",
            "take it out",
        ),
        (
            "{ does: set, list: listProjects }",
            "`sets` is missing",
            "say the properties and their values, as in `sets: { status: cancelled }`",
        ),
        (
            "{ does: create, list: search, sets: { a: 1 } }",
            "`sets` stands beside another",
            "take it out",
        ),
        (
            "{ does: create, list: search, key: id }",
            "`key` stands beside an operation",
            "say it where the list stands",
        ),
        (
            "{ does: delete, list: listProjects }",
            "`does` is `delete`, and the path has no parameter",
            "say `create`, `list` or `nothing`",
        ),
    ] {
        let overlay =
            format!("  - target: $.paths['/search'].get\n    update: {{ x-collection: {role} }}\n");
        let document = read(TODO, &overlay);
        let problem = document.check_collections().unwrap_err();
        let said = problem.to_string();
        assert!(said.starts_with("o.yaml:5:"), "{said}");
        assert!(problem.message().contains(message), "{said}");
        assert_eq!(problem.advice(), Some(cure));
        // A document that was not checked is read all the same.
        collections(&document);
    }
    assert!(read(TODO, "").check_collections().is_ok());
}

#[test]
fn items_of_a_list_may_have_a_path_without_the_item_that_the_list_belongs_to() {
    let short = TODO.replace(
        "  /projects/{project}/tasks/{taskId}:\n    parameters: [{ name: project, in: path, required: true, schema: { type: integer } }, { name",
        "  /tasks/{taskId}:\n    parameters: [{ name",
    );
    assert_ne!(short, TODO);
    let document = read(&short, "");
    let found = collections(&document);
    let tasks = found.iter().find(|one| one.parent.is_some()).unwrap();
    let patch = tasks.member(Act::Patch).unwrap();
    assert!(patch.is_elsewhere);
    assert!(tasks.list.has_items_elsewhere());
    assert!(
        patch
            .reason
            .contains("without the item that the list belongs to"),
        "{}",
        patch.reason
    );
    // A list of all tasks has them, so that they belong to that one.
    let all = short.replace(
        "  /tasks/{taskId}:\n",
        "  /tasks:\n    get: { responses: { 200: { description: '' } } }\n  /tasks/{taskId}:\n",
    );
    let document = read(&all, "");
    assert!(
        collections(&document)
            .iter()
            .all(|one| one.member(Act::Patch).is_none())
    );
}

#[test]
fn an_act_sets_the_state_that_its_name_means() {
    let task = "Task: { type: object, required: [id, title], properties: {";
    let with_state = |state: &str| TODO.replace(task, &format!("{task} {state},"));
    for (state, expect) in [
        (
            "status: { enum: [open, closed] }",
            Some(("status", json!("closed"))),
        ),
        (
            "task_state: { enum: [OPEN, CLOSED] }",
            Some(("task_state", json!("CLOSED"))),
        ),
        ("closed: { type: boolean }", Some(("closed", json!(true)))),
        ("status: { enum: [open, done] }", None),
        ("colour: { enum: [open, closed] }", None),
    ] {
        let text = with_state(state);
        assert_ne!(text, TODO);
        let document = read(&text, "");
        let found = collections(&document);
        let set = found.iter().find_map(|one| one.member(Act::Set));
        let sets = set.map(|one| (one.sets[0].0.as_str(), one.sets[0].1.clone()));
        assert_eq!(sets, expect, "{state}");
    }
}

#[test]
fn a_list_comes_whole_if_nothing_hints_at_pages() {
    let whole = |text: &str| {
        let document = read(text, "");
        let mut paged = document.contracts().unwrap();
        paged.extend(document.assumed());
        let lists = document.whole_lists(&paged);
        let paths = lists.iter().map(|one| one.operation().path.to_string());
        paths.collect::<Vec<_>>()
    };
    // The list that pages is none of them; neither is one that nothing changes.
    assert_eq!(whole(TODO), ["/projects"]);
    let list = "schema: { type: array, items: { $ref: '#/components/schemas/Project' } }";
    let get = "      operationId: listProjects\n";
    assert!(TODO.contains(list) && TODO.contains(get));
    let object = |fields: &str| {
        let inner = list.replacen("schema", "projects", 1);
        let wrapped = format!("schema: {{ type: object, properties: {{ {fields}{inner} }} }}");
        TODO.replacen(list, &wrapped, 1)
    };
    assert_eq!(whole(&object("")), ["/projects"]);
    for field in ["total", "has_more", "next"] {
        let text = object(&format!("{field}: {{ type: integer }}, "));
        assert!(whole(&text).is_empty(), "{field}");
    }
    for (parameter, kind) in [
        ("limit", "integer"),
        ("page", "integer"),
        ("offset", "integer"),
        ("cursor", "string"),
    ] {
        let parameters = format!(
            "{get}      parameters: [{{ name: {parameter}, in: query, schema: {{ type: {kind} }} }}]\n"
        );
        let text = TODO.replacen(get, &parameters, 1);
        assert!(whole(&text).is_empty(), "{parameter}");
    }
    let header =
        "responses: { 200: { headers: { Link: { schema: { type: string } } }, description: ''";
    let text = TODO.replacen("responses: { 200: { description: ''", header, 1);
    assert!(text != TODO && whole(&text).is_empty());
}

#[test]
fn events_belong_to_what_clients_create_and_states_are_known_by_plain_words() {
    /// Renders with a list, jobs without one, teams that nobody creates, and tickets with a word of their own.
    const LIVES: &str = "
openapi: 3.1.0
info: { title: Lives, version: '1' }
paths:
  /renders:
    get: { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Render' } } } } } } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Render' } } } }
      responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Render' } } } } }
  /renders/{id}/logs: { get: &events { responses: { 200: { description: '', content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Event' } } } } } } } }
  /renders/{id}/files: { get: *events }
  /jobs: { post: { responses: { 200: { description: '', content: { application/json: { schema: { type: object, required: [id], properties: { id: { type: string } } } } } } } } }
  /jobs/{job_id}/events: { get: *events }
  /teams/{id}/events: { get: *events }
  /tickets:
    post: { responses: { 201: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Ticket' } } } } } }
  /tickets/{id}/history: { get: *events }
components:
  schemas:
    Render: { type: object, required: [id, state], properties: { id: { type: string }, name: { type: string }, state: { enum: [Failed, NOT_STARTED, in-progress, Success] } } }
    Ticket: { type: object, required: [id, status], properties: { id: { type: string }, status: { enum: [open, in_progress, done] } } }
    Event: { type: object, required: [id, text], properties: { id: { type: string }, text: { type: string } } }
";
    let document = read(LIVES, "");
    let collections = document.collections(&[]);
    let found = document.event_lists(&[], &collections);
    let shown = found.iter().map(|one| {
        let states = one.states.as_ref().map(|states| {
            let words = [states.waiting.as_ref(), states.working.as_ref()];
            let last = [Some(&states.done), states.failed.as_ref()];
            let words = words.into_iter().chain(last).flatten();
            words.map(ToString::to_string).collect::<Vec<_>>().join(" ")
        });
        let path = one.list.operation().path.to_string();
        (path, one.parent.is_some(), states.unwrap_or_default())
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            (
                "/renders/{id}/logs".to_owned(),
                true,
                r#""NOT_STARTED" "in-progress" "Success" "Failed""#.to_owned()
            ),
            ("/jobs/{job_id}/events".to_owned(), false, String::new()),
            ("/tickets/{id}/history".to_owned(), false, String::new()),
        ]
    );
}
