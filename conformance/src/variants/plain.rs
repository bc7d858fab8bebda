//! Well-known ways of paging, each in a small document that says nothing of `x-pagination`: the document alone shows
//! how the list pages, the mock pages it, the judge upholds the mock, and the liars are caught.

use std::fmt::Write as _;

use openapi::Contract;

use super::dialects::{made_up, mock, options};
use crate::session::{End, Run, Session};
use crate::{Budget, Case, Facts, Level, Liar, Subject, Verdict, catalogue, judge};

/// A convention: the path of its list, the parameters, the schema of a page, and what else the document declares.
struct Convention {
    path: &'static str,
    parameters: &'static str,
    page: &'static str,
    /// More answers, and more paths.
    more: (&'static str, &'static str),
}

/// What a parameter that counts items takes.
const SIZE: &str = "schema: { type: integer, minimum: 1, maximum: 9, default: 3 }";
const NO_MORE: (&str, &str) = ("", "");

const JSON_API: Convention = Convention {
    path: "/articles",
    parameters: "{ name: 'page[number]', in: query, schema: { type: integer, minimum: 1, default: 1 } }, { name: 'page[size]', in: query, SIZE }",
    page: "{ type: object, required: [data, links], properties: { data: { type: array, items: { type: object, required: [type, id, attributes], properties: { type: { const: articles }, id: { type: string }, attributes: { type: object, properties: { title: { type: string } } } } } }, links: { type: object, properties: { prev: { type: [string, 'null'], format: uri }, next: { type: [string, 'null'], format: uri } } } } }",
    more: NO_MORE,
};

/// The profile of JSON:API for cursors.
const JSON_API_CURSORS: Convention = Convention {
    path: "/people",
    parameters: "{ name: 'page[after]', in: query, schema: { type: string } }, { name: 'page[size]', in: query, SIZE }",
    page: "{ type: object, required: [data, links], properties: { data: { type: array, items: { type: object, required: [type, id], properties: { type: { const: people }, id: { type: string }, attributes: { type: object, properties: { name: { type: string } } } } } }, links: { type: object, properties: { next: { type: [string, 'null'], format: uri } } } } }",
    more: NO_MORE,
};

const HAL: Convention = Convention {
    path: "/orders",
    parameters: "{ name: page, in: query, schema: { type: integer, minimum: 0, default: 0 } }, { name: size, in: query, SIZE }",
    page: "{ type: object, required: [_embedded, _links, page], properties: { _embedded: { type: object, required: [orders], properties: { orders: { type: array, items: { type: object, required: [id], properties: { id: { type: integer, minimum: 1 }, total: { type: number } } } } } }, _links: { type: object, properties: { prev: { type: object, required: [href], properties: { href: { type: string, format: uri } } }, next: { type: object, required: [href], properties: { href: { type: string, format: uri } } } } }, page: { type: object, properties: { size: { type: integer }, totalElements: { type: integer }, totalPages: { type: integer }, number: { type: integer } } } } }",
    more: NO_MORE,
};

/// Pages as Spring has them: counted from zero, with a flag for the last one.
const SPRING: Convention = Convention {
    path: "/tracks",
    parameters: "{ name: page, in: query, description: Zero-based page index, schema: { type: integer, minimum: 0, default: 0 } }, { name: size, in: query, SIZE }",
    page: "{ type: object, required: [content, last], properties: { content: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, title: { type: string } } } }, last: { type: boolean }, totalElements: { type: integer }, totalPages: { type: integer } } }",
    more: NO_MORE,
};

const ODATA: Convention = Convention {
    path: "/People",
    parameters: "{ name: $skip, in: query, schema: { type: integer, minimum: 0 } }, { name: $top, in: query, SIZE }",
    page: "{ type: object, required: [value], properties: { '@odata.context': { type: string }, '@odata.count': { type: integer }, '@odata.nextLink': { type: string, format: uri }, value: { type: array, items: { type: object, required: [ID], properties: { ID: { type: string }, Name: { type: string } } } } } }",
    more: NO_MORE,
};

const KUBERNETES: Convention = Convention {
    path: "/api/v1/pods",
    parameters: "{ name: continue, in: query, schema: { type: string } }, { name: limit, in: query, SIZE }",
    page: "{ type: object, required: [metadata, items], properties: { kind: { const: PodList }, metadata: { type: object, properties: { continue: { type: string }, remainingItemCount: { type: integer } } }, items: { type: array, items: { type: object, required: [metadata], properties: { metadata: { type: object, required: [name, uid], properties: { name: { type: string }, uid: { type: string } } } } } } } }",
    more: (
        ", 410: { description: '', content: { application/json: { schema: { type: object, properties: { reason: { type: string }, metadata: { type: object, properties: { continue: { type: string } } } } } } } }",
        "",
    ),
};

const MEILISEARCH: Convention = Convention {
    path: "/tasks",
    parameters: "{ name: from, in: query, description: The uid of the first task, schema: { type: integer, minimum: 0 } }, { name: limit, in: query, SIZE }",
    page: "{ type: object, required: [results, total, limit, next], properties: { results: { type: array, items: { type: object, required: [uid], properties: { uid: { type: integer, minimum: 0 }, status: { enum: [enqueued, succeeded] } } } }, total: { type: integer }, limit: { type: integer }, next: { type: [integer, 'null'] } } }",
    more: NO_MORE,
};

/// Connections as in GraphQL.
const CONNECTION: Convention = Convention {
    path: "/users",
    parameters: "{ name: after, in: query, schema: { type: string } }, { name: first, in: query, SIZE }",
    page: "{ type: object, required: [edges, pageInfo], properties: { edges: { type: array, items: { type: object, required: [cursor, node], properties: { cursor: { type: string }, node: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } } } } }, pageInfo: { type: object, required: [hasNextPage, endCursor], properties: { hasNextPage: { type: boolean }, endCursor: { type: [string, 'null'] } } } } }",
    more: NO_MORE,
};

const ITERATOR: Convention = Convention {
    path: "/endpoints",
    parameters: "{ name: iterator, in: query, schema: { type: string } }, { name: limit, in: query, SIZE }",
    page: "{ type: object, required: [data, done], properties: { data: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, url: { type: string } } } }, iterator: { type: [string, 'null'] }, done: { type: boolean } } }",
    more: NO_MORE,
};

/// A flag that says that a page is the last one.
const LAST_FLAG: Convention = Convention {
    path: "/files",
    parameters: "{ name: cursor, in: query, schema: { type: string } }, { name: limit, in: query, SIZE }",
    page: "{ type: object, required: [files, is_last], properties: { files: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } } }, next_cursor: { type: [string, 'null'] }, is_last: { type: boolean } } }",
    more: NO_MORE,
};

const BARE: Convention = Convention {
    path: "/notes",
    parameters: "{ name: page, in: query, schema: { type: integer, minimum: 1 } }, { name: per_page, in: query, SIZE }",
    page: "{ type: array, items: { type: object, required: [id], properties: { id: { type: integer }, text: { type: string } } } }",
    more: NO_MORE,
};

/// A bare list of items that no property tells apart.
const KEYLESS: Convention = Convention {
    path: "/readings",
    parameters: "{ name: offset, in: query, schema: { type: integer, minimum: 0 } }, { name: limit, in: query, SIZE }",
    page: "{ type: array, items: { type: object, required: [taken, degrees], properties: { taken: { type: string, format: date-time }, degrees: { type: number } } } }",
    more: NO_MORE,
};

/// Ranges of places in a header, as parts of the list.
const RANGES: Convention = Convention {
    path: "/films",
    parameters: "{ name: Range, in: header, schema: { type: string }, example: 'items=0-24' }",
    page: "{ type: array, items: { type: object, required: [id], properties: { id: { type: integer }, title: { type: string } } } }",
    more: (
        ", 206: { description: '', headers: { Content-Range: { schema: { type: string }, example: items 0-24/319 } }, content: { application/json: { schema: { type: array, items: { type: object, required: [id], properties: { id: { type: integer }, title: { type: string } } } } } } }, 416: { description: '' }",
        "",
    ),
};

/// Ranges of keys in a header, and the next one in a header of the answer.
const KEY_RANGES: Convention = Convention {
    path: "/apps",
    parameters: "{ name: Range, in: header, schema: { type: string } }",
    page: "{ type: array, items: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } } }",
    more: (
        ", 206: { description: '', headers: { Next-Range: { schema: { type: string } } }, content: { application/json: { schema: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, name: { type: string } } } } } } }",
        "",
    ),
};

/// An order that the caller chooses, and items that can be read alone.
const ORDERED: Convention = Convention {
    path: "/threads",
    parameters: "{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, SIZE }, { name: order, in: query, schema: { type: string, enum: [asc, desc], default: desc } }",
    page: "{ type: object, required: [data, hasMore], properties: { data: { type: array, items: { $ref: '#/components/schemas/Thread' } }, hasMore: { type: boolean } } }",
    more: (
        "",
        "  /threads/{thread_id}:\n    get: { operationId: read, parameters: [{ name: thread_id, in: path, required: true, schema: { type: string } }], responses: { 200: { description: '', content: { application/json: { schema: { $ref: '#/components/schemas/Thread' } } } }, 404: { description: '' } } }\ncomponents:\n  schemas: { Thread: { type: object, required: [id], properties: { id: { type: string }, title: { type: string } } } }\n",
    ),
};

/// An offset that is a multiple of a number, and pages whose size no request says.
const STEPS: Convention = Convention {
    path: "/books",
    parameters: "{ name: offset, in: query, description: 'Where the page starts (0, 2, ...), to paginate through long lists. Defaults to 0.', schema: { type: integer, minimum: 0, multipleOf: 2 } }",
    page: "{ type: object, required: [num_results, results], properties: { num_results: { type: integer }, results: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, title: { type: string } } } } } }",
    more: NO_MORE,
};

/// An offset that ends before the list does, as that of a search engine.
const WINDOW: Convention = Convention {
    path: "/hits",
    parameters: "{ name: offset, in: query, schema: { type: integer, minimum: 0, maximum: 12 } }, { name: limit, in: query, SIZE }",
    page: "{ type: object, required: [hits], properties: { hits: { type: array, items: { type: object, required: [id], properties: { id: { type: string }, text: { type: string } } } } } }",
    more: NO_MORE,
};

/// The document of each convention, by its path.
pub(super) fn documents() -> impl Iterator<Item = (String, String)> {
    let all = [
        JSON_API,
        JSON_API_CURSORS,
        HAL,
        SPRING,
        ODATA,
        KUBERNETES,
        MEILISEARCH,
        CONNECTION,
        ITERATOR,
        LAST_FLAG,
        BARE,
        KEYLESS,
        STEPS,
        WINDOW,
        RANGES,
        KEY_RANGES,
        ORDERED,
    ];
    all.into_iter()
        .map(|one| (one.path.to_owned(), one.document()))
}

impl Convention {
    fn document(&self) -> String {
        let Self {
            path, page, more, ..
        } = self;
        let parameters = self.parameters.replace("SIZE", SIZE);
        let (answers, paths) = more;
        format!(
            "openapi: 3.1.0\ninfo: {{ title: Lists, version: '1' }}\npaths:\n  {path}:\n    get: {{ operationId: list, parameters: [{parameters}], responses: {{ 200: {{ description: '', content: {{ application/json: {{ schema: {page} }} }} }}, 400: {{ description: '' }}{answers} }} }}\n{paths}"
        )
    }

    /// How the list is read, and the laws in force by what becomes of their liars.
    ///
    /// The mock breaks none, and the walk meets each item once.
    fn judged(&self) -> String {
        let document = self.document();
        let (contract, facts, honest) = mock(&document, &made_up());
        let mut text = format!("{}\n", contract.pagination().style.word());
        for (key, why) in contract.reasons() {
            let _ = writeln!(text, "  {key}: {why}");
        }
        walks(&contract, &facts, &honest);
        let judgement = judge(
            &contract,
            &facts,
            &honest,
            &options(Vec::new()),
            &mut |_| {},
        );
        let (mut caught, mut spared, mut unjudged) = (Vec::new(), Vec::new(), Vec::new());
        for finding in &judgement.findings {
            let id = finding.law.id;
            match &finding.verdict {
                Verdict::Upheld { .. } => {
                    let law = catalogue::law(id).unwrap();
                    let (_, _, honest) = mock(&document, &made_up());
                    let liar = Liar::new(contract.clone(), law.lie, honest);
                    let options = options(vec![id.to_owned()]);
                    let judgement = judge(&contract, &facts, &liar, &options, &mut |_| {});
                    match &judgement.findings[0] {
                        one if !matches!(one.verdict, Verdict::Broken(_)) => {
                            spared.push(id.to_owned());
                        }
                        one if one.level < law.level => {
                            caught.push(format!("{id} (as {})", one.level.word()));
                        }
                        _ => caught.push(id.to_owned()),
                    }
                }
                Verdict::NotInForce { .. } => {}
                Verdict::Unjudged { reason } => {
                    assert!(finding.level < Level::Must, "{id} is unjudged: {reason}");
                    unjudged.push(format!("{id} ({reason})"));
                }
                other => panic!("{id} of the mock: {other:#?}"),
            }
        }
        assert!(caught.len() > 15, "{caught:#?}");
        for (what, laws) in [
            ("caught", caught),
            ("no lie is possible", spared),
            ("unjudged", unjudged),
        ] {
            let _ = writeln!(text, "{what}:");
            for law in laws {
                let _ = writeln!(text, "  {law}");
            }
        }
        text
    }
}

/// The list has several pages, and meets each item once.
fn walks(contract: &Contract, facts: &Facts, subject: &dyn Subject) {
    let run = Run::new(contract, facts, subject, Vec::new(), Budget::default());
    let session = Session::new(&run);
    for resource in session.resources() {
        let walk = session.walk(&Case::of(&resource.name), 500).unwrap();
        assert_eq!(walk.end, End::Last);
        let mut keys = walk.keys();
        let met = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), met, "an item is repeated");
        let long = resource.events.is_none_or(|events| events < 4) || walk.pages.len() > 1;
        assert!(long, "a list with {:?} items has one page", resource.events);
    }
}

#[test]
fn json_api() {
    insta::assert_snapshot!(JSON_API.judged());
}

#[test]
fn json_api_by_cursor() {
    insta::assert_snapshot!(JSON_API_CURSORS.judged());
}

#[test]
fn hal() {
    insta::assert_snapshot!(HAL.judged());
}

#[test]
fn pages_of_spring() {
    insta::assert_snapshot!(SPRING.judged());
}

#[test]
fn odata() {
    insta::assert_snapshot!(ODATA.judged());
}

#[test]
fn kubernetes() {
    insta::assert_snapshot!(KUBERNETES.judged());
}

#[test]
fn meilisearch() {
    insta::assert_snapshot!(MEILISEARCH.judged());
}

#[test]
fn connections_as_in_graphql() {
    insta::assert_snapshot!(CONNECTION.judged());
}

#[test]
fn iterators_that_are_done() {
    insta::assert_snapshot!(ITERATOR.judged());
}

#[test]
fn a_flag_for_the_last_page() {
    insta::assert_snapshot!(LAST_FLAG.judged());
}

#[test]
fn bare_lists() {
    insta::assert_snapshot!(BARE.judged());
}

#[test]
fn items_without_a_key() {
    insta::assert_snapshot!(KEYLESS.judged());
}

#[test]
fn offsets_in_steps() {
    insta::assert_snapshot!(STEPS.judged());
}

#[test]
fn offsets_that_end_early() {
    insta::assert_snapshot!(WINDOW.judged());
}

#[test]
fn an_order_that_the_caller_chooses() {
    insta::assert_snapshot!(ORDERED.judged());
}

#[test]
fn ranges_of_places() {
    insta::assert_snapshot!(RANGES.judged());
}

#[test]
fn ranges_of_keys() {
    insta::assert_snapshot!(KEY_RANGES.judged());
}

#[test]
fn parts_of_a_file_are_no_pages() {
    let file = Convention {
        parameters: "{ name: Range, in: header, schema: { type: string }, example: bytes=0-499 }",
        ..RANGES
    };
    let document = openapi::Document::read(openapi::Source::new("file.yaml", file.document()), &[]);
    let document = document.unwrap();
    assert!(document.assumed().is_empty());
}
