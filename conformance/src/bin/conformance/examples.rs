//! `conformance examples`: the examples of pages in documents, held to the laws that they can show.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use conformance::examples;
use openapi::{Problem, output};

use crate::loading::Loading;

/// Hold the examples of pages in documents and their overlays to the laws that one page can show, without a server.
#[derive(Debug, Args)]
pub(crate) struct Examples {
    /// The `OpenAPI` documents, instead of the bundled ones: files, folders, URLs, or `-` for standard input
    #[arg(value_name = "DOCUMENT")]
    document: Vec<PathBuf>,
    /// An overlay for the document with the same stem (or the only one); may be repeated
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    loading: Loading,
}

impl Examples {
    pub(crate) fn run(self) -> Result<ExitCode, Problem> {
        let documents = self.loading.open(&self.document, &self.overlay)?;
        crate::warn(&documents);
        let mut all = Vec::new();
        for document in &documents {
            all.extend(examples(document)?);
        }
        let mut text: String = all.iter().map(conformance::Example::text).collect();
        let wrong = all.iter().filter(|example| example.fails()).count();
        text += &match all.len() {
            0 => "the documents have no example of a page\n".to_owned(),
            1 => format!("1 example of a page, {wrong} of them wrong\n"),
            several => format!("{several} examples of pages, {wrong} of them wrong\n"),
        };
        output::print(&text)?;
        Ok(if wrong > 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}
