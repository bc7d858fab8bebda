//! Where the files of a document lie, and which of them may be read.

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use fluent_uri::{Uri, UriRef};
use percent_encoding::percent_decode_str;

use super::Lost;
use crate::Source;
use crate::location::{self, Loader};
use crate::source::Kind;

/// Where a file lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Nowhere: a program or a pipe gave its text.
    Nowhere,
    /// A path, with links resolved.
    File(PathBuf),
    Url(String),
}

/// What may be read beside the document itself.
#[derive(Clone, Copy)]
pub(crate) struct Access<'l> {
    pub(crate) loader: Option<&'l dyn Loader>,
    /// Whether other servers are asked.
    pub(crate) remote: bool,
    /// The time for all parts that other servers have.
    pub(crate) time: Duration,
}

impl Place {
    pub(super) fn of(source: &Source) -> Self {
        match source.kind() {
            Kind::Memory => Self::Nowhere,
            Kind::File => Path::new(source.name())
                .canonicalize()
                .map_or(Self::Nowhere, Self::File),
            Kind::Url => Self::Url(source.name().to_owned()),
        }
    }

    /// The base of the URIs in the file.
    pub(super) fn uri(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            // Only compared with other URIs, and never fetched.
            Self::Nowhere | Self::File(_) => "eventline:///document".to_owned(),
        }
    }
}

/// The URI that `reference` is, seen from `base`.
pub(super) fn resolved(base: &str, reference: &str) -> Option<String> {
    let base = Uri::parse(base).ok()?;
    let reference = UriRef::parse(reference).ok()?;
    let whole = reference.resolve_against(&base.strip_fragment()).ok()?;
    Some(whole.as_str().to_owned())
}

/// The place that `document`, the part of a reference before its `#`, names in the file at `from`.
pub(super) fn named(main: &Place, from: &Place, document: &str) -> Result<Place, Lost> {
    if location::is_url(document) {
        return Ok(Place::Url(document.to_owned()));
    }
    let wrong = |why: &str, cure: &str| (format!("`$ref: {document}` {why}"), cure.to_owned());
    let folder = match from {
        Place::Url(url) => {
            let whole = resolved(url, document).filter(|whole| location::is_url(whole));
            return whole
                .map(Place::Url)
                .ok_or_else(|| wrong("is no URL", "correct it"));
        }
        Place::Nowhere => {
            return Err(wrong(
                "leads to another file, and the folder of this text is not known",
                "give the document as a file instead of a pipe, or bundle it into one file",
            ));
        }
        Place::File(path) => path.parent().unwrap_or(path),
    };
    let scheme = UriRef::parse(document).is_ok_and(|uri| uri.has_scheme());
    let decoded = percent_decode_str(document).decode_utf8_lossy();
    let relative = Path::new(&*decoded);
    if scheme || relative.is_absolute() {
        return Err(wrong(
            "is not relative to this file",
            "write the path from this file, as in `./schemas/name.yaml`",
        ));
    }
    let below = |path: &Path| match main {
        Place::File(main) => main.parent().is_some_and(|top| path.starts_with(top)),
        Place::Nowhere | Place::Url(_) => false,
    };
    let outside = || {
        wrong(
            "leads out of the folder of the document",
            "keep the files of a document below its folder, or bundle it into one file",
        )
    };
    let path = normal(&folder.join(relative));
    if !below(&path) {
        return Err(outside());
    }
    let real = path.canonicalize().map_err(|error| {
        wrong(
            &format!("leads to a file that cannot be read: {error}"),
            "correct the path; it is taken from the folder of this file",
        )
    })?;
    if below(&real) {
        Ok(Place::File(real))
    } else {
        Err(outside())
    }
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

impl Access<'_> {
    /// Reads the file at `place`, which a reference of the document `main` names as `document`.
    pub(super) fn source(
        self,
        main: &Source,
        place: &Place,
        document: &str,
    ) -> Result<Source, Lost> {
        let cannot = |problem: crate::Problem| {
            (
                format!("`$ref: {document}` leads to a file that cannot be read: {problem}"),
                "correct the reference, or that file".to_owned(),
            )
        };
        match place {
            Place::Nowhere => Err((format!("`$ref: {document}` leads nowhere"), String::new())),
            Place::Url(_) if !self.remote => Err((
                format!("`$ref: {document}` leads to another server, which is not asked"),
                "allow it with `--allow-remote`, or bundle the document into one file".to_owned(),
            )),
            Place::Url(url) => location::fetch(url, self.loader, Some(self.time)).map_err(cannot),
            Place::File(path) => Source::open(&as_written(main, path)).map_err(cannot),
        }
    }
}

/// A path beside the one that the user gave for the document, so that messages show it alike.
fn as_written(main: &Source, path: &Path) -> PathBuf {
    let given = Path::new(main.name());
    let top = given.canonicalize().ok();
    let below = top.as_deref().and_then(Path::parent);
    let below = below.and_then(|top| path.strip_prefix(top).ok());
    match (given.parent(), below) {
        (Some(folder), Some(below)) => folder.join(below),
        _ => path.to_owned(),
    }
}
