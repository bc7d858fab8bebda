//! Correct servers with other refusals first, other methods, or other spellings.

use serde_json::{Value, json};

use crate::lie::{Lied, edit_json, place, with_header};
use crate::presigned;
use crate::subject::{Lost, Reply, Request};

/// Queries of URLs that were signed at the judge's time and are valid for an hour.
///
/// They are of S3 (both versions), Google (both), Azure, CloudFront, a token of claims, and a plain
/// signature.
const SIGNED: [&str; 8] = [
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=ab",
    "AWSAccessKeyId=AK&Expires=1767229200&Signature=a%2Bb%3D",
    "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20260101T000000Z&X-Goog-Expires=3600&X-Goog-Signature=ab",
    "GoogleAccessId=me&Expires=1767229200&Signature=ab",
    "sv=2024-01-01&st=2026-01-01T00%3A00%3A00Z&se=2026-01-01T01%3A00%3A00Z&sr=b&sp=r&sig=ab%3D",
    "Policy=eyJTdGF0ZW1lbnQiOlt7IkNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTc2NzIyOTIwMH19fV19&Signature=a-b_&Key-Pair-Id=K",
    "token=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjkyMDB9.ab",
    "expires=1767229200&sig=abcdef",
];

/// A server that leaves out properties with the document's default value.
pub(super) fn sparing(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    lied.edit_page(request, |body| {
        let schema = lied.contract.body();
        let default = |name: &str| schema.property(name)?.keyword("default").cloned();
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|name, value| default(name).as_ref() != Some(value));
        }
    })
}

/// A server that adds properties to the document's.
pub(super) fn talkative(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    lied.edit_page(request, |body| {
        body["added"] = json!({ "later": 1 });
        for item in lied.items(body) {
            item["added"] = json!("later");
        }
    })
}

/// A server whose keys are UUIDs of another version.
pub(super) fn another_version(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let key = &lied.contract.pagination().key;
    let schema = lied.contract.item().at(key);
    if schema.is_none_or(|schema| schema.keyword("format") != Some(&json!("uuid"))) {
        return lied.ask(request);
    }
    let cursor = lied.asked(request).cursor.map(|cursor| swapped(&cursor));
    lied.edit_page(&lied.with_cursor(request, cursor.as_deref()), |body| {
        for item in lied.items(body) {
            let other = swapped(&lied.contract.key(item).unwrap_or_default());
            *place(item, key) = other.into();
        }
        lied.echo(body);
    })
}

/// A UUID with version 7 instead of 4, and 4 instead of 7.
fn swapped(id: &str) -> String {
    /// The place of the version.
    const VERSION: usize = 14;
    let swap = |(index, letter)| match letter {
        '4' if index == VERSION => '7',
        '7' if index == VERSION => '4',
        letter => letter,
    };
    id.chars().enumerate().map(swap).collect()
}

/// A server that looks up the resource before it reads the query.
pub(super) fn missing_first(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    if !lied.contract.invalid().allows(reply.status) {
        return Ok(reply);
    }
    let plain = lied.ask(&lied.plain(request))?;
    let missing = lied.contract.foreign_status() == Some(plain.status);
    Ok(if missing { plain } else { reply })
}

/// Leads from other spellings of an id to its own, and drops very long request lines, as proxies do.
pub(super) fn canonical(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    /// The length of a request line that servers have to support, in bytes (RFC 9112, 3).
    const LONG: usize = 8_000;
    if request.target.len() > LONG {
        return Err(Lost::new("connection closed"));
    }
    let (usual, reply) = (lied.usual_path(request), lied.ask(request)?);
    if usual == request.path() || !lied.is_page(&reply) {
        return Ok(reply);
    }
    Ok(with_header(lied.refuse(reply, 308), "location", &usual))
}

/// A server that does not support HEAD.
pub(super) fn headless(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    if request.method != "HEAD" {
        return Ok(reply);
    }
    let refused = Reply {
        status: 405,
        body: bytes::Bytes::new(),
        ..reply
    };
    let method = &lied.contract.operation().method;
    Ok(with_header(refused, "allow", method.as_str()))
}

/// A server whose URLs are signed by each scheme in turn.
pub(super) fn signed_otherwise(lied: &Lied<'_>, request: &Request) -> Result<Reply, Lost> {
    let reply = lied.ask(request)?;
    if !lied.is_page(&reply) {
        return Ok(reply);
    }
    let schemes = SIGNED.iter().cycle();
    let turn = usize::try_from(lied.turn % 8).unwrap_or_default();
    let mut schemes = schemes.skip(turn);
    Ok(edit_json(reply, |body| sign_again(body, &mut schemes)))
}

/// Every signed URL in `value`, signed by the next scheme.
fn sign_again<'a>(value: &mut Value, schemes: &mut impl Iterator<Item = &'a &'a str>) {
    match value {
        Value::String(text) if presigned::read(text).signed => {
            if let (Some((stem, _)), Some(scheme)) = (text.split_once('?'), schemes.next()) {
                *text = format!("{stem}?{scheme}");
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|one| sign_again(one, schemes)),
        Value::Object(fields) => {
            let values = fields.values_mut();
            values.for_each(|one| sign_again(one, schemes));
        }
        _ => {}
    }
}
