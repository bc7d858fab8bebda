//! A document, loaded: its text with overlays applied, its operations, and the operations that page.
//!
//! Only a malformed text, its version and its overlays can make a document unusable. Whatever else is wrong
//! is a warning, and the rest of the document stands.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::operation::{Operation, Operations};
use crate::paged::Paged;
use crate::tree::Tree;
use crate::version::Version;
use crate::{Assume, Problem, Server, Source};

/// An OpenAPI document with its overlays applied. Cheap to clone.
#[derive(Clone)]
pub struct Document {
    inner: Arc<Inner>,
    /// Whether problems have no line: to find one, the text is read again.
    is_quick: bool,
    /// Which guesses are taken for what it says.
    assume: Assume,
}

struct Inner {
    tree: Arc<Tree>,
    operations: Operations,
    paged: OnceLock<Result<Vec<Arc<Paged>>, Problem>>,
}

impl Document {
    pub(crate) fn new(tree: Arc<Tree>, operations: Operations) -> Self {
        Self {
            inner: Arc::new(Inner {
                tree,
                operations,
                paged: OnceLock::new(),
            }),
            is_quick: false,
            assume: Assume::default(),
        }
    }

    /// The same document; these guesses of how it pages are taken for what it says.
    #[must_use]
    pub fn assuming(self, assume: Assume) -> Self {
        Self { assume, ..self }
    }

    /// Which guesses of how it pages are taken for what it says.
    pub fn assume(&self) -> Assume {
        self.assume
    }

    /// Fails if there are warnings, and lists all of them.
    pub fn without_warnings(&self) -> Result<(), Problem> {
        let count = match self.warnings() {
            [] => return Ok(()),
            [_] => "a flaw".to_owned(),
            several => format!("{} flaws", several.len()),
        };
        let message = format!("{} has {count}", self.source().name());
        let problem = Problem::new(message).listing(self.warnings());
        Err(problem.cure("correct what is listed, or accept it by leaving out `--strict-document`"))
    }

    /// The stem of the file's name, such as `wandb-training`: the name of the document.
    pub fn name(&self) -> &str {
        self.inner.tree.source.stem()
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &Source {
        &self.inner.tree.source
    }

    /// The version of the specification.
    pub fn version(&self) -> Version {
        self.inner.tree.version
    }

    /// The value at a JSON pointer, overlays applied, `$ref`s not followed.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.inner.tree.at(pointer)
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.inner.operations.read
    }

    /// The servers that it names for all operations, in its order.
    pub fn servers(&self) -> &[Server] {
        &self.inner.operations.servers
    }

    /// The servers that it names for all operations, or for some.
    pub fn every_server(&self) -> impl Iterator<Item = &Server> {
        let own = self.operations().iter().flat_map(|one| &one.servers);
        self.servers().iter().chain(own)
    }

    /// What is wrong and leaves the rest usable, each with its place and cure; at most a few dozen.
    pub fn warnings(&self) -> &[Problem] {
        &self.inner.operations.warnings
    }

    /// The operations that page, once [`Document::contracts`] has read them.
    pub(crate) fn paged(&self) -> &OnceLock<Result<Vec<Arc<Paged>>, Problem>> {
        &self.inner.paged
    }

    pub(crate) fn tree(&self) -> &Arc<Tree> {
        &self.inner.tree
    }

    /// `pointer` as a citation: the file that says it, and where in that file.
    pub fn cite(&self, pointer: &str) -> String {
        let (source, inner) = self.inner.tree.origin(pointer);
        format!("{}{inner}", source.name())
    }

    /// A problem at `pointer`, placed in the document or in the overlay that wrote it.
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        if self.is_quick {
            return Problem::new(message);
        }
        self.inner.tree.problem(pointer, message.into())
    }

    /// The same document for questions whose problems are not shown, so they get no place.
    pub(crate) fn quick(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            is_quick: true,
            assume: self.assume,
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Document({})", self.source().name())
    }
}
