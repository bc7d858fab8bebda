//! Documents of several files are read as one, and each part is cited in the file that has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use openapi::{Document, Loader, OpenOptions, Source};
use serde_json::json;

/// Writes these files into a folder of this name, and returns the path of the first.
fn files(folder: &str, files: &[(&str, &str)]) -> PathBuf {
    // All crates share the folder around it.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("openapi")
        .join(folder);
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder.join(files[0].0)
}

fn open(path: &Path) -> Document {
    let mut documents = Document::open(&[path], &[]).unwrap();
    documents.pop().unwrap()
}

/// A document whose only body has this schema, which begins at column 94 of line 3.
fn with_schema(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\npaths:\n  /pins: {{ get: {{ responses: {{ 200: {{ description: d, content: {{ application/json: {{ schema: {schema} }} }} }} }} }} }}\n"
    )
}

/// The only warning of the document at `path`, without the folder.
fn warning(path: &Path) -> String {
    let document = open(path);
    let [only] = document.warnings() else {
        panic!("{:?}", document.warnings());
    };
    let folder = format!("{}/", path.parent().unwrap().display());
    only.to_string().replace(&folder, "")
}

fn body(document: &Document) -> openapi::Schema {
    let response = document.operations()[0].response(200).unwrap();
    response.media[0].schema.clone().unwrap()
}

#[test]
fn a_text_without_an_end_is_a_problem() {
    let long = files("long", &[("long.yaml", "a: b")]);
    let file = fs::File::options().write(true).open(&long).unwrap();
    // The file has no blocks on the disk.
    file.set_len(65 << 20).unwrap();
    let mut endless = vec![long];
    if cfg!(unix) {
        endless.push("/dev/zero".into());
    }
    for path in endless {
        let problem = Document::open(&[&path], &[]).unwrap_err();
        let said = problem.to_string();
        assert!(said.ends_with("it is longer than 64 MiB"), "{said}");
    }
}

#[test]
fn parts_of_other_files() {
    let path = files(
        "parts",
        &[
            (
                "openapi.yaml",
                &with_schema("{ $ref: './schemas/pin.yaml#/Pin' }"),
            ),
            (
                "schemas/pin.yaml",
                "Pin:\n  type: object\n  required: [id]\n  properties:\n    id: { $ref: 'id.json' }\n    next: { $ref: '#/Pin' }\n    up: { $ref: '../openapi.yaml#/info/x-up' }\n",
            ),
            ("schemas/id.json", r#"{ "type": "integer" }"#),
        ],
    );
    let text = fs::read_to_string(&path).unwrap() + "info: { x-up: { type: string } }\n";
    fs::write(&path, text).unwrap();
    let document = open(&path);
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    let body = body(&document);
    assert!(body.defect().is_none(), "{:?}", body.defect());
    assert!(body.is_valid(&json!({ "id": 1, "next": { "id": 2, "up": "x" } })));
    for (wrong, cited) in [
        (json!({ "id": "1" }), "schemas/id.json#/type"),
        (
            json!({ "next": {} , "id": 1 }),
            "schemas/pin.yaml#/Pin/required",
        ),
        (json!({ "up": 1, "id": 1 }), "openapi.yaml#/info/x-up/type"),
    ] {
        let violations = body.violations(&wrong);
        assert_eq!(violations.len(), 1, "{violations:?}");
        let cite = document.cite(&violations[0].pointer);
        assert!(cite.ends_with(cited), "{cite}");
    }
}

#[test]
fn path_items_of_other_files_stand_where_overlays_look_for_them() {
    let path = files(
        "items",
        &[
            (
                "openapi.yaml",
                "openapi: 3.1.0\npaths:\n  /pins: { $ref: 'pins.yaml' }\n",
            ),
            (
                "pins.yaml",
                "get: { responses: { 200: { $ref: '#/x-answers/ok' } } }\nx-answers: { ok: { description: d } }\n",
            ),
        ],
    );
    let overlay = files(
        "items",
        &[(
            "openapi.overlay.yaml",
            "overlay: 1.0.0\ninfo: { title: a, version: '1' }\nactions: [{ target: \"$.paths['/pins'].get\", update: { operationId: pins } }]\n",
        )],
    );
    let documents = Document::open(&[path], &[overlay]).unwrap();
    let operation = &documents[0].operations()[0];
    assert_eq!(operation.id, "pins");
    assert_eq!(operation.response(200).unwrap().description, "d");
    let cite = documents[0].cite(&operation.pointer);
    assert!(cite.ends_with("pins.yaml#/get"), "{cite}");
}

#[test]
fn files_that_refer_to_each_other() {
    let path = files(
        "circle",
        &[
            ("openapi.yaml", &with_schema("{ $ref: 'a.yaml' }")),
            ("a.yaml", "properties: { b: { $ref: 'b.yaml' } }\n"),
            (
                "b.yaml",
                "properties: { a: { $ref: './a.yaml' }, n: { type: integer } }\n",
            ),
        ],
    );
    let document = open(&path);
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    let body = body(&document);
    assert!(body.is_valid(&json!({ "b": { "a": { "b": { "n": 1 } } } })));
    assert!(!body.is_valid(&json!({ "b": { "a": { "b": { "n": "1" } } } })));
}

#[test]
fn references_that_may_not_be_followed() {
    files("outside", &[("secret.yaml", "type: string\n")]);
    for (reference, expect) in [
        ("../secret.yaml", "leads out of the folder of the document"),
        (
            "sub/../../secret.yaml",
            "leads out of the folder of the document",
        ),
        ("/etc/hostname", "is not relative to this file"),
        ("file:///etc/hostname", "is not relative to this file"),
        (
            "https://example.com/a.yaml",
            "leads to another server, which is not asked",
        ),
        ("gone.yaml", "leads to a file that cannot be read: "),
    ] {
        let schema = format!("{{ $ref: '{reference}' }}");
        let path = files("outside/api", &[("openapi.yaml", &with_schema(&schema))]);
        let warning = warning(&path);
        let expect = format!("openapi.yaml:3:96: `$ref: {reference}` {expect}");
        assert!(warning.starts_with(&expect), "{warning}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let secret = files("links", &[("secret.yaml", "type: string\n")]);
    let path = files(
        "links/api",
        &[("openapi.yaml", &with_schema("{ $ref: 'link.yaml' }"))],
    );
    let link = path.with_file_name("link.yaml");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(secret, link).unwrap();
    assert!(warning(&path).contains("leads out of the folder"));
}

#[test]
fn flaws_are_placed_in_the_file_that_has_them() {
    let main = with_schema("{ $ref: 'a.yaml#/A' }");
    for (other, expect) in [
        (
            "B: {}\n",
            "openapi.yaml:3:96: `$ref: a.yaml#/A` leads nowhere",
        ),
        (
            "A: { $ref: '#/B' }\n",
            "a.yaml:1:6: `$ref: #/B` leads nowhere",
        ),
        ("A: {}\nA: {}\n", "a.yaml:2:1: the key `A` stands twice"),
    ] {
        let path = files("flaws", &[("openapi.yaml", &main), ("a.yaml", other)]);
        assert_eq!(warning(&path), expect);
    }
    let path = files("flaws", &[("openapi.yaml", &main), ("a.yaml", "A: [\n")]);
    assert!(warning(&path).contains("cannot be read: a.yaml:2:1: malformed YAML"));
}

#[test]
fn a_text_without_a_folder_has_no_other_files() {
    let document = Document::read(Source::new("d.yaml", with_schema("{ $ref: a.yaml }")), &[]);
    let document = document.unwrap();
    let message = document.warnings()[0].message();
    assert_eq!(
        message,
        "`$ref: a.yaml` leads to another file, and the folder of this text is not known"
    );
}

/// A network of two files.
struct Two;

impl Loader for Two {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        match url {
            "https://a.example/api/openapi.yaml" => Ok(with_schema("{ $ref: 'pin.yaml' }").into()),
            "https://a.example/api/pin.yaml" => Ok("type: integer\n".into()),
            _ => Err("the server answers 404 Not Found".to_owned()),
        }
    }
}

#[test]
fn documents_of_the_network() {
    let url = "https://a.example/api/openapi.yaml";
    let options = OpenOptions::new().loader(&Two);
    let document = &options.open(&[url], &[]).unwrap()[0];
    assert_eq!(document.name(), "openapi");
    assert!(document.warnings()[0].message().contains("is not asked"));
    let document = &options.allow_remote(true).open(&[url], &[]).unwrap()[0];
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    assert!(!body(document).is_valid(&json!("x")));
    let problem = options.open(&["https://a.example/b"], &[]).unwrap_err();
    assert_eq!(
        problem.message(),
        "cannot fetch https://a.example/b: the server answers 404 Not Found"
    );
    let problem = Document::open(&[url], &[]).unwrap_err();
    assert!(problem.message().ends_with("cannot be fetched here"));
}

/// A network that has one file, and counts the requests for each URL.
#[derive(Default)]
struct Counting(Mutex<BTreeMap<String, usize>>);

impl Loader for Counting {
    fn load(&self, url: &str) -> Result<Vec<u8>, String> {
        let mut asked = self.0.lock().unwrap();
        *asked.entry(url.to_owned()).or_default() += 1;
        if url.ends_with("/known.yaml") {
            return Ok("type: integer\n".into());
        }
        Err("it takes longer than 30s".to_owned())
    }
}

#[test]
fn servers_that_do_not_answer_are_asked_a_few_times_only() {
    let path = |number: usize, file: &str| {
        format!(
            "  /{number}: {{ get: {{ responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: 'https://a.example/{file}.yaml' }} }} }} }} }} }} }}\n"
        )
    };
    let read = |paths: String| {
        let text = format!("openapi: 3.1.0\ninfo: {{ title: '', version: '' }}\npaths:\n{paths}");
        let file = files("silent_servers", &[("openapi.yaml", &text)]);
        let network = Counting::default();
        let options = OpenOptions::new().loader(&network).allow_remote(true);
        let document = options.open(&[file], &[]).unwrap().remove(0);
        (network.0.into_inner().unwrap(), document.warnings().len())
    };
    // One file, however many references lead to it.
    let same = read((0..50).map(|number| path(number, "gone")).collect());
    assert_eq!(
        same.0,
        BTreeMap::from([("https://a.example/gone.yaml".to_owned(), 1)])
    );
    // Many files: those behind the first failures are not asked for.
    let (asked, warnings) = read(
        (0..20)
            .map(|number| path(number, &number.to_string()))
            .collect(),
    );
    assert_eq!(
        (asked.len(), asked.values().sum::<usize>(), warnings),
        (5, 5, 20)
    );
    // A file that is there is read in any number of places.
    let (asked, warnings) = read((0..50).map(|number| path(number, "known")).collect());
    assert_eq!(
        (asked.into_values().collect::<Vec<_>>(), warnings),
        (vec![1], 0)
    );
}

#[test]
fn parts_of_other_servers_have_a_time_for_all_of_them() {
    let part = |number: usize| {
        format!("    S{number}: {{ $ref: 'https://a.example/{number}/known.yaml' }}\n")
    };
    let parts: String = (0..7).map(part).collect();
    let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n{parts}");
    let file = files("slow_servers", &[("openapi.yaml", &text)]);
    let read = |time: Duration| {
        let network = Counting::default();
        let options = OpenOptions::new().loader(&network).allow_remote(true);
        let options = options.remote_time(time);
        let document = options.open(&[&file], &[]).unwrap().remove(0);
        let warnings = document.warnings().iter();
        let warnings: Vec<_> = warnings
            .map(|one| (one.message().to_owned(), one.advice().map(str::to_owned)))
            .collect();
        (network.0.into_inner().unwrap().len(), warnings)
    };
    assert_eq!(read(Duration::from_hours(1)), (7, Vec::new()));
    let (asked, warnings) = read(Duration::ZERO);
    assert_eq!((asked, warnings.len()), (0, 8));
    let late = "the parts on other servers took all of their time, which is 0ns";
    let said: Vec<_> = warnings.iter().map(|(said, _)| said.as_str()).collect();
    let each = format!(
        "`$ref: https://a.example/0/known.yaml` leads to another server, which is not asked, because {late}"
    );
    let all = format!(
        "7 parts on other servers, such as https://a.example/0/known.yaml, were not asked for: {late}"
    );
    assert!(said.contains(&each.as_str()), "{said:?}");
    assert!(said.iter().any(|one| one.ends_with(&all)), "{said:?}");
    let cure = "give more time with `--remote-time`, or bundle the document into one file";
    for (said, advice) in &warnings {
        assert_eq!(advice.as_deref(), Some(cure), "{said}");
    }
}

#[test]
fn identifiers_and_anchors_within_schemas() {
    let text = with_schema("{ $ref: 'https://a.example/schemas/tree' }")
        + "components:
  schemas:
    Tree:
      $id: https://a.example/schemas/tree
      $dynamicAnchor: node
      properties:
        id: { $ref: id }
        own: { $ref: '#/$defs/own' }
        children: { type: array, items: { $dynamicRef: '#node' } }
      $defs: { own: { type: boolean } }
    Id: { $id: 'https://a.example/schemas/id', type: integer }
";
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    let body = body(&document);
    assert!(body.defect().is_none(), "{:?}", body.defect());
    assert!(body.is_valid(&json!({ "id": 1, "own": true, "children": [{ "id": 2 }] })));
    for wrong in [
        json!({ "id": "1" }),
        json!({ "own": 1 }),
        json!({ "children": [{ "id": "2" }] }),
    ] {
        assert!(!body.is_valid(&wrong), "{wrong}");
    }
}

#[test]
fn a_document_may_name_itself() {
    let text = with_schema("{ $ref: 'https://a.example/api/openapi.yaml#/components/schemas/A' }")
        .replace(
            "openapi: 3.1.0",
            "openapi: 3.2.0\n$self: https://a.example/api/openapi.yaml",
        )
        + "components: { schemas: { A: { type: integer } } }\n";
    let document = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    assert!(!body(&document).is_valid(&json!("x")));
}

#[test]
fn documents_of_2_0_have_other_files_too() {
    let path = files(
        "swagger",
        &[
            (
                "swagger.yaml",
                "swagger: '2.0'\npaths: { /a: { $ref: 'a.yaml#/item' } }\ndefinitions: { N: { type: integer } }\n",
            ),
            (
                "a.yaml",
                "item:\n  get:\n    parameters: [{ $ref: '#/limit' }]\n    responses: { 200: { description: d, schema: { $ref: '#/A' } } }\nlimit: { name: limit, in: query, type: integer }\nA: { x-nullable: true, type: object, properties: { n: { $ref: 'swagger.yaml#/definitions/N' } } }\n",
            ),
        ],
    );
    let folder = path.parent().unwrap();
    let document = open(folder);
    assert!(document.warnings().is_empty(), "{:?}", document.warnings());
    assert_eq!(document.operations()[0].parameters[0].name, "limit");
    let body = body(&document);
    assert!(body.is_valid(&json!(null)));
    let violations = body.violations(&json!({ "n": "x" }));
    let cite = document.cite(&violations[0].pointer);
    assert!(cite.ends_with("swagger.yaml#/definitions/N/type"), "{cite}");
}

#[test]
fn folders_and_names() {
    let path = files("empty", &[("readme.txt", "")]);
    let folder = path.parent().unwrap();
    let problem = Document::open(&[folder], &[]).unwrap_err();
    assert!(
        problem
            .message()
            .ends_with("empty is a folder without a document")
    );
    let path = files("named", &[("jobs.v1.yaml", "openapi: 3.1.0\n")]);
    assert_eq!(open(&path).name(), "jobs");
    for (name, stem) in [
        ("<stdin>", "document"),
        (".yaml", "document"),
        ("a/b.c.yaml", "b"),
    ] {
        assert_eq!(Source::new(name, "").stem(), stem);
    }
}
