//! The console: a web page for people under the control path. All of its files are in the binary.
//!
//! The table lists every file. The pages may load only these files, and send requests only to this mock.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::answer::Answer;

/// A file of the console.
struct Asset {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        [$(Asset { name: $name, bytes: include_bytes!(concat!("../../console/", $name)) }),*]
    };
}

/// A file whose name ends in `.gz` is stored and sent compressed, under its name without `.gz`.
const ASSETS: &[Asset] = &assets![
    "index.html",
    "console.css",
    "app.js",
    "api.js",
    "asking.js",
    "changes.js",
    "collection.js",
    "collections.js",
    "contract.js",
    "dom.js",
    "event.js",
    "exact.js",
    "faults.js",
    "fields.js",
    "items.js",
    "job.js",
    "jobs.js",
    "json.js",
    "listing.js",
    "newjob.js",
    "operations.js",
    "pager.js",
    "reference.js",
    "requests.js",
    "router.js",
    "state.js",
    "status.js",
    "switches.js",
    "tail.js",
    "theme.js",
    "time.js",
    "timeline.js",
    "world.js",
    "reference.html",
    "reference.css",
    "reference-frame.js",
    "vendor/swagger-ui-bundle.js.gz",
    "vendor/swagger-ui.css.gz",
];

/// The content security policies. The API reference needs its own, because its library sets styles.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const REFERENCE: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The file of this name, or a 304 if the client has it; `None` if there is no such file.
pub(crate) fn file(name: &str, headers: &HeaderMap) -> Option<Answer> {
    let kept = |asset: &&Asset| asset.name.strip_suffix(".gz").unwrap_or(asset.name) == name;
    let asset = ASSETS.iter().find(kept)?;
    let tag = tag(asset.bytes);
    let known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let mut answer = if known {
        Answer::new(StatusCode::NOT_MODIFIED, media_type(name), Bytes::new())
    } else {
        let bytes = Bytes::from_static(asset.bytes);
        Answer::new(StatusCode::OK, media_type(name), bytes)
    };
    let policy = if name == "reference.html" {
        REFERENCE
    } else {
        STRICT
    };
    let fixed = [
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        let value = HeaderValue::from_static(value);
        answer.headers.insert(name, value);
    }
    if asset.name.len() > name.len() {
        // Only the compressed form is stored, and every browser accepts it.
        let gzip = HeaderValue::from_static("gzip");
        answer.headers.insert(header::CONTENT_ENCODING, gzip);
    }
    answer.headers.insert(header::ETAG, tag);
    Some(answer)
}

/// The redirect from the path without its final slash. `world` is the path that names a world.
pub(crate) fn redirect(world: &str) -> Answer {
    let mut answer = Answer::new(StatusCode::PERMANENT_REDIRECT, "", Bytes::new());
    answer.headers.remove(header::CONTENT_TYPE);
    if let Ok(page) = HeaderValue::try_from(format!("{world}/__mock/")) {
        answer.headers.insert(header::LOCATION, page);
    }
    answer
}

fn tag(bytes: &[u8]) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    HeaderValue::from_str(&tag).expect("quotes and digits")
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn text(name: &str) -> &'static str {
        let asset = ASSETS.iter().find(|asset| asset.name == name).expect(name);
        std::str::from_utf8(asset.bytes).unwrap()
    }

    fn ending(name: &str) -> Option<&str> {
        Path::new(name).extension()?.to_str()
    }

    /// The files that a text names between quotes, as in `href="console/app.js"` and `from "./dom.js"`.
    fn mentioned(text: &str) -> impl Iterator<Item = &str> {
        let quoted = text.split('"').skip(1).step_by(2);
        let local =
            quoted.filter_map(|one| one.strip_prefix("./").or(one.strip_prefix("console/")));
        local.filter(|one| one.contains('.'))
    }

    #[test]
    fn every_file_that_the_pages_load_is_in_the_table() {
        let mut count = 0;
        for asset in ASSETS
            .iter()
            .filter(|asset| ending(asset.name) != Some("gz"))
        {
            for name in mentioned(text(asset.name)) {
                count += 1;
                assert!(
                    file(name, &HeaderMap::new()).is_some(),
                    "{}: {name}",
                    asset.name
                );
            }
        }
        assert!(count > 20, "{count}");
    }

    #[test]
    fn every_file_of_the_folder_is_in_the_table() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
        let mut there = BTreeSet::new();
        for (below, prefix) in [("", ""), ("vendor", "vendor/")] {
            for entry in fs::read_dir(folder.join(below)).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                if entry.file_type().unwrap().is_file() && ending(&name) != Some("md") {
                    there.insert(format!("{prefix}{name}"));
                }
            }
        }
        let table: BTreeSet<_> = ASSETS.iter().map(|asset| asset.name.to_owned()).collect();
        assert_eq!(there, table);
    }

    #[test]
    fn a_file_that_the_client_has_is_not_sent_again() {
        let first = file("app.js", &HeaderMap::new()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers[header::ETAG].clone());
        let again = file("app.js", &headers).unwrap();
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.into_bytes().is_empty());
        assert!(!first.into_bytes().is_empty());
    }

    #[test]
    fn the_library_is_sent_compressed() {
        let library = file("vendor/swagger-ui-bundle.js", &HeaderMap::new()).unwrap();
        assert_eq!(library.headers[header::CONTENT_ENCODING], "gzip");
        assert!(library.into_bytes().starts_with(&[0x1f, 0x8b]));
    }
}
