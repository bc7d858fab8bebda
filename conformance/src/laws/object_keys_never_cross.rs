//! No answer contains the storage address of an object.

use openapi::Contract;
use serde_json::Value;

use crate::draw;
use crate::law::{Basis, Conduct, Group, Law};
use crate::outcome::not_in_force;
use crate::session::Watch;
use crate::{Breach, Cases, Level};

pub(crate) const LAW: Law = Law {
    id: "object-keys-never-cross",
    group: Group::Values,
    title: "no text of any body is an object's address (s3://, gs://, arn:aws:s3) or a bare object key (a/b/c.png)",
    why: "a key reveals how objects are stored, and stays valid after the presigned URL expires",
    level: Level::Must,
    basis: Basis::Document,
    citation: |contract| {
        let url = contract.body().saying(PRESIGNED).into_iter().next();
        url.map_or_else(String::new, |url| contract.document().cite(url.pointer()))
    },
    cases: |session| {
        if !has_objects(session.contract()) {
            return not_in_force("no schema of a page declares presigned URLs");
        }
        draw::pages(session, 1, 1).map(Cases::Drawn)
    },
    holds: |session, case| session.watched(case, WATCH),
    watch: Some(WATCH),
    conduct: Conduct::READS,
    lie: |lied, request| {
        lied.edit_items(request, |items| {
            for item in items {
                item["source"] = "renders/2026/final.png".into();
            }
        })
    },
};

const PRESIGNED: &str = "x-presigned";

const WATCH: Watch = |contract, exchange| {
    if !has_objects(contract) {
        return None;
    }
    // A refusal may repeat text from the request.
    let sent = exchange.request.query();
    let own = |text: &str| is_address(text) && !sent.iter().any(|(_, sent)| sent.contains(text));
    let body = exchange.json()?;
    let (place, text) = find(&body, &own)?;
    Some(Breach::of(
        "no storage address of an object",
        format!("`{text}` at {place}"),
    ))
};

fn has_objects(contract: &Contract) -> bool {
    !contract.body().saying(PRESIGNED).is_empty()
}

/// The first text for which `is` returns true, and its place.
fn find<'v>(value: &'v Value, is: &impl Fn(&str) -> bool) -> Option<(String, &'v str)> {
    let below = |name: &str, (place, text): (String, &'v str)| {
        let place = format!("{}{place}", openapi::join("", name));
        (place, text)
    };
    match value {
        Value::String(text) => is(text).then(|| (String::new(), text.as_str())),
        Value::Array(items) => {
            let mut found = items.iter().enumerate();
            found.find_map(|(index, item)| Some(below(&index.to_string(), find(item, is)?)))
        }
        Value::Object(fields) => {
            let mut found = fields.iter();
            found.find_map(|(name, field)| Some(below(name, find(field, is)?)))
        }
        _ => None,
    }
}

/// Whether a text contains an object's address, or is an object's key.
///
/// A key is a path without a scheme that ends in a file name with a usual extension.
fn is_address(text: &str) -> bool {
    // Every answer is looked at, and most texts have neither character.
    if !text.bytes().any(|byte| matches!(byte, b'/' | b':')) {
        return false;
    }
    let holds = ["s3://", "gs://", "arn:aws:s3"];
    if holds.iter().any(|one| text.contains(one)) {
        return true;
    }
    let kinds = [
        "png", "jpg", "jpeg", "webp", "gif", "avif", "tif", "tiff", "bmp", "svg", "heic", "mp4",
        "mov", "webm", "glb", "psd", "exr", "zip", "pdf",
    ];
    let path = text
        .rsplit_once('/')
        .filter(|(folders, _)| !folders.is_empty());
    let file = path.and_then(|(_, name)| name.rsplit_once('.'));
    let bare = !text.starts_with('/') && !text.contains("://");
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"?#<>\"".contains(&byte));
    bare && plain
        && file.is_some_and(|(_, kind)| kinds.iter().any(|one| kind.eq_ignore_ascii_case(one)))
}

#[cfg(test)]
mod tests {
    use super::{LAW, is_address};
    use crate::testing::caught;

    #[test]
    fn a_server_that_shows_where_it_keeps_images_is_caught() {
        insta::assert_snapshot!(caught(&LAW));
    }

    #[test]
    fn a_text_that_only_looks_like_an_address_is_accepted() {
        for text in [
            "image/png",
            "openai/gpt-4.1",
            "final.png",
            "/static/a.png",
            "https://host/a/b.png?expires=1",
            "rendered shoes/front.png",
            "2026/01/01",
            "",
        ] {
            assert!(!is_address(text), "{text}");
        }
        for text in [
            "a/b/c.png",
            "see s3://bucket/key",
            "gs://b/k",
            "arn:aws:s3:::b/k",
            "jobs/1.JPG",
        ] {
            assert!(is_address(text), "{text}");
        }
    }
}
