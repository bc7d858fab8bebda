//! Examples of pages in a document, held to the laws that one page can show. No server is asked.
//!
//! An example is what readers of a document copy. One that contradicts the contract misleads them, and each mock that
//! serves it.

use std::fmt::Write as _;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use openapi::{Contract, Document, PageRequest, Problem, Source, join};
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
    /// The number of laws that it shows to hold.
    pub upheld: usize,
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

/// The laws that one page can show.
const SHOWN: &[&str] = &[
    "answers-match-their-schema",
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
            found.push(held(&contract, &pointer, &body)?);
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
        let place = join(&join(&several, name), "value");
        bodies.extend(example.get("value").map(|body| (place, body.clone())));
    }
    if let Some(body) = media.example.clone().filter(|_| bodies.is_empty()) {
        bodies.push((media.pointer.clone(), body));
    }
    bodies
}

fn held(contract: &Contract, pointer: &str, body: &Value) -> Result<Example, Problem> {
    let name = Value::from(contract.name());
    let resource = if contract.operation().path.parameters().next().is_some() {
        "[{ id: example }]"
    } else {
        "{}"
    };
    let file = format!(
        "callers: {{ reader: {{ token: example }} }}\ntimelines: {{ {name}: {resource} }}\n"
    );
    let file = Source::new("examples.yaml", file);
    let (contract, facts) = Facts::read(&file, std::slice::from_ref(contract), |_| None)?.remove(0);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let reply = Reply {
        status: 200,
        headers: headers.clone(),
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
    let mut example = Example {
        timeline: contract.name(),
        place: contract.document().cite(pointer),
        upheld: 0,
        wrong: own_contradiction(&contract, &headers, body)
            .into_iter()
            .collect(),
    };
    for finding in judgement.findings {
        match finding.verdict {
            Verdict::Upheld { .. } => example.upheld += 1,
            Verdict::Broken(found) => example.wrong.push(Wrong {
                law: finding.law.id,
                level: finding.level,
                breach: found.breach,
            }),
            _ => {}
        }
    }
    Ok(example)
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

    /// What was found, for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} of {}: {} laws upheld\n",
            self.place, self.timeline, self.upheld
        );
        for wrong in &self.wrong {
            let (level, law) = (wrong.level.word(), wrong.law);
            let Breach {
                expected, actual, ..
            } = &wrong.breach;
            let _ = writeln!(
                text,
                "  {level} {law}: expected {expected}, actual {actual}"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variants::posts::PLAIN;

    /// The laws that an example of a page of posts breaks.
    fn broken_by(example: &str) -> Vec<&'static str> {
        let document = PLAIN.document();
        let json = "application/json: { schema:";
        let with = format!("application/json: {{ example: {example}, schema:");
        let document = Source::new("posts.yaml", document.replace(json, &with));
        let document = Document::read(document, &[]).unwrap();
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

    #[test]
    fn the_examples_of_the_bundled_documents_break_nothing() {
        for document in Document::bundled().unwrap() {
            for example in examples(&document).unwrap() {
                assert!(!example.fails(), "{}", example.text());
            }
        }
    }
}
