//! Examples of pages in a document, held to the laws that one page can show. No server is asked.
//!
//! An example is what readers of a document copy. One that contradicts the contract misleads them, and each mock that
//! serves it.

use std::fmt::Write as _;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use openapi::{Contract, Document, Location, PageRequest, Problem, Source, join};
use serde_json::Value;

use crate::lie::Lie;
use crate::{Breach, Facts, Level, Liar, Lost, Options, Reply, Request, Verdict, contracts, judge};

/// An example of a page.
#[derive(Debug, Clone)]
pub struct Example {
    /// The name of its timeline.
    pub timeline: String,
    /// Where it stands: file, line, column, and JSON pointer.
    pub place: String,
    /// The laws that it shows to hold.
    pub upheld: Vec<&'static str>,
    /// Why laws could not be tried on it, if none could.
    pub unjudged: Option<String>,
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
}

/// What is wrong with an example of a page.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// The law that it breaks.
    pub law: &'static str,
    /// How serious that is.
    pub level: Level,
    /// The breach.
    pub breach: Breach,
}

/// The laws that one page can show, besides that about its schema.
const SHOWN: &[&str] = &[
    "constants-keep-their-value",
    "keys-are-unique-on-a-page",
    "values-stay-in-their-sets",
    "first-id-names-the-first-item",
    "last-id-names-the-last-item",
    "empty-page-names-no-items",
    "empty-page-promises-no-more",
    "events-ascend",
    "latest-covers-every-event",
    "times-are-utc",
    "ids-are-ulids",
    "urls-are-absolute",
    "urls-are-presigned",
    "object-keys-never-cross",
];

/// A server that has only the example, and nothing behind it.
const ONLY: Lie = |lied, request| {
    let reply = lied.ask(request)?;
    Ok(if lied.asked(request).at.is_start() {
        reply
    } else {
        lied.empty_page(request, reply)
    })
};

/// Every example of a page in a document and its overlays, and what is wrong with it.
///
/// Fails if no operation of the document pages.
pub fn examples(document: &Document) -> Result<Vec<Example>, Problem> {
    let mut found = Vec::new();
    for contract in contracts(std::slice::from_ref(document))? {
        for (pointer, body) in bodies(&contract) {
            found.push(held(&contract, &pointer, &body));
        }
    }
    Ok(found)
}

/// The examples of the body of a page, with their pointers.
fn bodies(contract: &Contract) -> Vec<(String, Value)> {
    let Some(media) = contract
        .operation()
        .response(200)
        .and_then(|response| response.json())
    else {
        return Vec::new();
    };
    let document = contract.document();
    let mut bodies = Vec::new();
    let one = join(&media.pointer, "example");
    bodies.extend(document.at(&one).map(|body| (one, body.clone())));
    let several = join(&media.pointer, "examples");
    for (name, example) in document
        .at(&several)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let mut place = join(&several, name);
        let mut example = example;
        // An example of the document's components.
        if let Some(shared) = example.get("$ref").and_then(Value::as_str)
            && let Some(there) = document.at(shared)
        {
            (place, example) = (shared.to_owned(), there);
        }
        let place = join(&place, "value");
        bodies.extend(example.get("value").map(|body| (place, body.clone())));
    }
    if let Some(body) = media.example.clone().filter(|_| bodies.is_empty()) {
        bodies.push((media.pointer.clone(), body));
    }
    bodies
}

fn held(contract: &Contract, pointer: &str, body: &Value) -> Example {
    let document = contract.document();
    let place = document.problem(pointer, "").place();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut example = Example {
        timeline: contract.name(),
        place: place.map_or_else(
            || document.cite(pointer),
            |place| format!("{place} ({pointer})"),
        ),
        upheld: Vec::new(),
        unjudged: None,
        wrong: misfits(contract, body),
    };
    example
        .upheld
        .extend(example.wrong.is_empty().then_some(SCHEMA));
    example
        .wrong
        .extend(own_contradiction(contract, &headers, body));
    if contract.items(body).is_none() {
        example.unjudged = Some(format!(
            "no list of items stands at `{}`",
            contract.pagination().items
        ));
        return example;
    }
    let file = Source::new("examples.yaml", subject_file(contract));
    let (contract, facts) = match Facts::read(&file, std::slice::from_ref(contract), |_| None) {
        Ok(mut read) if !read.is_empty() => read.remove(0),
        Ok(_) => return example,
        Err(problem) => {
            example.unjudged = Some(problem.message().to_owned());
            return example;
        }
    };
    let reply = Reply {
        status: 200,
        headers,
        body: body.to_string().into(),
    };
    let only = |_: &Request| -> Result<Reply, Lost> { Ok(reply.clone()) };
    let options = Options {
        laws: SHOWN.iter().map(|id| (*id).to_owned()).collect(),
        cases: 4,
        shrinks: 0,
        ..Options::default()
    };
    let server = Liar::new(contract.clone(), ONLY, only);
    let judgement = judge(&contract, &facts, &server, &options, &mut |_| {});
    let mut unjudged = None;
    for finding in judgement.findings {
        match finding.verdict {
            Verdict::Upheld { .. } => example.upheld.push(finding.law.id),
            Verdict::Broken(found) => example.wrong.push(Wrong {
                law: finding.law.id,
                level: finding.level,
                breach: found.breach,
            }),
            Verdict::Unjudged { reason } => unjudged = Some(reason),
            Verdict::NotInForce { .. } | Verdict::Unreachable { .. } => {}
        }
    }
    if example.upheld.is_empty() && example.wrong.is_empty() {
        example.unjudged = unjudged;
    }
    example
}

/// A subject file with one resource, whose path and caller are made up.
fn subject_file(contract: &Contract) -> String {
    let operation = contract.operation();
    let path = operation.path.parameters().map(|name| {
        let mut declared = operation.parameters.iter();
        let declared = declared.find(|one| one.location == Location::Path && one.name == *name);
        let sample = declared.and_then(openapi::Parameter::sample);
        let text = sample.map_or_else(|| "example".to_owned(), |(text, _)| text);
        format!("{}: {}", Value::from(name), Value::from(text))
    });
    let path: Vec<_> = path.collect();
    let resource = if path.is_empty() {
        "{}".to_owned()
    } else {
        format!("[{{ path: {{ {} }} }}]", path.join(", "))
    };
    let name = Value::from(contract.name());
    format!("callers: {{ reader: {{ token: example }} }}\ntimelines: {{ {name}: {resource} }}\n")
}

/// The law about the schema, whose breaches are listed one by one.
const SCHEMA: &str = "answers-match-their-schema";

/// The places where an example is not as its schema says.
fn misfits(contract: &Contract, body: &Value) -> Vec<Wrong> {
    /// The greatest number of them to list.
    const MOST: usize = 5;
    let violations = contract.body().violations(body);
    let misfits = violations.into_iter().take(MOST).map(|violation| Wrong {
        law: SCHEMA,
        level: Level::Must,
        breach: Breach::of(
            format!("a body as `{}`", violation.pointer),
            format!("{}: {}", at(&violation.instance), violation.message),
        ),
    });
    misfits.collect()
}

/// A place in a body, as a JSON pointer.
fn at(instance: &str) -> &str {
    if instance.is_empty() { "/" } else { instance }
}

/// A page that promises more, but has no way to get it.
fn own_contradiction(contract: &Contract, headers: &HeaderMap, body: &Value) -> Option<Wrong> {
    let said = openapi::Reply { headers, body };
    let info = contract.paging().info(&said, &PageRequest::default());
    let is_stuck = info.more == Some(true) && info.handed_out.is_none();
    is_stuck.then(|| Wrong {
        law: "has-more-only-when-more-remain",
        level: Level::Must,
        breach: Breach::of(
            "a cursor beside a promise of more",
            "a promise of more, and no cursor",
        ),
    })
}

impl Example {
    /// Whether it breaks a MUST.
    pub fn fails(&self) -> bool {
        self.wrong.iter().any(|wrong| wrong.level == Level::Must)
    }

    /// What was found, for people: a line for the example, and one for each thing that is wrong with it.
    pub fn text(&self) -> String {
        let mut text = format!("{}: {}\n", self.place, self.timeline);
        for Wrong { law, level, breach } in &self.wrong {
            let (level, expected, actual) = (level.word(), &breach.expected, &breach.actual);
            let _ = writeln!(text, "  {level} {law}: {actual}");
            let _ = writeln!(text, "    expected {expected}");
        }
        let upheld = match self.upheld.as_slice() {
            [] => String::new(),
            upheld => format!("  upheld: {}\n", upheld.join(", ")),
        };
        text.push_str(&upheld);
        if let Some(reason) = &self.unjudged {
            let _ = writeln!(text, "  no other law was tried: {reason}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variants::posts::{PLAIN, Posts};

    /// The laws that an example of a page of posts breaks.
    fn broken_by(example: &str) -> Vec<&'static str> {
        let document = PLAIN.document();
        let json = "application/json: { schema:";
        let with = format!("application/json: {{ example: {example}, schema:");
        broken_in(document.replace(json, &with))
    }

    fn broken_in(document: String) -> Vec<&'static str> {
        let document = Document::read(Source::new("posts.yaml", document), &[]).unwrap();
        let mut found = examples(&document).unwrap();
        assert_eq!(found.len(), 1);
        let found = found.remove(0);
        assert!(found.place.contains("example"), "{}", found.place);
        assert_eq!(found.fails(), !found.wrong.is_empty(), "{found:#?}");
        found.wrong.iter().map(|wrong| wrong.law).collect()
    }

    #[test]
    fn a_good_example_breaks_nothing() {
        assert!(broken_by("{ posts: [{ id: a }, { id: b }], more: true }").is_empty());
        assert!(broken_by("{ posts: [], more: false }").is_empty());
    }

    #[test]
    fn an_example_that_its_schema_refuses_is_wrong() {
        let broken = broken_by("{ posts: [{ id: 5 }], more: false }");
        assert_eq!(broken, ["answers-match-their-schema"]);
    }

    #[test]
    fn an_example_with_an_item_twice_is_wrong() {
        let broken = broken_by("{ posts: [{ id: a }, { id: a }], more: false }");
        assert_eq!(broken, ["keys-are-unique-on-a-page"]);
    }

    #[test]
    fn an_example_that_promises_more_without_a_cursor_is_wrong() {
        let broken = broken_by("{ posts: [], more: true }");
        assert!(
            broken.contains(&"has-more-only-when-more-remain"),
            "{broken:?}"
        );
    }

    /// Posts with the ids of a page's ends, sorted by their numbers.
    const NAMED: Posts = Posts {
        page: "{ type: object, required: [posts, more], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean }, first: { type: string }, last: { type: string } } }",
        post: "{ type: object, required: [id, number], properties: { id: { type: string }, number: { type: integer } } }",
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, echo: { first: $.first, last: $.last }, order: { by: $.number, strict: true }",
        ..PLAIN
    };

    #[test]
    fn an_example_is_held_to_its_ends_and_to_its_order() {
        let posts = "posts: [{ id: a, number: 1 }, { id: b, number: 2 }], more: false";
        let turned = "posts: [{ id: b, number: 2 }, { id: a, number: 1 }], more: false";
        let misnamed = |end: &str| format!("{{ {posts}, {end} }}");
        let checks = [
            (misnamed("first: a, last: b"), vec![]),
            (
                misnamed("first: b, last: b"),
                vec!["first-id-names-the-first-item"],
            ),
            (
                misnamed("first: a, last: a"),
                vec!["last-id-names-the-last-item"],
            ),
            (
                format!("{{ {turned}, first: b, last: a }}"),
                vec!["events-ascend"],
            ),
        ];
        for (example, expect) in checks {
            let json = "application/json: { schema:";
            let with = format!("application/json: {{ example: {example}, schema:");
            let document = NAMED.document().replace(json, &with);
            assert_eq!(broken_in(document), expect, "{example}");
        }
    }

    #[test]
    fn an_example_of_an_overlay_is_held_to_the_laws() {
        let overlay = "
overlay: 1.0.0
info: { title: Examples, version: '1' }
actions:
  - target: $.paths['/feeds/{feed}/posts'].get.responses['200'].content['application/json']
    update: { example: { posts: [{ id: a }, { id: a }], more: false } }
";
        let source = Source::new("posts.yaml", PLAIN.document());
        let overlays = [Source::new("examples.overlay.yaml", overlay)];
        let document = Document::read(source, &overlays).unwrap();
        let found = examples(&document).unwrap();
        let broken: Vec<_> = found[0].wrong.iter().map(|wrong| wrong.law).collect();
        assert_eq!(broken, ["keys-are-unique-on-a-page"]);
    }

    #[test]
    fn an_example_without_its_list_says_so() {
        let broken = broken_by("{ more: false }");
        assert_eq!(broken, ["answers-match-their-schema"]);
    }

    #[test]
    fn an_example_of_the_components_is_found_by_its_reference() {
        let document = PLAIN.document();
        let json = "application/json: { schema:";
        let named =
            "application/json: { examples: { two: { $ref: '#/components/examples/two' } }, schema:";
        let twice = "components:\n  examples: { two: { value: { posts: [{ id: a }, { id: a }], more: false } } }\n";
        let document = document
            .replace(json, named)
            .replace("components:\n", twice);
        assert_eq!(broken_in(document), ["keys-are-unique-on-a-page"]);
    }

    #[test]
    fn each_place_that_the_schema_refuses_is_listed() {
        let broken = broken_by("{ posts: [{ id: 5 }, { id: [] }], more: 1 }");
        let misfits = broken
            .iter()
            .filter(|law| **law == "answers-match-their-schema");
        assert_eq!(misfits.count(), 3, "{broken:?}");
    }
}
