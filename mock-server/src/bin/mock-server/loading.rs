//! How documents and other files are loaded.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use mock_server::Web;
use openapi::{Assume, Document, OpenOptions, Problem, Source};

use crate::options::seconds;

/// The options of every command that reads documents.
#[derive(Debug, Clone, Args)]
pub(crate) struct Loading {
    /// Refuse a document that has flaws, and list all of them
    #[arg(long)]
    strict_document: bool,
    /// Fetch the parts of a document that its `$ref`s name on other servers
    #[arg(long)]
    allow_remote: bool,
    /// The time for all those parts of a document together, as in `5m`
    #[arg(long, value_name = "TIME", value_parser = seconds, default_value = "2m")]
    remote_time: u64,
    /// Also take operations for lists that page by what a POST has in its body, if they surely seem to
    #[arg(long)]
    assume_posts: bool,
}

impl Loading {
    /// The documents with their overlays, or the bundled ones if there are none.
    pub(crate) fn open(
        &self,
        documents: &[PathBuf],
        overlays: &[PathBuf],
    ) -> Result<Vec<Document>, Problem> {
        OpenOptions::new()
            .strict(self.strict_document)
            .allow_remote(self.allow_remote)
            .remote_time(Duration::from_secs(self.remote_time))
            .assume(Assume {
                posts: self.assume_posts,
                ..Assume::default()
            })
            .loader(&Web)
            .open(documents, overlays)
    }
}

/// A text: of a file, of standard input (`-`), or of a URL.
pub(crate) fn source(path: &Path) -> Result<Source, Problem> {
    OpenOptions::new().loader(&Web).source(path)
}
