//! Small correct servers of other documents than the bundled ones. No law may fail any of them, and the run
//! must be able to end well.
//!
//! Each is a function from a list and a query to the body of a page. The rest is shared: credentials,
//! resources, methods.

use std::collections::BTreeMap;

use openapi::{Document, Source};
use serde_json::{Value, json};

use crate::subject::{Lost, Reply, Request};
use crate::verdict::outlook;
use crate::{Facts, Judgement, Level, Options, Outlook, Verdict, judge};

/// The body of a page, or the status of a refusal.
type Serve = fn(&[Value], &Query) -> Result<Value, u16>;

/// The parameters of a request.
struct Query(Vec<(String, String)>);

impl Query {
    fn text(&self, name: &str) -> Option<&str> {
        let mut sent = self.0.iter().rev();
        let (_, text) = sent.find(|(known, _)| known == name)?;
        Some(text)
    }

    /// The limit: 1 to 9, and 3 if none is sent.
    fn limit(&self) -> Result<usize, u16> {
        let sent = self.text("limit").map_or(Ok(3), str::parse);
        sent.ok().filter(|limit| (1..=9).contains(limit)).ok_or(422)
    }

    /// The place behind the item whose id is the cursor.
    fn behind_key(&self, items: &[Value]) -> Result<usize, u16> {
        let Some(key) = self.text("after").filter(|key| !key.is_empty()) else {
            return Ok(0);
        };
        let place = items.iter().position(|item| item["id"] == key);
        place.map(|place| place + 1).ok_or(400)
    }

    /// The place that a token stands for: `at-7`.
    fn at_token(&self, items: &[Value]) -> Result<usize, u16> {
        let Some(token) = self.text("after").filter(|token| !token.is_empty()) else {
            return Ok(0);
        };
        let place = token
            .strip_prefix("at-")
            .and_then(|place| place.parse().ok());
        place.filter(|place| *place <= items.len()).ok_or(400)
    }
}

/// What a document says of its list of posts.
struct Posts {
    /// Parameters besides the id in the path.
    parameters: &'static str,
    /// The schema of a page.
    page: &'static str,
    /// The schema of a post.
    post: &'static str,
    /// How it pages.
    pagination: &'static str,
}

const LIMIT: &str = "{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }";
const POST: &str = "{ type: object, required: [id], properties: { id: { type: string } } }";
const BY_KEY: &str = "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, cursor: { resume: true }";
const WITH_MORE: &str = "{ type: object, required: [posts, more], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean } } }";

/// Posts that page by their ids, with a flag for more.
const PLAIN: Posts = Posts {
    parameters: LIMIT,
    page: WITH_MORE,
    post: POST,
    pagination: BY_KEY,
};

impl Posts {
    fn document(&self) -> String {
        let Self {
            parameters,
            page,
            post,
            pagination,
        } = self;
        format!(
            "
openapi: 3.1.0
paths:
  /feeds/{{feed}}/posts:
    get:
      security: [{{ key: [] }}]
      parameters: [{{ name: feed, in: path, required: true, schema: {{ type: string }} }}, {parameters}]
      responses:
        200: {{ description: '', content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Page' }} }} }} }}
        400: {{ description: '' }}
        401: {{ description: '' }}
        404: {{ description: '' }}
        422: {{ description: '' }}
      x-pagination: {{ name: posts, {pagination}, parent: {{ parameter: feed, missing: 404, foreign: 404 }} }}
components:
  schemas:
    Page: {page}
    Post: {post}
  securitySchemes: {{ key: {{ type: http, scheme: bearer }} }}
"
        )
    }
}

const SUBJECT: &str = "
callers: { mia: { token: mia-token }, noor: { token: noor-token } }
timelines:
  posts:
    - { id: feed-none, owner: mia, events: 0 }
    - { id: feed-one, owner: mia, events: 1 }
    - { id: feed-many, owner: mia, events: 18 }
    - { id: feed-other, owner: noor, events: 9 }
";

/// The posts of a feed of a caller. Their numbers have gaps.
fn posts(feed: &str, token: &str) -> Option<Vec<Value>> {
    let (owner, count) = match feed {
        "feed-none" => ("mia-token", 0),
        "feed-one" => ("mia-token", 1),
        "feed-many" => ("mia-token", 18),
        "feed-other" => ("noor-token", 9),
        _ => return None,
    };
    let post =
        |index: usize| json!({ "id": format!("{feed}-{index:03}"), "number": 2 * index + 1 });
    (owner == token).then(|| (0..count).map(post).collect())
}

fn reply(status: u16, body: &Value) -> Reply {
    let mut headers = http::HeaderMap::new();
    let header = |text| http::HeaderValue::from_static(text);
    headers.insert("content-type", header("application/json"));
    match status {
        401 => headers.insert("www-authenticate", header("Bearer")),
        405 => headers.insert("allow", header("GET, HEAD")),
        _ => None,
    };
    Reply {
        status,
        headers,
        body: body.to_string().into(),
    }
}

/// The answer of the server whose pages `serve` makes.
fn answer(serve: Serve, request: &Request) -> Reply {
    let refuse = |status| reply(status, &json!({}));
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return refuse(405);
    }
    let token = request.header("authorization").unwrap_or_default();
    let token = match token.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
        _ => "",
    };
    if !["mia-token", "noor-token"].contains(&token) {
        return refuse(401);
    }
    let path = percent_encoding::percent_decode_str(request.path()).decode_utf8_lossy();
    let feed = path.strip_prefix("/feeds/");
    let feed = feed.and_then(|rest| rest.strip_suffix("/posts"));
    let Some(items) = feed.and_then(|feed| posts(feed, token)) else {
        return refuse(404);
    };
    match serve(&items, &Query(request.query())) {
        Ok(page) if request.method == "GET" => reply(200, &page),
        Ok(page) => Reply {
            body: bytes::Bytes::new(),
            ..reply(200, &page)
        },
        Err(status) => refuse(status),
    }
}

fn judged(posts: &Posts, serve: Serve) -> Judgement {
    let document = Document::read(Source::new("posts.yaml", posts.document()), &[]).unwrap();
    let facts = Facts::of(&[document], &Source::new("subject.yaml", SUBJECT));
    let (contract, facts) = facts.unwrap().remove(0);
    let subject = |request: &Request| -> Result<Reply, Lost> { Ok(answer(serve, request)) };
    judge(
        &contract,
        &facts,
        &subject,
        &Options::default(),
        &mut |_| {},
    )
}

/// Judges a correct server by every law. No law fails, and each MUST that is in force is judged.
///
/// Returns the word for the verdict on each law.
fn spared(posts: &Posts, serve: Serve) -> BTreeMap<&'static str, &'static str> {
    let judgement = judged(posts, serve);
    for finding in &judgement.findings {
        let broken = matches!(finding.verdict, Verdict::Broken(_));
        assert!(!broken || finding.level == Level::Info, "{finding:#?}");
        assert!(!finding.leaves_open(), "{finding:#?}");
    }
    let findings = judgement.findings.iter();
    let words = findings
        .map(|one| (one.law.id, one.verdict.word()))
        .collect();
    assert_eq!(outlook(&[judgement], true), Outlook::Upheld);
    words
}

/// Checks that a server breaks these laws at least.
fn blamed(posts: &Posts, serve: Serve, laws: &[&str]) {
    let judgement = judged(posts, serve);
    for law in laws {
        let mut findings = judgement.findings.iter();
        let finding = findings.find(|one| one.law.id == *law).unwrap();
        assert!(
            matches!(finding.verdict, Verdict::Broken(_)),
            "{finding:#?}"
        );
    }
}

/// The posts on a page, and the place behind it.
fn cut(items: &[Value], start: usize, limit: usize) -> (&[Value], usize) {
    let end = items.len().min(start + limit);
    (&items[start..end], end)
}

fn by_key(items: &[Value], query: &Query) -> Result<Value, u16> {
    let (page, end) = cut(items, query.behind_key(items)?, query.limit()?);
    Ok(json!({ "posts": page, "more": end < items.len() }))
}

#[test]
fn optional_content_that_never_occurs_leaves_its_laws_not_in_force() {
    let posts = Posts {
        post: "{ type: object, required: [id], properties: { id: { type: string }, link: { type: string, format: uri }, at: { type: string, format: date-time, x-utc: true }, kind: { const: post }, mood: { enum: [good, bad] } } }",
        ..PLAIN
    };
    let words = spared(&posts, by_key);
    for law in [
        "urls-are-absolute",
        "times-are-utc",
        "constants-keep-their-value",
        "values-stay-in-their-sets",
    ] {
        assert_eq!(words[law], "not in force", "{law}");
    }
    blamed(&posts, with_a_relative_link, &["urls-are-absolute"]);
}

fn with_a_relative_link(items: &[Value], query: &Query) -> Result<Value, u16> {
    let mut page = by_key(items, query)?;
    for post in page["posts"].as_array_mut().into_iter().flatten() {
        post["link"] = "ftp://there".into();
    }
    Ok(page)
}

#[test]
fn a_list_that_is_empty_may_be_left_out_if_the_schema_allows_it() {
    let posts = Posts {
        page: "{ type: object, properties: { posts: { type: [array, 'null'], items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean } } }",
        ..PLAIN
    };
    spared(&posts, |items, query| {
        let mut page = by_key(items, query)?;
        if page["posts"] == json!([]) {
            page = json!({});
        }
        Ok(page)
    });
    spared(&posts, |items, query| {
        let mut page = by_key(items, query)?;
        if page["posts"] == json!([]) {
            page["posts"] = Value::Null;
        }
        Ok(page)
    });
}

/// Posts that page by their ids. A full page does not say whether it is the last.
const SILENT: Posts = Posts {
    parameters: LIMIT,
    page: "{ type: object, required: [posts], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } } } }",
    post: POST,
    pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id' }",
};

#[test]
fn a_full_last_page_without_a_flag_for_more_may_lead_to_an_empty_one() {
    let words = spared(&SILENT, |items, query| {
        let (page, _) = cut(items, query.behind_key(items)?, query.limit()?);
        Ok(json!({ "posts": page }))
    });
    assert_eq!(words["page-count-is-minimal"], "not in force");
    assert_eq!(words["walks-end"], "upheld");
}

/// Posts that page by opaque tokens.
const TOKENS: Posts = Posts {
    parameters: LIMIT,
    page: "{ type: object, required: [posts], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, next: { type: [string, 'null'] } } }",
    post: POST,
    pagination: "style: token, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: $.next }",
};

/// A server whose list has a hole in the middle, which it serves as one empty page.
fn filtered(items: &[Value], query: &Query) -> Result<Value, u16> {
    let (slots, first) = (items.len() * 2, items.len().div_ceil(2));
    let start = query.text("after").filter(|token| !token.is_empty());
    let start = start.map_or(Some(0), |token| token.strip_prefix("at-")?.parse().ok());
    let start = start.filter(|start| *start <= slots).ok_or(400_u16)?;
    let limit = query.limit()?;
    let hole = first..first + items.len();
    let (page, end) = if hole.contains(&start) {
        (&[][..], hole.end)
    } else if start < hole.start {
        cut(&items[..first], start, limit)
    } else {
        let (page, end) = cut(items, start - items.len(), limit);
        (page, end + items.len())
    };
    let next = (end < slots).then(|| format!("at-{end}"));
    Ok(json!({ "posts": page, "next": next }))
}

#[test]
fn an_empty_page_that_leads_on_is_walked_through() {
    let judgement = judged(&TOKENS, filtered);
    let noted = |law: &str| {
        let mut findings = judgement.findings.iter();
        let finding = findings.find(|one| one.law.id == law).unwrap();
        finding.notes.iter().any(|note| note.contains("leads on"))
    };
    assert!(noted("walks-end"));
    let words = spared(&TOKENS, filtered);
    assert_eq!(words["walks-join-without-gap-or-repeat"], "upheld");
    // A server whose empty pages never end is caught.
    blamed(
        &TOKENS,
        |items, query| {
            let mut page = filtered(items, query)?;
            if page["next"] == Value::Null {
                page["posts"] = json!([]);
                page["next"] = "at-0".into();
            }
            Ok(page)
        },
        &["walks-end"],
    );
}

#[test]
fn the_key_of_a_first_item_may_be_required_on_an_empty_page() {
    let posts = Posts {
        page: "{ type: object, required: [posts, more, first], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean }, first: { type: string } } }",
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, echo: { first: $.first }",
        ..PLAIN
    };
    let words = spared(&posts, |items, query| {
        let mut page = by_key(items, query)?;
        let first = page["posts"][0]["id"].as_str();
        page["first"] = first.or(query.text("after")).unwrap_or("none").into();
        Ok(page)
    });
    assert_eq!(words["first-id-names-the-first-item"], "upheld");
    assert_eq!(words["empty-page-names-no-items"], "not in force");
}

/// A server that promises more after each full page.
fn more_when_full(items: &[Value], query: &Query) -> Result<Value, u16> {
    let mut page = by_key(items, query)?;
    let full = page["posts"].as_array().map(Vec::len) == Some(query.limit()?);
    page["more"] = full.into();
    Ok(page)
}

#[test]
fn a_trailing_empty_page_is_only_reported_unless_the_contract_rules_it_out() {
    let words = spared(&PLAIN, more_when_full);
    assert_eq!(words["has-more-only-when-more-remain"], "broken");
    let strict = Posts {
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more, trailing-empty-page: never }",
        ..PLAIN
    };
    spared(&strict, by_key);
    let judgement = judged(&strict, more_when_full);
    assert_eq!(outlook(&[judgement], false), Outlook::Broken);
}

#[test]
fn pages_of_a_size_of_the_servers_own_are_walked() {
    let posts = Posts {
        parameters: "{ name: after, in: query, schema: { type: string } }",
        pagination: "style: token, items: $.posts, key: $.id, request: { cursor: { in: query, name: after } }, next: { cursor: $.next }",
        ..TOKENS
    };
    let serve: Serve = |items, query| {
        let (page, end) = cut(items, query.at_token(items)?, 4);
        let next = (end < items.len()).then(|| format!("at-{end}"));
        Ok(json!({ "posts": page, "next": next }))
    };
    let words = spared(&posts, serve);
    assert_eq!(words["walks-join-without-gap-or-repeat"], "upheld");
    assert_eq!(words["walks-end"], "upheld");
    let loses: Serve = |items, query| {
        let (page, end) = cut(items, query.at_token(items)?, 4);
        let next = (end + 1 < items.len()).then(|| format!("at-{}", end + 1));
        Ok(json!({ "posts": page, "next": next }))
    };
    blamed(&posts, loses, &["walks-join-without-gap-or-repeat"]);
}

/// Changes since a number, in pages.
const CHANGES: Posts = Posts {
    parameters: "{ name: since, in: query, schema: { type: integer, minimum: 0 } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }",
    page: "{ type: object, required: [posts, last, more], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, last: { type: integer }, more: { type: boolean } } }",
    post: "{ type: object, required: [id, number], properties: { id: { type: string }, number: { type: integer } } }",
    pagination: "style: since, items: $.posts, key: $.number, request: { cursor: { in: query, name: since }, limit: { in: query, name: limit } }, next: { cursor: $.last, more: $.more }, order: { append-only: true, by: $.number, strict: true }, cursor: { resume: true }",
};

fn since(items: &[Value], query: &Query) -> Result<Value, u16> {
    let since = query.text("since").map_or(Ok(0), str::parse::<u64>);
    let since = since.map_err(|_| 422_u16)?;
    let behind = items
        .iter()
        .filter(|item| item["number"].as_u64() > Some(since));
    let behind: Vec<_> = behind.cloned().collect();
    let (page, end) = cut(&behind, 0, query.limit()?);
    let more = end < behind.len();
    let last = page
        .last()
        .map_or(&json!(since), |post| &post["number"])
        .clone();
    // The last number of all counts posts that are not shown.
    let last = if more { last } else { json!(since.max(100)) };
    Ok(json!({ "posts": page, "last": last, "more": more }))
}

#[test]
fn changes_since_a_number_come_in_pages() {
    let words = spared(&CHANGES, since);
    for law in [
        "sequence-cursor-filters",
        "sequence-cursor-needs-no-event",
        "later-cursor-reads-a-suffix",
        "walks-join-without-gap-or-repeat",
        "walks-end",
    ] {
        assert_eq!(words[law], "upheld", "{law}");
    }
    for law in [
        "latest-covers-every-event",
        "latest-ignores-the-cursor",
        "latest-leads-to-an-empty-page",
        "latest-of-nothing-is-a-number",
        "latest-never-goes-back",
    ] {
        assert_eq!(words[law], "not in force", "{law}");
    }
    // A server that hands out the last number of all loses the posts between.
    blamed(
        &CHANGES,
        |items, query| {
            let mut page = since(items, query)?;
            page["last"] = json!(100);
            Ok(page)
        },
        &["walks-join-without-gap-or-repeat"],
    );
}
