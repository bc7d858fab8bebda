//! How documents are loaded.

use std::path::PathBuf;

use clap::Args;
use openapi::{Document, Problem};

/// The options of every command that reads documents.
#[derive(Debug, Clone, Args)]
pub(crate) struct Loading {
    /// Refuse a document that has flaws, and list all of them
    #[arg(long)]
    strict_document: bool,
}

impl Loading {
    /// The documents with their overlays, or the bundled ones if there are none.
    pub(crate) fn open(
        &self,
        documents: &[PathBuf],
        overlays: &[PathBuf],
    ) -> Result<Vec<Document>, Problem> {
        let documents = Document::open(documents, overlays)?;
        if self.strict_document {
            documents.iter().try_for_each(Document::without_warnings)?;
        }
        Ok(documents)
    }
}
