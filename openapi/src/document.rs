//! A document, loaded: its text with overlays applied, its operations, and the operations that page.
//!
//! Only the version, the `$ref`s and the overlays can make a text unusable. Whatever else cannot be read
//! is a warning, and the rest of the document stands.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::operation::{Operation, Operations};
use crate::origin::Origins;
use crate::paged::Paged;
use crate::tree::Tree;
use crate::version::{Version, version};
use crate::{Problem, Server, Source, overlay, references};

/// An OpenAPI document with its overlays applied. Cheap to clone.
#[derive(Clone)]
pub struct Document(Arc<Inner>);

struct Inner {
    tree: Arc<Tree>,
    operations: Operations,
    paged: OnceLock<Result<Vec<Arc<Paged>>, Problem>>,
}

impl Document {
    /// Reads a document and applies `overlays` in turn.
    ///
    /// Fails with the place and the cure when a text is malformed, the version is not supported, a `$ref`
    /// leads nowhere or only to itself, or an overlay's target matches nothing. A part that is written
    /// wrongly is left out instead, and [`Document::warnings`] reports it.
    pub fn read(source: Source, overlays: &[Source]) -> Result<Self, Problem> {
        let mut root = source.parse()?;
        let version = version(&source, &root)?;
        let mut origins = Origins::default();
        for overlay in overlays {
            overlay::apply(overlay, &mut root, &mut origins)?;
        }
        let tree = Arc::new(Tree::new(source, version, root, origins));
        references::check(&tree.root).map_err(|(pointer, message)| {
            tree.problem(&pointer, message)
                .cure("point it at a place of this document, such as `#/components/schemas/Name`; bundle other files into one document first")
        })?;
        Ok(Self(Arc::new(Inner {
            operations: Operations::read(&tree),
            tree,
            paged: OnceLock::new(),
        })))
    }

    /// The stem of the file's name, such as `wandb-training`: the name of the document.
    pub fn name(&self) -> &str {
        self.0.tree.source.stem()
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &Source {
        &self.0.tree.source
    }

    /// The version of the specification.
    pub fn version(&self) -> Version {
        self.0.tree.version
    }

    /// The value at a JSON pointer, overlays applied, `$ref`s not followed.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.tree.at(pointer)
    }

    /// Every operation, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.0.operations.read
    }

    /// The servers that it names for all operations, in its order.
    pub fn servers(&self) -> &[Server] {
        &self.0.operations.servers
    }

    /// The servers that it names for all operations, or for some.
    pub fn every_server(&self) -> impl Iterator<Item = &Server> {
        let own = self.operations().iter().flat_map(|one| &one.servers);
        self.servers().iter().chain(own)
    }

    /// What could not be read and is left out, each with its place and cure; at most a few dozen.
    pub fn warnings(&self) -> &[Problem] {
        &self.0.operations.warnings
    }

    /// The operations that page, once [`Document::contracts`] has read them.
    pub(crate) fn paged(&self) -> &OnceLock<Result<Vec<Arc<Paged>>, Problem>> {
        &self.0.paged
    }

    pub(crate) fn tree(&self) -> &Arc<Tree> {
        &self.0.tree
    }

    /// `pointer` as a citation: the file that says it, and where in that file.
    pub fn cite(&self, pointer: &str) -> String {
        let (source, inner) = self.0.tree.origin(pointer);
        format!("{}{inner}", source.name())
    }

    /// A problem at `pointer`, placed in the document or in the overlay that wrote it.
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        self.0.tree.problem(pointer, message.into())
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Document({})", self.source().name())
    }
}
