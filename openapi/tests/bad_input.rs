//! Each wrong input is one problem, at its place, with a cure.
//!
//! `$0` marks the place in the wrong text, and is taken out before the text is read.

use miette::Diagnostic;
use openapi::{Document, Problem, Source};

const DOCUMENT: &str = "\
openapi: 3.1.0
info: { title: Lists, version: 1.0.0 }
paths:
  /lists/{list}/items:
    get:
      parameters:
        - { name: list, in: path, required: true, schema: { type: string } }
        - { name: from, in: query, schema: { type: string } }
        - { name: count, in: query, schema: { type: integer, maximum: 50 } }
      responses:
        '200':
          description: A page
          content: { application/json: { schema: { $ref: '#/components/schemas/Page' } } }
        '404':
          description: No such list
        '422':
          description: Wrong parameters
          content: { application/json: { schema: { $ref: '#/components/schemas/Wrong' } } }
components:
  schemas:
    Page:
      properties:
        items: { type: array, items: { $ref: '#/components/schemas/Item' } }
        more: { type: boolean }
    Item:
      properties:
        name: { type: string }
        state: { type: string, enum: [open, shut] }
    Wrong:
      properties:
        errors: { type: array, items: { properties: { at: {}, text: {}, word: {} } } }
";

const OVERLAY: &str = "\
overlay: 1.0.0
info: { title: Lists as timelines, version: 1.0.0 }
actions:
  - target: $.paths['/lists/{list}/items'].get
    update:
      x-pagination:
        style: cursor
        items: $.items
        key: $.name
        request:
          cursor: { in: query, name: from }
          limit: { in: query, name: count }
        next: { cursor: '$.items[-1:].name', more: $.more }
        cursor: { bound: exclusive }
        lifecycle: { at: $.state, first: [open], terminal: [shut] }
        parent: { parameter: list, missing: 404 }
      x-validation-errors:
        { status: 422, errors: $.errors, location: $.at, message: $.text, kind: $.word }
";

/// `text` without its mark, and the line and column that the mark stood at.
fn unmarked(text: &str) -> (String, Option<(usize, usize)>) {
    let Some((before, behind)) = text.split_once("$0") else {
        return (text.to_owned(), None);
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|one| *one != '\n').count() + 1;
    (format!("{before}{behind}"), Some((line, column)))
}

fn read(document: (&str, &str), overlays: &[(&str, &str)]) -> Result<(), Problem> {
    let source = |(name, text): (&str, &str)| Source::new(name, text);
    let overlays: Vec<_> = overlays.iter().copied().map(source).collect();
    Document::read(source(document), &overlays)?.contracts()?;
    Ok(())
}

/// The one warning about the document with `part` of it replaced is at the mark, and says `expect`. A strict
/// reading fails with it.
fn warning(part: &str, replacement: &str, expect: &str) {
    assert!(DOCUMENT.contains(part), "{part}");
    warns(
        ("d.yaml", &DOCUMENT.replacen(part, replacement, 1)),
        None,
        expect,
    );
}

/// Reading these texts leaves one warning, which is at the mark and says `expect`.
fn warns(document: (&str, &str), overlay: Option<&str>, expect: &str) {
    let (text, in_document) = unmarked(document.1);
    let (overlay, in_overlay) = overlay.map(unmarked).unzip();
    let overlays = overlay.map(|text| Source::new("o.yaml", text));
    let (file, (line, column)) = match (in_document, in_overlay.flatten()) {
        (Some(place), None) => (document.0, place),
        (None, Some(place)) => ("o.yaml", place),
        _ => panic!("one mark is needed: {expect}"),
    };
    let read = Document::read(Source::new(document.0, text), overlays.as_slice()).unwrap();
    let [problem] = read.warnings() else {
        panic!("{expect}: {:?}", read.warnings());
    };
    assert_eq!(
        problem.to_string(),
        format!("{file}:{line}:{column}: {expect}")
    );
    assert!(problem.help().is_some(), "no cure: {problem}");
    assert_eq!(problem.severity(), Some(miette::Severity::Warning));
    let strict = read.without_warnings().unwrap_err();
    assert_eq!(strict.related().map(Iterator::count), Some(1));
}

/// Reading these texts fails at the mark, saying `expect`, with a cure.
fn check(document: (&str, &str), overlay: Option<&str>, expect: &str) {
    let (text, in_document) = unmarked(document.1);
    let (overlay, in_overlay) = overlay.map(unmarked).unzip();
    let overlays: Vec<_> = overlay
        .iter()
        .map(|text| ("o.yaml", text.as_str()))
        .collect();
    let (file, (line, column)) = match (in_document, in_overlay.flatten()) {
        (Some(place), None) => (document.0, place),
        (None, Some(place)) => ("o.yaml", place),
        _ => panic!("one mark is needed: {expect}"),
    };
    let problem = read((document.0, &text), &overlays).expect_err(expect);
    assert_eq!(
        problem.to_string(),
        format!("{file}:{line}:{column}: {expect}")
    );
    assert!(
        problem
            .help()
            .is_some_and(|cure| !cure.to_string().is_empty()),
        "no cure: {problem}"
    );
    assert_eq!(problem.labels().map(Iterator::count), Some(1), "{problem}");
}

/// The document with `part` of it replaced.
fn document(part: &str, replacement: &str, expect: &str) {
    assert!(DOCUMENT.contains(part), "{part}");
    check(
        ("d.yaml", &DOCUMENT.replacen(part, replacement, 1)),
        None,
        expect,
    );
}

/// The overlay with `part` of it replaced.
fn overlay(part: &str, replacement: &str, expect: &str) {
    assert!(OVERLAY.contains(part), "{part}");
    let changed = OVERLAY.replacen(part, replacement, 1);
    check(("d.yaml", DOCUMENT), Some(&changed), expect);
}

#[test]
fn the_texts_that_are_broken_here_are_whole() {
    read(("d.yaml", DOCUMENT), &[("o.yaml", OVERLAY)]).unwrap();
}

#[test]
fn malformed_texts() {
    check(
        ("d.yaml", "openapi: 3.1.0\ninfo: { title: a\npaths$0: {}\n"),
        None,
        "malformed YAML: did not find expected ',' or '}'",
    );
    check(
        ("d.json", "{\n  \"openapi\": \"3.1.0\",\n  \"info\" $0}\n"),
        None,
        "malformed JSON: expected `:`",
    );
    check(
        ("d.json", "{ \"openapi\": \"3.1.0$0\""),
        None,
        "malformed JSON: EOF while parsing an object",
    );
    check(
        ("d.json", "\u{feff}{\n\t\"openapi\": $0,\n}\n"),
        None,
        "malformed JSON: expected value",
    );
    check(
        ("d.yaml", "$0openapi: 3.1.0\n---\nopenapi: 3.1.0\n"),
        None,
        "malformed YAML: deserializing from YAML containing more than one document is not supported",
    );
}

#[test]
fn keys_that_stand_twice() {
    warning(
        "        more: {",
        "        $0items: {",
        "the key `items` stands twice",
    );
    warning(
        "required: true",
        "required: true, $0required: true",
        "the key `required` stands twice",
    );
    warns(
        (
            "d.json",
            "{\"openapi\": \"3.1.0\",\n\t$0\"openapi\": \"3.1.0\"}",
        ),
        None,
        "the key `openapi` stands twice",
    );
}

#[test]
fn the_first_of_two_equal_keys_is_kept() {
    let text = "openapi: 3.1.0\ninfo: { title: first, title: second }\n";
    let read = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    assert_eq!(read.at("#/info/title"), Some(&"first".into()));
}

#[test]
fn an_overlay_has_no_key_twice() {
    overlay(
        "overlay: 1.0.0",
        "overlay: 1.0.0\n$0overlay: 1.0.0",
        "the key `overlay` stands twice",
    );
}

#[test]
fn halves_of_characters() {
    warns(
        (
            "d.json",
            "{\"openapi\": \"3.1.0\", \"a\": \"\\ud83d\\ude00\",\n\"b\": \"x$0\\ud83d\"}",
        ),
        None,
        "`\\ud83d` is half a character, because its other half is missing",
    );
}

#[test]
fn versions() {
    document(
        "openapi: 3.1.0",
        "$0openapi: 4.0.0",
        "OpenAPI version `4.0.0` is not supported",
    );
    document(
        "openapi: 3.1.0",
        "$0openapi: 3x",
        "OpenAPI version `3x` is not supported",
    );
    warning(
        "openapi: 3.1.0",
        "$0openapi: 3.1",
        "`3.1` is a number, and the version of OpenAPI must be text",
    );
    document(
        "openapi: 3.1.0",
        "$0swagger: '1.2'",
        "Swagger version `1.2` is not supported",
    );
    document(
        "openapi: 3.1.0\n",
        "$0",
        "not an OpenAPI document: no `openapi` version",
    );
    for text in ["$0- a list", "$0just a text", "# only a comment\n$0"] {
        check(
            ("d.yaml", text),
            None,
            "not an OpenAPI document: no `openapi` version",
        );
    }
}

#[test]
fn references() {
    let reference = "items: { $ref: '#/components/schemas/Item' }";
    let nowhere = "items: { $0$ref: '#/components/schemas/Nothing' }";
    warning(
        reference,
        nowhere,
        "`$ref: #/components/schemas/Nothing` leads nowhere",
    );
    warning(
        reference,
        "items: { $0$ref: '#nothing' }",
        "`$ref: #nothing` leads nowhere",
    );
    warning(
        reference,
        "items: { $0$ref: items.yaml }",
        "`$ref: items.yaml` leads to another file, and the folder of this text is not known",
    );
    warning(
        reference,
        "items: { $0$ref: 'https://example.com/items' }",
        "`$ref: https://example.com/items` leads to another server, which is not asked",
    );
}

#[test]
fn references_that_lead_only_back_to_themselves() {
    let tail = "    Wrong:\n";
    let to_itself = "    One: { $0$ref: '#/components/schemas/One' }\n    Wrong:\n";
    warning(
        tail,
        to_itself,
        "`$ref: #/components/schemas/One` leads only back to itself",
    );
    let two = "    One: { $0$ref: '#/components/schemas/Two' }\n    Two: { $ref: '#/components/schemas/One' }\n    Wrong:\n";
    warning(
        tail,
        two,
        "`$ref: #/components/schemas/Two` leads only back to itself",
    );
}

#[test]
fn all_flaws_are_listed_at_once() {
    let text = DOCUMENT
        .replace("schemas/Item'", "schemas/None'")
        .replace(
            "      parameters:",
            "      security: null\n      parameters:",
        )
        .replace("  /lists/{list}/items:", "  lists/{list}/items:");
    let read = Document::read(Source::new("d.yaml", text), &[]).unwrap();
    let warnings: Vec<_> = read.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "d.yaml:24:40: `$ref: #/components/schemas/None` leads nowhere",
            "d.yaml:4:3: `lists/{list}/items` is no path, because it has no `/` before it",
            "d.yaml:6:7: `security` must be a list",
        ]
    );
    assert_eq!(read.operations()[0].path.to_string(), "/lists/{list}/items");
    let strict = read.without_warnings().unwrap_err();
    assert_eq!(strict.to_string(), "d.yaml has 3 flaws");
    let listed: Vec<_> = strict.related().unwrap().map(ToString::to_string).collect();
    assert_eq!(listed, warnings);
}

#[test]
fn overlays() {
    overlay(
        "overlay: 1.0.0",
        "$0overlay: 2.0.0",
        "Overlay version `2.0.0` is not supported",
    );
    overlay(
        "actions:",
        "$0acts: []\nactions:",
        "unknown field `acts`, expected one of `overlay`, `info`, `extends`, `actions`",
    );
    overlay(
        "    update:",
        "    $0updates: {}\n    update:",
        "unknown field `updates`, expected one of `target`, `description`, `update`, `remove`",
    );
}

#[test]
fn overlay_targets() {
    let target = "target: $.paths['/lists/{list}/items'].get";
    overlay(
        target,
        "$0target: $.paths['/lists'].get",
        "the target `$.paths['/lists'].get` matches nothing in the document",
    );
    overlay(
        target,
        "$0target: paths.get",
        "`paths.get` is not a JSONPath",
    );
    for nothing in [
        "",
        ", update: {}",
        ", update: { info: {} }",
        ", remove: false",
    ] {
        let action = format!("actions:\n  - $0{{ target: $ {nothing} }}");
        overlay("actions:", &action, "this action changes nothing");
    }
}

#[test]
fn what_an_overlay_wrote_is_placed_in_it() {
    let mark = "      x-validation-errors:";
    let parameters = "      parameters: [{ name: a, in: query, schema: {} }, { $0$ref: '#/none' }]\n      x-validation-errors:";
    let responses = "      responses: { '404': { $0$ref: '#/components/responses/None' } }\n      x-validation-errors:";
    for (part, reference) in [
        (responses, "#/components/responses/None"),
        (parameters, "#/none"),
    ] {
        let changed = OVERLAY.replacen(mark, part, 1);
        let expect = format!("`$ref: {reference}` leads nowhere");
        warns(("d.yaml", DOCUMENT), Some(&changed), &expect);
    }
}

#[test]
fn pagination_vocabulary() {
    overlay(
        "        style: cursor",
        "        $0stile: cursor",
        "unknown field `stile`, expected one of `name`, `style`, `items`, `key`, `request`, `page`, `range`, `next`, `previous`, `item`, `totals`, `echo`, `order`, `cursor`, `limit`, `end`, `whole`, `volatile`, `lifecycle`, `parent`",
    );
    overlay(
        "bound: exclusive",
        "$0bounds: exclusive",
        "unknown field `bounds`, expected one of `bound`, `resume`, `unknown`, `expires`, `carries`",
    );
    overlay(
        "bound: exclusive",
        "$0bound: open",
        "unknown variant `open`, expected `exclusive` or `inclusive`",
    );
    overlay(
        "      x-pagination:\n        style: cursor\n",
        "      $0x-pagination:\n",
        "missing field `style`",
    );
    overlay(
        "        key: $.name",
        "        $0key: name",
        "`name` is not a JSONPath: it must start with `$`",
    );
    overlay(
        "more: $.more",
        "$0more: $..more",
        "`$..more` must be names and `[-1:]` only, as in `$.data[-1:].id`",
    );
    overlay(
        "        style: cursor\n        items: $.items\n        key: $.name\n        request:",
        "        style: range\n        items: $.items\n        key: $.name\n        $0request:",
        "`request.range` is missing, and style `range` needs it",
    );
    overlay(
        "        style: cursor\n        items: $.items\n        key: $.name\n        request:",
        "        style: page\n        items: $.items\n        key: $.name\n        $0request:",
        "`request.page` is missing, and style `page` needs it",
    );
    overlay(
        "{ status: 422,",
        "{ $0state: 422,",
        "unknown field `state`, expected one of `status`, `errors`, `location`, `message`, `kind`",
    );
}

#[test]
fn pagination_that_the_document_does_not_have() {
    let page = "the schema at #/paths/~1lists~1{list}~1items/get/responses/200/content/application~1json/schema";
    let item = "the schema at #/components/schemas/Page/properties/items/items";
    overlay(
        "        items: $.items",
        "        $0items: $.data",
        &format!("{page} has no list `$.data`"),
    );
    overlay(
        "        items: $.items",
        "        $0items: $.more",
        &format!("{page} has no list `$.more`"),
    );
    overlay(
        "        key: $.name",
        "        $0key: $.id",
        &format!("{item} has no place `$.id`"),
    );
    overlay(
        "more: $.more",
        "$0more: $.has_more",
        &format!("{page} has no place `$.has_more`"),
    );
    overlay(
        "        cursor: { bound",
        "        order: { $0by: $.time }\n        cursor: { bound",
        &format!("{item} has no place `$.time`"),
    );
    overlay(
        "        key: $.name",
        "        volatile: [$.state, $0$.age]\n        key: $.name",
        &format!("{item} has no place `$.age`"),
    );
    overlay(
        "          limit: { in: query, name: count }\n",
        "        limit: { $0over: clamp }\n",
        "`over: clamp` needs a limit with a maximum, and there is none",
    );
    overlay(
        "        cursor: { bound",
        "        echo: { $0last: $.last }\n        cursor: { bound",
        &format!("{page} has no place `$.last`"),
    );
    overlay(
        "parent: { ",
        "parent: { $0echo: $.list, ",
        &format!("{page} has no place `$.list`"),
    );
    overlay(
        "lifecycle: { at: $.state",
        "lifecycle: { $0at: $.kind",
        &format!("{item} has no place `$.kind`"),
    );
    overlay(
        "errors: $.errors",
        "$0errors: $.detail",
        "the schema at #/paths/~1lists~1{list}~1items/get/responses/422/content/application~1json/schema has no list `$.detail`",
    );
    overlay(
        "location: $.at",
        "$0location: $.loc",
        "the schema at #/components/schemas/Wrong/properties/errors/items has no place `$.loc`",
    );
}

#[test]
fn parameters_and_statuses_that_the_operation_does_not_have() {
    overlay(
        "          cursor: { in: query, name: from }",
        "          $0cursor: { in: query, name: after }",
        "the operation has no query parameter `after`",
    );
    overlay(
        "          cursor: { in: query, name: from }",
        "          $0cursor: { in: header, name: from }",
        "the operation has no header parameter `from`",
    );
    overlay(
        "          limit: { in: query, name: count }",
        "          $0limit: { in: query, name: limit }",
        "the operation has no query parameter `limit`",
    );
    overlay(
        "          limit: { in: query, name: count }",
        "          $0limit: { in: query, name: from }",
        "`from` is no integer parameter, so it cannot be a limit",
    );
    overlay(
        "{ parameter: list",
        "{ $0parameter: job",
        "the operation has no path parameter `job`",
    );
    overlay(
        "missing: 404",
        "$0missing: 410",
        "the operation declares no answer with status 410",
    );
    overlay(
        "missing: 404",
        "missing: 404, $0foreign: 403",
        "the operation declares no answer with status 403",
    );
    overlay(
        "bound: exclusive",
        "$0unknown: 400",
        "the operation declares no answer with status 400",
    );
    overlay(
        "status: 422",
        "$0status: 400",
        "the operation declares no answer with status 400",
    );
}

#[test]
fn lifecycle_words_that_the_schema_does_not_have() {
    overlay(
        "first: [open]",
        "first: [open, $0begun]",
        "`begun` is not valid at `$.state` of an item",
    );
    overlay(
        "terminal: [shut]",
        "terminal: [$0done]",
        "`done` is not valid at `$.state` of an item",
    );
}

#[test]
fn a_timeline_without_a_page() {
    let removed = "actions:\n  - { target: \"$..responses['200'].content\", remove: true }";
    let marked = OVERLAY.replace("      x-pagination:", "      $0x-pagination:");
    let expect = "a timeline needs a 200 answer with a JSON schema, and there is none";
    check(
        ("d.yaml", DOCUMENT),
        Some(&marked.replace("actions:", removed)),
        expect,
    );
}

#[test]
fn files_of_another_kind() {
    for (text, expect) in [
        ("$0", "not an OpenAPI document, but an empty file"),
        (
            "$0<!doctype html><p>Docs",
            "not an OpenAPI document, but an HTML page",
        ),
        (
            "$0{ \"log\": { \"entries\": [] } }",
            "not an OpenAPI document, but an HTTP archive (HAR)",
        ),
        ("$0owners: []", "not an OpenAPI document, but a scenario"),
        (OVERLAY, "not an OpenAPI document, but an overlay"),
    ] {
        let text = if text.contains("$0") {
            text.to_owned()
        } else {
            format!("$0{text}")
        };
        check(("d.yaml", &text), None, expect);
    }
    let document = format!("$0{DOCUMENT}");
    let expect = "not an overlay, but an OpenAPI document";
    check(("d.yaml", DOCUMENT), Some(&document), expect);
}

#[test]
fn types_are_named_in_the_words_of_the_specification() {
    overlay(
        "missing: 404",
        "$0missing: soon",
        "`missing` must be a whole number from 0 to 65535, and is text \"soon\"",
    );
    overlay(
        "actions:",
        "$0actions: {}\nx-a:",
        "`actions` must be a list, and is an object",
    );
}

#[test]
fn a_document_with_too_many_paths_is_one_problem() {
    let read = |name: &str, count: usize, lines: bool| {
        let paths = (0..count).map(|path| {
            if lines {
                format!("  /{path}: {{}}\n")
            } else {
                format!(
                    "\"/{path}\":{{}}{}",
                    if path + 1 < count { "," } else { "" }
                )
            }
        });
        let paths: String = paths.collect();
        let text = if lines {
            format!("openapi: 3.1.0\ninfo: {{title: '', version: ''}}\npaths:\n{paths}")
        } else {
            format!(
                "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"\",\"version\":\"\"}},\"paths\":{{{paths}}}}}"
            )
        };
        Document::read(Source::new(name, text), &[])
    };
    for (name, lines, line) in [
        ("many.json", false, 1),
        ("many.yaml", true, 50_004),
        ("flow.yaml", false, 1),
    ] {
        let problem = read(name, 50_001, lines).unwrap_err().to_string();
        let expect = "`paths` has more than 50,000 entries, and at most 50,000 can be read";
        let place = format!("{name}:{line}:");
        assert!(
            problem.starts_with(&place) && problem.ends_with(expect),
            "{problem}"
        );
        assert!(read(name, 50_000, lines).is_ok(), "{name}");
    }
}

#[test]
fn a_text_whose_values_fill_the_memory_is_one_problem() {
    let begin = "openapi: 3.1.0\ninfo: {title: '', version: ''}\npaths: {}\nx-many: ";
    let list = |count: usize| format!("[{}0]", "0,".repeat(count));
    let json = |count: usize| {
        let many = list(count);
        format!(
            "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"\",\"version\":\"\"}},\"paths\":{{}},\"x-many\":{many}}}"
        )
    };
    let read = |name: &str, text: String| Document::read(Source::new(name, text), &[]);
    for (name, text, line) in [
        ("many.json", json(6_000_000), 1),
        ("many.yaml", format!("{begin}{}", list(4_100_000)), 4),
    ] {
        let problem = read(name, text).unwrap_err().to_string();
        assert!(problem.starts_with(&format!("{name}:{line}:")), "{problem}");
        assert!(
            problem.ends_with("the values of this text take more than 256 MiB"),
            "{problem}"
        );
    }
    // What only looks like values, as prose does, is counted and stands.
    let prose = format!(
        "openapi: 3.1.0\ninfo: {{title: '', version: ''}}\npaths: {{}}\nx-prose: '{}'",
        "a, ".repeat(4_100_000)
    );
    assert!(read("prose.yaml", prose).is_ok());
}
