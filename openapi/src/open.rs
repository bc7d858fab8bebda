//! Documents and overlays from files and URLs, matched up and read.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::bundle::Access;
use crate::file_kind::FileKind;
use crate::location::{self, Loader};
use crate::operation::Operations;
use crate::origin::Origins;
use crate::source::Misfit;
use crate::tree::Tree;
use crate::version::version;
use crate::yaml::{MOST_PATHS, PATHS, TooLarge};
use crate::{Assume, Document, Problem, Source, bundle, overlay, swagger};

/// How documents are opened.
///
/// ```
/// # use openapi::OpenOptions;
/// let bundled = OpenOptions::new().strict(true).open::<&str>(&[], &[]);
/// assert_eq!(bundled.map(|documents| documents.len()).ok(), Some(2));
/// ```
#[derive(Clone, Copy, Default)]
pub struct OpenOptions<'l> {
    loader: Option<&'l dyn Loader>,
    strict: bool,
    remote: bool,
    remote_time: Option<Duration>,
    assume: Assume,
}

/// The time for all parts of a document that other servers have, unless another is given.
const REMOTE_TIME: Duration = Duration::from_mins(2);

impl<'l> OpenOptions<'l> {
    /// Files only, and flaws of a document are warnings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fetches URLs with `loader`.
    #[must_use]
    pub fn loader(self, loader: &'l dyn Loader) -> Self {
        Self {
            loader: Some(loader),
            ..self
        }
    }

    /// Refuses a document that has warnings.
    #[must_use]
    pub fn strict(self, strict: bool) -> Self {
        Self { strict, ..self }
    }

    /// Also reads the parts of a document that other servers have, with the loader.
    #[must_use]
    pub fn allow_remote(self, remote: bool) -> Self {
        Self { remote, ..self }
    }

    /// The time for all parts of a document that other servers have; two minutes unless it is given. Parts that are
    /// not read by then are warnings.
    #[must_use]
    pub fn remote_time(self, time: Duration) -> Self {
        Self {
            remote_time: Some(time),
            ..self
        }
    }

    /// Takes these guesses of how lists page for what a document says.
    #[must_use]
    pub fn assume(self, assume: Assume) -> Self {
        Self { assume, ..self }
    }

    /// A text: of a file, of standard input (`-`), or of a URL.
    pub fn source(&self, location: impl AsRef<Path>) -> Result<Source, Problem> {
        let path = location.as_ref();
        match path.to_str() {
            Some(url) if location::is_url(url) => location::fetch(url, self.loader, None),
            _ => Source::open(path),
        }
    }

    /// Reads documents and overlays and applies each overlay to its document: the only one, or the one whose
    /// stem it shares (`jobs.overlay.yaml` goes with `jobs.yaml`). A folder stands for its `openapi.yaml`.
    ///
    /// Without documents, the bundled ones are read; overlays then go on top of their own.
    pub fn open<P: AsRef<Path>>(
        &self,
        documents: &[P],
        overlays: &[P],
    ) -> Result<Vec<Document>, Problem> {
        let documents = documents.iter().map(|path| {
            let path = path.as_ref();
            self.source(location::document(path)?)
        });
        let documents: Vec<_> = documents.collect::<Result<_, _>>()?;
        let overlays = overlays.iter().map(|path| self.source(path));
        let overlays: Vec<_> = overlays.collect::<Result<_, _>>()?;
        let paired = paired(documents, overlays)?.into_iter();
        let documents = paired.map(|(document, overlays)| self.read(document, &overlays));
        let documents: Vec<_> = documents.collect::<Result<_, _>>()?;
        if self.strict {
            documents.iter().try_for_each(Document::without_warnings)?;
        }
        Ok(documents)
    }
}

/// Each document with its overlays.
fn paired(
    documents: Vec<Source>,
    overlays: Vec<Source>,
) -> Result<Vec<(Source, Vec<Source>)>, Problem> {
    let mut paired: Vec<(Source, Vec<Source>)> = if documents.is_empty() {
        crate::bundled::sources()
            .map(|(document, overlay)| (document, vec![overlay]))
            .into()
    } else {
        documents
            .into_iter()
            .map(|document| (document, Vec::new()))
            .collect()
    };
    let single = paired.len() == 1;
    let first = paired
        .first()
        .map_or_else(String::new, |(document, _)| document.stem().to_owned());
    for overlay in overlays {
        let stem = overlay.stem().to_owned();
        let pair = paired
            .iter_mut()
            .find(|(document, _)| single || document.stem() == stem);
        let Some((_, own)) = pair else {
            let message = format!("the overlay {} fits none of the documents", overlay.name());
            return Err(Problem::new(message).cure(format!(
                "name it after its document, as in `{first}.overlay.yaml`"
            )));
        };
        own.push(overlay);
    }
    Ok(paired)
}

/// Refuses a document that has too many paths when its parts are put together.
fn refuse_too_many(source: &Source, root: &Value) -> Result<(), Problem> {
    let paths = root.get(PATHS).and_then(Value::as_object);
    if paths.is_none_or(|paths| paths.len() <= MOST_PATHS) {
        return Ok(());
    }
    let why = TooLarge::Paths;
    Err(source.problem("#/paths", why.words()).cure(why.cure()))
}

impl<'l> OpenOptions<'l> {
    /// [`Document::read`] with these options.
    fn read(&self, source: Source, overlays: &[Source]) -> Result<Document, Problem> {
        if let Some(kind) = FileKind::of_text(source.text()) {
            let message = format!("not an OpenAPI document, but {}", kind.name);
            return Err(source.problem("#", message).cure(kind.cure));
        }
        let (mut root, mut warnings) = source.parse_leniently()?;
        let mut origins = Origins::default();
        let mut misfits = Vec::new();
        if bundle::is_needed(source.text()) {
            let (lost, of_files) = bundle::bundle(&source, &mut root, &mut origins, self.access());
            misfits = lost;
            warnings.extend(of_files);
        }
        if swagger::is_swagger(&root) {
            let placed = origins.problems(&source, std::mem::take(&mut misfits));
            warnings.extend(placed.into_iter().map(Problem::into_warning));
            let (converted, unlike) = swagger::convert(&source, &root, &mut origins);
            root = converted;
            warnings.extend(unlike);
        }
        refuse_too_many(&source, &root)?;
        let (version, unlike) = version(&source, &root)?;
        warnings.extend(unlike);
        for overlay in overlays {
            overlay::apply(overlay, &mut root, &mut origins)?;
        }
        let tree = Arc::new(Tree::new(source, version, root, origins));
        let known: HashSet<_> = misfits.iter().map(|one| one.pointer.clone()).collect();
        for broken in tree.root.broken() {
            if !known.contains(&broken.pointer) {
                misfits.push(Misfit {
                    pointer: broken.pointer,
                    message: broken.message,
                    cure: "declare what it names, or point it at another place of this document"
                        .to_owned(),
                });
            }
        }
        let mut operations = Operations::read(&tree, misfits);
        operations.warnings.splice(..0, warnings);
        Ok(Document::new(tree, operations).assuming(self.assume))
    }

    fn access(&self) -> Access<'l> {
        Access {
            loader: self.loader,
            remote: self.remote,
            time: self.remote_time.unwrap_or(REMOTE_TIME),
        }
    }
}

impl Document {
    /// Reads a document and applies `overlays` in turn.
    ///
    /// Fails with the place and the cure when a text is malformed, the version is not supported, or an
    /// overlay's target matches nothing. Whatever else is wrong, such as a `$ref` that leads nowhere, leaves
    /// the rest usable, and [`Document::warnings`] reports it.
    pub fn read(source: Source, overlays: &[Source]) -> Result<Self, Problem> {
        OpenOptions::new().read(source, overlays)
    }

    /// [`OpenOptions::open`] with files only.
    pub fn open<P: AsRef<Path>>(documents: &[P], overlays: &[P]) -> Result<Vec<Document>, Problem> {
        OpenOptions::new().open(documents, overlays)
    }
}
