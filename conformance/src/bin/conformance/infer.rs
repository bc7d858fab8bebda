//! `conformance infer`: how the lists of a document seem to page.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use openapi::{Draft, Problem, Vendor, output};

use crate::loading::Loading;

/// Print an overlay that says how the lists of a document seem to page, each line with why and how sure.
#[derive(Debug, Args)]
pub(crate) struct Infer {
    /// The `OpenAPI` document: a file, a folder, a URL, or `-` for standard input
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
    /// An overlay for the document; may be repeated
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Also take what is likely but not sure, and lists that are asked for with POST
    #[arg(long)]
    all: bool,
    /// Write it in the words of others: speakeasy, fern, stainless, dropshot or ms
    #[arg(long = "as", value_name = "VENDOR")]
    vendor: Option<Vendor>,
    #[command(flatten)]
    loading: Loading,
}

impl Infer {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let documents = self.loading.open(&[self.document], &self.overlay)?;
        crate::warn(&documents);
        let texts = documents.iter().map(|document| {
            let draft = if self.all {
                Draft::of_all()
            } else {
                Draft::of(document)
            };
            document.draft(Draft {
                vendor: self.vendor,
                ..draft
            })
        });
        let text: String = texts.collect();
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
