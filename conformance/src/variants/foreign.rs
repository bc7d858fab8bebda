//! Correct servers of other documents than the bundled ones. No law may fail any of them, and the run must be
//! able to end well.

use std::sync::atomic::{AtomicU64, Ordering};

use openapi::{Document, Draft, Source};
use serde_json::{Value, json};

use super::posts::{
    LIMIT, PLAIN, POST, Posts, Query, SUBJECT, Serve, answer, blamed, by_key, cut, judged,
    judged_by, judged_with, reply, spared, words,
};
use crate::Outlook;
use crate::subject::Request;
use crate::verdict::outlook;

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
    // `format: uri` does not say which scheme.
    assert_eq!(spared(&posts, with_a_name)["urls-are-absolute"], "upheld");
}

fn with_a_name(items: &[Value], query: &Query) -> Result<Value, u16> {
    let mut page = by_key(items, query)?;
    for post in page["posts"].as_array_mut().into_iter().flatten() {
        post["link"] = "urn:isbn:0451450523".into();
    }
    Ok(page)
}

fn with_a_relative_link(items: &[Value], query: &Query) -> Result<Value, u16> {
    let mut page = by_key(items, query)?;
    for post in page["posts"].as_array_mut().into_iter().flatten() {
        post["link"] = "/there".into();
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
fn a_flag_for_more_says_whether_items_remain_unless_the_contract_allows_an_empty_page() {
    let said = |rule: &'static str| Posts {
        pagination: rule,
        ..PLAIN
    };
    let never = said(
        "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more, trailing-empty-page: never }",
    );
    for strict in [&PLAIN, &never] {
        spared(strict, by_key);
        let judgement = judged(strict, more_when_full);
        assert_eq!(outlook(&[judgement], false), Outlook::Broken);
        blamed(strict, more_when_full, &["has-more-only-when-more-remain"]);
    }
    let allowed = said(
        "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more, trailing-empty-page: allowed }",
    );
    let words = spared(&allowed, more_when_full);
    assert_eq!(words["has-more-only-when-more-remain"], "broken");
}

#[test]
fn a_flag_for_more_that_is_only_guessed_may_lead_to_an_empty_page() {
    let document = PLAIN.document();
    let (start, end) = (
        document.find("      x-pagination:"),
        document.find("components:"),
    );
    let silent = format!(
        "{}{}",
        &document[..start.unwrap()],
        &document[end.unwrap()..]
    );
    let draft = Document::read(Source::new("posts.yaml", &*silent), &[]).unwrap();
    let draft = draft.draft(Draft::of(&draft));
    let subject = SUBJECT.replace("posts:\n", "'posts/GET /feeds/{feed}/posts':\n");
    // A draft that was saved judges as no file at all.
    for overlay in [None, Some(Source::new("posts.overlay.yaml", draft))] {
        let overlays: Vec<_> = overlay.into_iter().collect();
        let words = words(judged_with(&silent, &overlays, &subject, |request| {
            answer(more_when_full, request)
        }));
        assert_eq!(words["has-more-only-when-more-remain"], "broken");
    }
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
    // Every walk has the same pages, so only the declared number tells that items are lost.
    blamed(&posts, loses, &["declared-events-are-served"]);
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

#[test]
fn what_is_relative_to_now_may_change() {
    // Nothing says that posts never change.
    let words = spared(&PLAIN, aging);
    assert_eq!(words["events-never-change"], "not in force");
    let appended = Posts {
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, order: { append-only: true }",
        post: "{ type: object, required: [id], properties: { id: { type: string }, age: { type: integer, x-volatile: true } } }",
        ..PLAIN
    };
    assert_eq!(spared(&appended, aging)["events-never-change"], "upheld");
    let listed = Posts {
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, order: { append-only: true }, volatile: [$.age]",
        post: "{ type: object, required: [id], properties: { id: { type: string }, age: { type: integer } } }",
        ..PLAIN
    };
    assert_eq!(spared(&listed, aging)["events-never-change"], "upheld");
    let unmarked = Posts {
        post: listed.post,
        ..appended
    };
    blamed(&unmarked, aging, &["events-never-change"]);
}

/// A server whose posts say how old they are, in requests.
fn aging(items: &[Value], query: &Query) -> Result<Value, u16> {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    let mut page = by_key(items, query)?;
    for post in page["posts"].as_array_mut().into_iter().flatten() {
        post["age"] = REQUESTS.fetch_add(1, Ordering::Relaxed).into();
    }
    Ok(page)
}

#[test]
fn a_limit_above_the_maximum_may_be_clamped_where_the_contract_says_so() {
    let clamped = Posts {
        pagination: "style: cursor, items: $.posts, key: $.id, request: { cursor: { in: query, name: after }, limit: { in: query, name: limit } }, next: { cursor: '$.posts[-1:].id', more: $.more }, limit: { over: clamp }",
        ..PLAIN
    };
    let words = spared(&clamped, |items, query| {
        let above = query.text("limit").filter(|limit| {
            limit.bytes().all(|byte| byte.is_ascii_digit()) && limit.parse().unwrap_or(10) > 9
        });
        let limit = if above.is_some() { 9 } else { query.limit()? };
        let (page, end) = cut(items, query.behind_key(items)?, limit);
        Ok(json!({ "posts": page, "more": end < items.len() }))
    });
    assert_eq!(words["limit-outside-bounds-is-refused"], "upheld");
    // A server that refuses such a limit, or serves another page, is caught.
    blamed(&clamped, by_key, &["limit-outside-bounds-is-refused"]);
}

#[test]
fn a_spelling_that_is_not_canonical_may_be_redirected() {
    let redirecting = |request: &Request| {
        let usual = request
            .path()
            .replace("%66", "f")
            .replace("%6d", "m")
            .replace("%6D", "m");
        if !request.path().contains('%') {
            return answer(by_key, request);
        }
        let path = percent_encoding::percent_decode_str(&usual).decode_utf8_lossy();
        if !path.is_ascii() || path.contains(char::is_control) || posts_of(&path).is_none() {
            return answer(by_key, request);
        }
        let mut moved = reply(301, &json!({}));
        let location = http::HeaderValue::from_str(&format!("http://there{path}")).unwrap();
        moved.headers.insert("location", location);
        moved
    };
    let words = words(judged_by(&PLAIN.document(), SUBJECT, redirecting));
    assert_eq!(words["percent-encoding-changes-nothing"], "not in force");
}

/// The feed in a path, if it is one of this server's.
fn posts_of(path: &str) -> Option<&str> {
    let feed = path.strip_prefix("/feeds/")?.strip_suffix("/posts")?;
    feed.starts_with("feed-").then_some(feed)
}

/// A page of the posts behind the cursor by value, which need not be a post's id.
fn by_value(items: &[Value], query: &Query) -> Result<Value, u16> {
    let cursor = query.text("after").unwrap_or_default();
    let behind = items
        .iter()
        .position(|item| item["id"].as_str() > Some(cursor));
    let (page, end) = cut(items, behind.unwrap_or(items.len()), query.limit()?);
    Ok(json!({ "posts": page, "more": end < items.len() }))
}

#[test]
fn a_cursor_may_be_compared_with_keys() {
    let words = spared(&PLAIN, by_value);
    assert_eq!(words["foreign-cursor-leads-nowhere"], "upheld");
    assert_eq!(words["unknown-cursor-never-restarts"], "upheld");
    let laws = [
        "foreign-cursor-leads-nowhere",
        "unknown-cursor-never-restarts",
    ];
    blamed(&PLAIN, restarting, &laws);
}

/// A page from the start if no post has the cursor as its id.
fn restarting(items: &[Value], query: &Query) -> Result<Value, u16> {
    let start = query.behind_key(items).unwrap_or(0);
    let (page, end) = cut(items, start, query.limit()?);
    Ok(json!({ "posts": page, "more": end < items.len() }))
}
