//! Small servers of posts, each with a document of its own: a function from a list and a query to a page.
//!
//! The rest is shared: credentials, resources, methods.

use std::collections::BTreeMap;

use openapi::{Document, Source};
use serde_json::{Value, json};

use crate::subject::{Lost, Reply, Request};
use crate::verdict::outlook;
use crate::{Facts, Judgement, Level, Options, Outlook, Verdict, judge};

/// The body of a page, or the status of a refusal.
pub(super) type Serve = fn(&[Value], &Query) -> Result<Value, u16>;

/// The parameters of a request.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut sent = self.0.iter().rev();
        let (_, text) = sent.find(|(known, _)| known == name)?;
        Some(text)
    }

    /// The limit: 1 to 9, and 3 if none is sent.
    pub(super) fn limit(&self) -> Result<usize, u16> {
        let sent = self.text("limit").map_or(Ok(3), str::parse);
        sent.ok().filter(|limit| (1..=9).contains(limit)).ok_or(422)
    }

    /// The place behind the item whose id is the cursor.
    pub(super) fn behind_key(&self, items: &[Value]) -> Result<usize, u16> {
        let Some(key) = self.text("after").filter(|key| !key.is_empty()) else {
            return Ok(0);
        };
        let place = items.iter().position(|item| item["id"] == key);
        place.map(|place| place + 1).ok_or(400)
    }

    /// The place that a token stands for: `at-7`.
    pub(super) fn at_token(&self, items: &[Value]) -> Result<usize, u16> {
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
pub(crate) struct Posts {
    /// Parameters besides the id in the path.
    pub(crate) parameters: &'static str,
    /// The schema of a page.
    pub(crate) page: &'static str,
    /// The schema of a post.
    pub(crate) post: &'static str,
    /// How it pages.
    pub(crate) pagination: &'static str,
}

pub(super) const LIMIT: &str = "{ name: after, in: query, schema: { type: string } }, { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, default: 3 } }";
pub(super) const POST: &str =
    "{ type: object, required: [id], properties: { id: { type: string } } }";
pub(super) const BY_KEY: &str = "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, cursor: { resume: true }";
pub(super) const WITH_MORE: &str = "{ type: object, required: [posts, more], properties: { posts: { type: array, items: { $ref: '#/components/schemas/Post' } }, more: { type: boolean } } }";

/// Posts that page by their ids, with a flag for more.
pub(crate) const PLAIN: Posts = Posts {
    parameters: LIMIT,
    page: WITH_MORE,
    post: POST,
    pagination: BY_KEY,
};

impl Posts {
    pub(crate) fn document(&self) -> String {
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

pub(super) const SUBJECT: &str = "
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

pub(super) fn reply(status: u16, body: &Value) -> Reply {
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
pub(super) fn answer(serve: Serve, request: &Request) -> Reply {
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

pub(super) fn judged(posts: &Posts, serve: Serve) -> Judgement {
    judged_by(&posts.document(), SUBJECT, |request| answer(serve, request))
}

/// Judges a server by the only timeline of a document and a subject file.
pub(super) fn judged_by(
    document: &str,
    subject: &str,
    answer: impl Fn(&Request) -> Reply + Send + Sync,
) -> Judgement {
    judged_with(document, &[], subject, answer)
}

/// As [`judged_by`], with overlays.
pub(super) fn judged_with(
    document: &str,
    overlays: &[Source],
    subject: &str,
    answer: impl Fn(&Request) -> Reply + Send + Sync,
) -> Judgement {
    let document = Document::read(Source::new("posts.yaml", document), overlays).unwrap();
    let facts = Facts::of(&[document], &Source::new("subject.yaml", subject));
    let (contract, facts) = facts.unwrap().remove(0);
    let subject = |request: &Request| -> Result<Reply, Lost> { Ok(answer(request)) };
    judge(
        &contract,
        &facts,
        &subject,
        &Options::default(),
        &mut |_| {},
    )
}

/// Judges a correct server by every law, and returns the word for each verdict.
pub(super) fn spared(posts: &Posts, serve: Serve) -> BTreeMap<&'static str, &'static str> {
    words(judged(posts, serve))
}

/// The word for the verdict on each law. No law fails, and each MUST that is in force is judged.
pub(super) fn words(judgement: Judgement) -> BTreeMap<&'static str, &'static str> {
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
pub(super) fn blamed(posts: &Posts, serve: Serve, laws: &[&str]) {
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
pub(super) fn cut(items: &[Value], start: usize, limit: usize) -> (&[Value], usize) {
    let end = items.len().min(start + limit);
    (&items[start..end], end)
}

pub(super) fn by_key(items: &[Value], query: &Query) -> Result<Value, u16> {
    let (page, end) = cut(items, query.behind_key(items)?, query.limit()?);
    Ok(json!({ "posts": page, "more": end < items.len() }))
}
